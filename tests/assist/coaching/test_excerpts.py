"""What is said of a turn in some of its seconds."""

from assist.coaching.excerpts import excerpt
from assist.transcript import Turn, Word


def test_a_part_is_told_by_the_times_of_words():
    words = tuple(Word(text, at, at + 0.5, 1.0) for text, at in (("我", 0.0), ("叫", 0.5), ("陈", 1.0), ("晓", 1.5)))
    turn = Turn(0, "agent", 0.0, 2.0, "我叫陈晓。", words=words)
    assert excerpt(turn, 0.6, 1.3) == "…叫陈…"
