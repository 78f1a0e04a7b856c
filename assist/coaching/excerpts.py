"""What is said of a turn in some of its seconds."""

from dataclasses import dataclass

from assist.transcript import Speaker, Turn

_TOUCHES = 0.3
"""A turn that reaches beyond by no more than this (seconds) is taken whole."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one side says, as it may be read; seconds from the beginning of the call."""

    speaker: Speaker
    start: float
    end: float
    text: str


def excerpt(turn: Turn, start: float, stop: float) -> str:
    """What is said of a turn between two seconds: who hears no more reads no more."""
    if start - _TOUCHES <= turn.start and turn.end <= stop + _TOUCHES:
        return turn.text
    if turn.words:
        inside = [start <= (word.start + word.end) / 2 <= stop for word in turn.words]
        text = "".join(word.text for word, kept in zip(turn.words, inside, strict=True) if kept).strip()
        first, last = inside[0], inside[-1]
    else:
        size = len(turn.text) / max(turn.seconds, 0.01)
        begin, end = (max(0, min(len(turn.text), round((at - turn.start) * size))) for at in (start, stop))
        text, first, last = turn.text[begin:end], begin == 0, end == len(turn.text)
    return f"{'' if first else '…'}{text}{'' if last else '…'}" if text else ""
