"""Words, clauses and cues of spoken text."""

from hypothesis import given
from hypothesis import strategies as st

from models.language import assents, denies, is_backchannel, is_voicemail, length, read


def test_clauses_keep_their_place_and_know_their_sentence() -> None:
    clauses = read("王姐，您方便吗？我说两句。").clauses
    assert [(clause.text, clause.mark, clause.final) for clause in clauses] == [
        ("王姐", "?", False),
        ("您方便吗", "?", True),
        ("我说两句", ".".replace(".", "。"), True),
    ]
    assert "王姐，您方便吗？我说两句。"[clauses[1].start : clauses[1].end] == "您方便吗"


def test_a_decimal_and_a_title_end_no_sentence() -> None:
    assert [clause.text for clause in read("利率3.5个点。").clauses] == ["利率3.5个点"]
    assert read("Hi, Mr. Smith speaking.", "en").clauses[-1].text == "Mr. Smith speaking"


def test_cues_are_named() -> None:
    reading = read("不好意思，嗯，那个，周六下午三点给您打过去，谢谢。")
    assert reading.has("apology")
    assert reading.has("thanks")
    assert reading.has("time")
    assert reading.count("filler") == 2


def test_a_backchannel_is_nothing_but_listening() -> None:
    assert is_backchannel("嗯，对。")
    assert is_backchannel("好的好的")
    assert is_backchannel("Uh-huh, yeah.", "en")
    assert not is_backchannel("好的，周六见")
    assert not is_backchannel("")
    assert not is_backchannel("😀")


def test_yes_and_no_are_told_apart_from_enough() -> None:
    assert assents("行，那就周六吧")
    assert assents("Sure, go ahead", "en")
    assert not assents("行了行了，别说了")
    assert denies("不要，真不要")


def test_a_machine_is_no_customer() -> None:
    assert is_voicemail("您拨打的用户暂时无法接通，请稍后再拨")
    assert not is_voicemail("我在忙，晚点说")


def test_length_counts_characters_and_latin_words_only() -> None:
    assert length("好的，OK 😀！") == 3


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    for language in ("zh", "en"):
        reading = read(text, language)
        assert all(0 <= clause.start <= clause.end <= len(text) for clause in reading.clauses)
