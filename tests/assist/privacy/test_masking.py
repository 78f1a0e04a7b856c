"""What is personal is found however it is said, and what is nobody's stays."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from assist.privacy import KINDS, NUMBERS, find, mask
from assist.privacy.masking import LONGEST_LABEL
from tests.assist.privacy import grammar, marked

RECALL, PRECISION = 0.98, 0.95
_HERE = Path(__file__).parent
_BITS = (
    *"0123456789零幺二三四五六七八九十百两王李先生女士我叫姓是吗，。 \n-@.",
    *(
        "手机",
        "身份证",
        "卡号",
        "小区",
        "3栋",
        "2单元",
        "文三路",
        "12号",
        "微信",
        "生日",
        "九零年",
        "嗯",
        "［",
        "］",
        "double ",
        "seven ",
    ),
    *(f"1380000{n:04d}" for n in (0, 1234)),
)

Told = Callable[[str, object], None]


def _made() -> list[marked.Marked]:
    return [marked.parse(line) for line in (*grammar.personal(), *grammar.nobodys(), *grammar.talks())]


def _written() -> list[marked.Marked]:
    return [one for name in ("first", "later", "last") for one in marked.read(_HERE / f"written_{name}.txt")]


def test_of_sentences_made_from_parts_nearly_all_that_is_personal_is_found(record_property: Told) -> None:
    sentences = _made()
    fit = marked.fit(sentences)
    record_property("figure", f"masking, {len(sentences)} made sentences: {str(fit).splitlines()[0]}")
    assert len(sentences) >= 300
    assert fit.recall >= RECALL, str(fit)
    assert fit.precision >= PRECISION, str(fit)


def test_of_sentences_written_by_hand_nearly_all_that_is_personal_is_found(record_property: Told) -> None:
    sentences = _written()
    fit = marked.fit(sentences)
    record_property("figure", f"masking, {len(sentences)} sentences by hand: {str(fit).splitlines()[0]}")
    made = {one.text for one in _made()}
    assert sum(one.text not in made for one in sentences) >= 50
    assert fit.recall >= RECALL, str(fit)
    assert fit.precision >= PRECISION, str(fit)


@pytest.mark.parametrize("way", grammar.WAYS)
def test_no_way_of_saying_a_number_is_left_out(way: str) -> None:
    draw, say = random.Random(way), grammar.WAYS[way]
    kinds = (("phone", grammar.mobile), ("id-card", grammar.identity), ("bank-card", grammar.card))
    lines = [f"[{kind}:{say(draw, number(draw))}]" for kind, number in kinds for _ in range(20)]
    assert marked.fit(map(marked.parse, lines)).recall >= 0.95


@pytest.mark.parametrize("sentence", grammar.NOBODYS)
def test_prices_dates_and_hotlines_stay(sentence: str) -> None:
    text = sentence.format(299, 7, 15)
    assert mask(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("我手机13800001234", "我手机［电话号码］"),
        ("我手机幺三八零零零零幺二三四，你记一下", "我手机［电话号码］，你记一下"),
        ("请问是王建国先生吗", "请问是［姓名］先生吗"),
        ("身份证11010119000307007X", "身份证［身份证号］"),
        ("住在阳光花园3栋2单元501", "住在［地址］"),
    ],
)
def test_a_label_stands_where_it_was(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_labels_are_in_the_language_of_the_talk() -> None:
    assert (
        mask("My number is oh seven seven double oh nine double oh one two three", "en")
        == "My number is [phone number]"
    )


def test_only_the_kinds_asked_for_are_masked() -> None:
    assert mask("王先生13800001234", kinds=NUMBERS) == "王先生［电话号码］"


def test_an_identity_number_with_a_wrong_check_digit_is_an_order_number() -> None:
    assert mask("订单110101190003070012") == "订单110101190003070012"


def test_an_agents_own_name_stays() -> None:
    text = "您好，我是星途通信的客服小陈"
    assert find(text, "zh", ((0, len(text)),)) == ()
    assert find("我叫陈晓", "zh", ((0, 4),)) == ()
    assert [span.kind for span in find("我叫陈晓", "zh")] == ["name"]


@given(some.lists(some.sampled_from(_BITS), max_size=24).map("".join) | some.text(max_size=60))
def test_masking_never_fails_and_masking_twice_changes_nothing(text: str) -> None:
    for language in ("zh", "en"):
        once = mask(text, language)
        assert mask(once, language) == once
        assert len(once) <= len(text) * LONGEST_LABEL


@given(some.lists(some.sampled_from(_BITS), max_size=24).map("".join))
def test_spans_lie_in_the_text_and_apart(text: str) -> None:
    at = 0
    for span in find(text):
        assert span.kind in KINDS
        assert at <= span.start < span.end <= len(text)
        at = span.end


@pytest.mark.parametrize("piece", ["省", "路", "中区", "一 ", "1 ", "a@a.", "王先生", "生日", "double "])
def test_a_text_of_one_piece_over_and_over_is_read_to_its_end(piece: str) -> None:
    """A pattern that goes back over what it read would not come to an end here."""
    text = piece * 2000
    assert all(0 <= span.start < span.end <= len(text) for span in find(text))


def test_a_number_among_a_thousand_others_is_found() -> None:
    text = "一二三，" * 1000 + "。我的手机是13800001234"
    assert find(text)[-1].kind == "phone"
