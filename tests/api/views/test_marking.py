"""Which words are underlined."""

from api.views.marking import Mark, Piece, pieces


def mark(quote: str, grade: str = "good", title: str = "t") -> Mark:
    return Mark(0, 0.0, quote, "point", grade, title)


def test_only_the_words_of_the_finding_are_marked() -> None:
    assert pieces("您好，请问是王先生吗", [mark("请问是王先生吗")]) == [
        Piece("您好，"),
        Piece("请问是王先生吗", "good", "t"),
    ]


def test_where_two_findings_meet_the_worse_one_shows_and_both_are_named() -> None:
    found = pieces("一二三", [mark("一二", "good", "a"), mark("二三", "poor", "b")])
    assert found == [Piece("一", "good", "a"), Piece("二", "poor", "a · b"), Piece("三", "poor", "b")]


def test_a_quote_that_reads_otherwise_marks_the_whole_turn() -> None:
    assert pieces("千兆宽带", [mark("前照宽带")]) == [Piece("千兆宽带", "good", "t")]


def test_a_turn_without_findings_stays_plain() -> None:
    assert pieces("嗯", []) == [Piece("嗯")]


def test_nothing_is_lost_or_doubled() -> None:
    text = "我是星河通信的陈晓，给您打电话是"
    found = pieces(text, [mark("星河通信"), mark("陈晓，给您"), mark("通信的陈")])
    assert "".join(piece.text for piece in found) == text
