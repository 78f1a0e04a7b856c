"""What is personal in a conversation: found over all its turns together, told turn by turn."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assist.privacy import digits
from assist.privacy.kinds import KINDS, Kind, Span
from assist.privacy.masking import find, replaced
from assist.transcript import Transcript, Turn, Word

MARGIN = 0.15
"""Seconds muted before and after a word: times of words are not exact."""


@dataclass(frozen=True, slots=True)
class Line:
    speaker: str
    text: str


def find_all(
    lines: Sequence[Line], language: str = "zh", kinds: Collection[Kind] = KINDS
) -> tuple[tuple[Span, ...], ...]:
    """The spans of every line. Numbers that both sides build up over several turns are found, and an agent's own name
    said by way of introduction is left."""
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line.text) + 1
    agent = tuple(
        (start, start + len(line.text)) for start, line in zip(starts, lines, strict=True) if line.speaker == "agent"
    )
    told = find("\n".join(_flat(line.text) for line in lines), language, agent, kinds)
    return tuple(_by_line(told, starts, [len(line.text) for line in lines]))


def numbers_of(lines: Sequence[Line], language: str = "zh") -> tuple[str, ...]:
    """The personal numbers that are said, as plain digits."""
    return digits.digits_of("\n".join(_flat(line.text) for line in lines), language)


def of_turns(
    turns: Sequence[Turn], language: str = "zh", kinds: Collection[Kind] = KINDS
) -> tuple[tuple[Span, ...], ...]:
    """`find_all` of a transcript's turns."""
    return find_all([Line(turn.speaker, turn.text) for turn in turns], language, kinds)


def muted(transcript: Transcript, kinds: Sequence[Kind] = KINDS) -> tuple[tuple[float, float], ...]:
    """The seconds in which something personal is said, from … to, in order and apart. Turns without the times of words
    are measured by their characters."""
    found = []
    for turn, spans in zip(transcript.turns, of_turns(transcript.turns, transcript.language, kinds), strict=True):
        for span in spans:
            start, end = _seconds(turn, span)
            found.append((max(0.0, start - MARGIN), end + MARGIN))
    return _joined(found)


def words_masked(turn: Turn, spans: Sequence[Span], language: str) -> tuple[Word, ...]:
    """The words of a turn with a label as one word in place of those that are touched by a span."""
    out: list[Word] = []
    places = _places(turn)
    last: Span | None = None
    for word, (start, end) in zip(turn.words, places, strict=True):
        span = next((one for one in spans if start < one.end and one.start < end), None)
        if span is None:
            out.append(word)
        elif span is last:
            out[-1] = Word(out[-1].text, out[-1].start, word.end, min(out[-1].probability, word.probability))
        else:
            label = replaced("x", [Span(span.kind, 0, 1)], language)
            out.append(Word(label, word.start, word.end, word.probability))
        last = span
    return tuple(out)


def _flat(text: str) -> str:
    return text.replace("\n", " ")


def _by_line(spans: Sequence[Span], starts: Sequence[int], lengths: Sequence[int]) -> list[tuple[Span, ...]]:
    found: list[list[Span]] = [[] for _ in starts]
    number = 0
    for span in spans:
        while number + 1 < len(starts) and starts[number + 1] <= span.start:
            number += 1
        here = number
        while here < len(starts) and starts[here] < span.end:
            start, end = max(span.start - starts[here], 0), min(span.end - starts[here], lengths[here])
            if start < end:
                found[here].append(Span(span.kind, start, end))
            here += 1
    return [tuple(each) for each in found]


def _places(turn: Turn) -> list[tuple[int, int]]:
    """Where the words stand in the text of the turn; the text is its words, apart from blanks."""
    places, at = [], 0
    for word in turn.words:
        bare = word.text.strip()
        start = turn.text.find(bare, at) if bare else at
        start = at if start < 0 else start
        places.append((start, start + len(bare)))
        at = start + len(bare)
    return places


def _seconds(turn: Turn, span: Span) -> tuple[float, float]:
    inside = [
        word
        for word, (start, end) in zip(turn.words, _places(turn), strict=True)
        if start < span.end and span.start < end
    ]
    if inside:
        return min(word.start for word in inside), max(word.end for word in inside)
    size = turn.seconds / max(1, len(turn.text))
    return turn.start + span.start * size, turn.start + span.end * size


def _joined(spans: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    out: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return tuple((round(start, 3), round(end, 3)) for start, end in out)
