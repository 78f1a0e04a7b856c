"""Who holds the floor: the turns that count, without back-channels and unintelligible stretches, in order of time.

Built once per call; questions, delivery, outcome and scores read the call through it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from assist.analysis.findings import Evidence
from assist.transcript import Speaker, Transcript, Turn, Word
from models import asking, language

CHARACTERS_PER_SECOND = 4.5
"""Usual pace of spoken Chinese (270 characters a minute): how long a turn without times takes."""


@dataclass(frozen=True)
class Floor:
    """The turns of a call that count in metrics, and what lies around each."""

    transcript: Transcript

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """Turns of agent and customer that carry something, in order of start."""
        kept: list[Turn] = []
        for turn in sorted(self.transcript.turns, key=lambda turn: (turn.start, turn.id)):
            if self._carries(turn, kept[-1] if kept else None):
                kept.append(turn)
        return tuple(kept)

    def _carries(self, turn: Turn, last: Turn | None) -> bool:
        if turn.backchannel or turn.unintelligible or turn.speaker == "unknown":
            return False
        if not language.length(turn.text):
            return False
        return not self._only_listens(turn, last)

    def _only_listens(self, turn: Turn, last: Turn | None) -> bool:
        """嗯 or 好的 while the other talks on; after a question the same words are an answer."""
        if not language.is_backchannel(turn.text, self.language):
            return False
        return last is None or last.speaker == turn.speaker or not asking.questions(last.text, self.language)

    @property
    def language(self) -> str:
        return self.transcript.language

    @cached_property
    def places(self) -> dict[int, int]:
        """Turn id → place in `turns`."""
        return {turn.id: place for place, turn in enumerate(self.turns)}

    @cached_property
    def by_id(self) -> dict[int, Turn]:
        """Every turn of the transcript by its id."""
        return {turn.id: turn for turn in self.transcript.turns}

    def of(self, speaker: Speaker) -> tuple[Turn, ...]:
        return tuple(turn for turn in self.turns if turn.speaker == speaker)

    def place(self, turn_id: int) -> int:
        """Where a turn stands among `turns`; a turn that does not count stands where it would."""
        if turn_id in self.places:
            return self.places[turn_id]
        turn = self.by_id.get(turn_id)
        if turn is None:
            return len(self.turns)
        return sum((other.start, other.id) < (turn.start, turn.id) for other in self.turns)

    def after(self, turn_id: int) -> tuple[Turn, ...]:
        """The turns after this one."""
        place = self.place(turn_id)
        return self.turns[place + (turn_id in self.places) :]

    def before(self, turn_id: int) -> tuple[Turn, ...]:
        return self.turns[: self.place(turn_id)]

    @cached_property
    def speech_seconds(self) -> float:
        """Time in which anybody speaks; estimated from the text where turns carry no times."""
        return self.transcript.speech_seconds or sum(spoken_seconds(turn) for turn in self.transcript.turns)

    @cached_property
    def _elapsed(self) -> tuple[float, ...]:
        return (0.0, *accumulate(spoken_seconds(turn) for turn in self.turns))

    def elapsed(self, turn_id: int) -> float:
        """Seconds of speech before this turn starts."""
        return self._elapsed[self.place(turn_id)]

    def runs(self) -> tuple[tuple[Turn, ...], ...]:
        """Neighbouring turns of one speaker, merged."""
        merged: list[list[Turn]] = []
        for turn in self.turns:
            if merged and merged[-1][0].speaker == turn.speaker:
                merged[-1].append(turn)
            else:
                merged.append([turn])
        return tuple(tuple(run) for run in merged)


def spoken_seconds(turn: Turn) -> float:
    """How long a turn lasts; estimated from its length where it carries no times."""
    return turn.seconds or language.length(turn.text) / CHARACTERS_PER_SECOND


def span_seconds(run: Iterable[Turn]) -> float:
    """From the start to the end of a run, or its estimated length where times are missing or odd."""
    turns = tuple(run)
    span = max(turn.end for turn in turns) - min(turn.start for turn in turns)
    return span if span > 0 else sum(spoken_seconds(turn) for turn in turns)


def evidence(turn: Turn, start: int = 0, end: int | None = None) -> Evidence:
    """The characters `start`…`end` of a turn, with the seconds in which they were said.

    Word times are used where the turn has them, else the time is shared out over the characters.
    """
    end = len(turn.text) if end is None else end
    quote = turn.text[start:end].strip()
    first, last = _seconds(turn, start, end)
    return Evidence(turn.id, first, max(first, last), quote)


def _seconds(turn: Turn, start: int, end: int) -> tuple[float, float]:
    """When the characters begin and end: those at an edge of the turn with it, others with the words they stand in."""
    length = max(1, len(turn.text))
    spoken = _words_of(turn, start, end)
    if not spoken:
        return turn.start + min(1.0, start / length) * turn.seconds, turn.start + min(1.0, end / length) * turn.seconds
    first = turn.start if start <= 0 else _within(turn, spoken[0].start)
    return first, turn.end if end >= length else _within(turn, spoken[-1].end)


def _words_of(turn: Turn, start: int, end: int) -> tuple[Word, ...]:
    """The words that hold these characters; by their share of the turn where its text is not that of its words."""
    count = len(turn.words)
    if not count:
        return ()
    ends: list[float] = list(accumulate(len(word.text) for word in turn.words))
    if ends[-1] != len(turn.text):
        ends = [place * len(turn.text) / count for place in range(1, count + 1)]
    first = min(bisect_right(ends, start), count - 1)
    return turn.words[first : max(bisect_left(ends, end), first) + 1]


def _within(turn: Turn, second: float) -> float:
    return min(max(second, turn.start), max(turn.start, turn.end))
