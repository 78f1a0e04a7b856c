"""A heard transcript with people's corrections in it. Pure; words keep the times of the sound they stand for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from assist.calls.turns import is_backchannel_text
from assist.transcript import Speaker, Transcript, Turn, Word

VERSION = "1"
"""Changes whenever the same corrections could give another transcript."""

# A Latin word or a single character, with the spaces before and the punctuation after it.
_WORD = re.compile(r"\s*(?:[A-Za-z0-9]+(?:['’.-][A-Za-z0-9]+)*|\S)[，。？！；：、….,?!]*")

_Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Change:
    """What one turn should say, and who says it. Empty text: nothing was said there."""

    text: str
    speaker: Speaker


def corrected(transcript: Transcript, changes: Mapping[int, Change]) -> Transcript:
    """The transcript with the changed turns (by id) in place; ids and times of all turns stay."""
    turns = tuple(_changed(turn, changes[turn.id]) if turn.id in changes else turn for turn in transcript.turns)
    return replace(transcript, turns=turns)


def _changed(turn: Turn, change: Change) -> Turn:
    if change.text == turn.text:
        return replace(turn, speaker=change.speaker)
    return replace(
        turn,
        speaker=change.speaker,
        text=change.text,
        confidence=1.0,
        words=_timed(turn.words, change.text),
        heard=turn.text,
        unintelligible=not change.text,
        backchannel=turn.backchannel and is_backchannel_text(change.text),
    )


def _timed(words: Sequence[Word], text: str) -> tuple[Word, ...]:
    """The words of `text` with the times of the heard words; none where nothing heard has times."""
    if not any(word.text for word in words):
        return ()
    spans = _spans(words, text)
    rows: list[Word] = []
    for found in _WORD.finditer(text):
        first, last = spans[found.start()], spans[found.end() - 1]
        rows.append(Word(found.group(), round(first[0], 2), round(last[1], 2), 1.0))
    return tuple(rows)


def _spans(words: Sequence[Word], text: str) -> list[_Span]:
    """From when to when each character of `text` is said: by the same character in what was heard, or between such."""
    heard = "".join(word.text for word in words)
    times = [span for word in words for span in _shared((word.start, word.end), len(word.text))]
    spans: list[_Span] = []
    for _, i1, i2, j1, j2 in SequenceMatcher(None, heard, text, autojunk=False).get_opcodes():
        if j2 - j1 == i2 - i1:
            spans += times[i1:i2]
        elif i1 < i2:
            spans += _shared((times[i1][0], times[i2 - 1][1]), j2 - j1)
        else:
            here = times[i1 - 1][1] if i1 else times[0][0]
            spans += [(here, here)] * (j2 - j1)
    return spans


def _shared(span: _Span, count: int) -> list[_Span]:
    step = (span[1] - span[0]) / max(count, 1)
    return [(span[0] + step * i, span[0] + step * (i + 1)) for i in range(count)]
