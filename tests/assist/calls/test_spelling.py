from dataclasses import replace

import pytest

from assist.calls.pieces import Piece
from assist.calls.spelling import respelled
from assist.scripts.library import Library, Point, Stage
from assist.transcript import Word

SCRIPT = (Stage("opening", "开场白", (Point("upgrade", "提速", ("给您把宽带升级到千兆，费用不变",)),)),)
LIBRARY = Library("fibre", "宽带", SCRIPT, company=("星图通信",), terms=("千照",))
# What any call is full of: a call of one sentence is too short to know it for sales talk.
AROUND = (
    "您好，请问是机主本人吗？",
    "我现在没时间，你晚点再打过来吧。",
    "好的，那我就不打扰您了，祝您生活愉快，再见。",
) * 4


def piece(text: str, probability: float, *, unintelligible: bool = False) -> Piece:
    words = tuple(Word(c, i * 0.1, i * 0.1 + 0.1, probability) for i, c in enumerate(text))
    return Piece(0, 0.0, 1.0, words, unintelligible=unintelligible)


def found(text: str, probability: float = 0.5, library: Library = LIBRARY, **how: bool) -> Piece:
    """The piece as it is spelled in the middle of a call."""
    call = [piece(around, 1.0) for around in AROUND]
    return respelled([*call, piece(text, probability, **how)], library)[-1]


@pytest.mark.parametrize(
    ("heard", "meant"),
    [("您现在方便嘛。", "您现在方便吗。"), ("你是水啊，", "你是谁啊，"), ("我没有失间，", "我没有时间，")],
)
def test_everyday_words_of_calls_are_spelled_as_meant(heard: str, meant: str) -> None:
    assert found(heard).text == meant


def test_times_stay_and_what_was_heard_is_kept() -> None:
    here = found("您现在方便嘛。")
    assert here.heard == "您现在方便嘛。"
    assert [(w.start, w.end, w.probability) for w in here.words] == [
        (w.start, w.end, w.probability) for w in piece("您现在方便嘛。", 0.5).words
    ]


def test_the_first_hearing_is_kept_where_a_term_was_put_right_before() -> None:
    call = [piece(around, 1.0) for around in AROUND]
    one = replace(piece("千照方便嘛。", 0.5), heard="前照方便嘛。")
    assert respelled([*call, one], LIBRARY)[-1].heard == "前照方便嘛。"


@pytest.mark.parametrize("text", [*AROUND[:3], "这个月的话费有点多。", "孩子在校区门口。", "他是做什么的？"])
def test_what_recognition_is_sure_of_stays(text: str) -> None:
    assert found(text, 0.999).heard is None


def test_what_the_library_writes_so_stays_so() -> None:
    assert found("这里是星图通信，给您升级到千照。", 0.1).text == "这里是星图通信，给您升级到千照。"


@pytest.mark.parametrize(
    ("text", "name"),
    [("我叫章晓敏，", "章晓敏"), ("免贵姓仗。", "仗"), ("我是邱实。", "邱实"), ("请问是章小姐吗", "章"),
     ("请问是汪晓闽先生吗", "汪晓闽"), ("我是客服小谭，", "谭")],
)  # fmt: skip
def test_names_of_people_stay_as_heard(text: str, name: str) -> None:
    assert name in found(text, 0.05).text


@pytest.mark.parametrize("text", ["一共是二十四块九。", "电话是幺三八零九九二。", "每月 199 元。"])
def test_figures_stay_and_none_is_made_of_words(text: str) -> None:
    assert found(text, 0.05).text == text


@pytest.mark.parametrize("text", ["就是，", "没有啊，", "是是，", "吧。"])
def test_no_word_becomes_a_figure(text: str) -> None:
    assert not set(found(text, 0.01).text) & set("零二三四五六七八九十百千万亿")


def test_talk_of_another_kind_stays_as_heard() -> None:
    news = ["股指期货震荡收跌，创业板指逆势飘红。", "台风登陆沿海，渔船回港壁风。"] * 6
    assert [one.heard for one in respelled([piece(text, 0.3) for text in news], LIBRARY)] == [None] * 12


def test_a_recording_of_one_sentence_is_too_short_to_know() -> None:
    assert respelled([piece("方便嘛。", 0.5)], LIBRARY)[0].heard is None


def test_what_cannot_be_understood_and_other_languages_stay() -> None:
    assert found("您现在方便嘛。", unintelligible=True).heard is None
    english = Library("x", "x", (), language="en")
    assert found("您现在方便嘛。", library=english).heard is None
    assert respelled([], LIBRARY) == []


def test_the_same_call_is_spelled_the_same_again() -> None:
    assert found("您现在方便嘛，你是水啊。") == found("您现在方便嘛，你是水啊。")
