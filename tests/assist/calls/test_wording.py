import pytest

from assist.calls.wording import readable
from assist.transcript import Word


def words(*parts: tuple[str, float, float]) -> list[Word]:
    return [Word(text, start, end, 0.9) for text, start, end in parts]


def said(text: str) -> str:
    return "".join(
        word.text for word in readable([Word(c, i * 0.2, i * 0.2 + 0.2, 0.9) for i, c in enumerate(text)], "zh")
    )


def test_traditional_becomes_simplified() -> None:
    assert said("我們這邊有個優惠") == "我们这边有个优惠。"


def test_a_question_is_marked() -> None:
    assert said("您現在方便嗎").endswith("？")
    assert said("您平時用什麼套餐").endswith("？")


def test_a_statement_with_a_question_word_is_none() -> None:
    assert said("没什么").endswith("。")


def test_pauses_become_marks() -> None:
    row = readable(
        words(("好", 0, 0.2), ("的", 0.2, 0.4), ("那", 0.8, 1.0), ("行", 1.0, 1.2), ("再", 2.4, 2.6), ("见", 2.6, 2.8)),
        "zh",
    )
    assert "".join(word.text for word in row) == "好的，那行。再见。"


def test_half_width_marks_and_spaces_are_chinese_marks() -> None:
    assert (
        "".join(
            w.text for w in readable(words(("好", 0, 0.2), (",", 0.2, 0.2), ("行", 0.2, 0.4), (" 那", 0.4, 0.6)), "zh")
        )
        == "好，行，那。"
    )


def test_english_keeps_its_spaces() -> None:
    row = readable(words((" How", 0, 0.2), (" are", 0.2, 0.4), (" you?", 0.4, 0.6)), "en")
    assert "".join(word.text for word in row).strip() == "How are you?"


@pytest.mark.parametrize("clause", ["您家几个人", "是不是信号不好", "您看行吗", "您呢", "方便不方便"])
def test_what_asks_gets_its_mark(clause: str) -> None:
    assert said(clause) == clause + "？"


@pytest.mark.parametrize("clause", ["随便什么都行", "我不知道", "谁都可以", "我们给您介绍"])
def test_what_tells_gets_none(clause: str) -> None:
    assert said(clause) == clause + "。"
