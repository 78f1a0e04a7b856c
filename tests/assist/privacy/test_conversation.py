"""Numbers that two people build up over several turns, and the seconds in which they are said."""

from assist.privacy.conversation import MARGIN, Line, find_all, muted, numbers_of, words_masked
from assist.privacy.kinds import Span
from assist.transcript import Transcript, Turn, Word


def _turn(number: int, speaker: str, text: str) -> Turn:
    """Each character a word of a tenth of a second, from second 10 · number on."""
    words = tuple(
        Word(sign, round(10.0 * number + 0.1 * at, 2), round(10.0 * number + 0.1 * at + 0.1, 2), 0.9)
        for at, sign in enumerate(text)
    )
    return Turn(number, speaker, 10.0 * number, 10.0 * number + 0.1 * len(text), text, words=words)  # type: ignore[arg-type]


def test_a_number_said_in_groups_and_repeated_by_the_listener_is_found_in_every_turn() -> None:
    lines = [
        Line("agent", "您的手机号是多少"),
        Line("customer", "幺三八"),
        Line("agent", "幺三八，对"),
        Line("customer", "零零零零幺二三四"),
        Line("agent", "好的，一个月一百三十九元"),
    ]
    assert [len(spans) for spans in find_all(lines)] == [0, 1, 1, 1, 0]
    assert numbers_of(lines) == ("13800001234",)


def test_the_agents_introduction_is_left_and_the_customers_is_masked() -> None:
    lines = [Line("agent", "我叫陈晓"), Line("customer", "我叫吴小丽"), Line("agent", "吴小丽您好")]
    assert [[span.kind for span in spans] for spans in find_all(lines)] == [[], ["name"], ["name"]]


def test_a_turn_with_a_line_break_keeps_its_places() -> None:
    assert find_all([Line("customer", "好\n13800001234")]) == ((Span("phone", 2, 13),),)


def test_the_seconds_of_a_number_are_those_of_its_words_and_a_margin() -> None:
    transcript = Transcript((_turn(1, "customer", "号码是幺三八零零零零幺二三四对"),))
    assert muted(transcript) == ((round(10.3 - MARGIN, 3), round(11.4 + MARGIN, 3)),)


def test_a_turn_without_words_is_muted_by_its_characters() -> None:
    turn = Turn(0, "customer", 0.0, 15.0, "号码是13800001234对")
    assert muted(Transcript((turn,))) == ((3.0 - MARGIN, 14.0 + MARGIN),)


def test_words_of_a_number_become_one_with_its_label() -> None:
    turn = _turn(0, "customer", "是13800001234吧")
    (spans,) = find_all([Line("customer", turn.text)])
    told = words_masked(turn, spans, "zh")
    assert [word.text for word in told] == ["是", "［电话号码］", "吧"]
    assert (told[1].start, told[1].end) == (0.1, 1.2)
