"""Whether a clause of recognised Mandarin asks, and how: cues of sound and place, each with what it weighs.

Recognition on the telephone loses marks and particles and writes by ear (那 for 哪, 随 for 谁, 吗 for 嘛), so no single
cue decides. A cue is a run of one to four syllables or characters at an end of the clause or inside it, what the rules
of `asking_zh` say, V不V by its sound, and where the clause stands. The weights are those of a multinomial logistic
regression with an L1 penalty; `bench/asking.py` fits them on invented calls damaged as recognition damages them.
"""

import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from models import asking_zh, sound
from models.language import Clause

Kind = Literal["open", "closed"]

WEIGHTS = Path(__file__).with_name("asking_heard.json")
SURE, SURE_MARKED = 0.4, 0.3
"""A clause asks from this chance on; a question mark that recognition wrote tells little. Chosen on practice calls left
out: 0.3 to 0.5 differ by 0.01 in f1."""

_AND_YOU = re.compile("(?:那|可)?(?:[您你](?:家|们)?|[他她]|孩子)呢")
"""Too short for cues of sound to say anything."""
_SOUND_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("r", "l"))
_SAME_SOUND = 0.35
_CERTAIN = 50.0
"""Odds beyond this change nothing; those of an endless clause could not be counted with."""
_LONGEST = 14
_FAR = 3


@dataclass(frozen=True, slots=True)
class Weights:
    """`cues[cue]` is what it adds to the odds of an open and of a closed question over none; `bias` is before any."""

    bias: tuple[float, float]
    cues: dict[str, tuple[float, float]]

    def chances(self, cues: Sequence[str]) -> tuple[float, float]:
        """The chances (0–1) that a clause asks openly and that it asks narrowly."""
        found = [self.cues[cue] for cue in cues if cue in self.cues]
        odds = (self.bias[i] + sum(weight[i] for weight in found) for i in (0, 1))
        open_, closed = (math.exp(min(_CERTAIN, one)) for one in odds)
        whole = 1.0 + open_ + closed
        return open_ / whole, closed / whole


@cache
def weights() -> Weights:
    stored = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    first, second = stored["bias"]
    return Weights((first, second), {cue: (one, two) for cue, (one, two) in stored["cues"].items()})


def kinds(clauses: Sequence[Clause], marked: Sequence[bool]) -> list[Kind | None]:
    """The kind of each clause of a turn, None where it asks nothing. `clauses` without question marks; `marked` says
    where one was written."""
    found: list[Kind | None] = []
    for clause, cues, mark in zip(clauses, cues_of(clauses), marked, strict=True):
        open_, closed = weights().chances(cues)
        asks = open_ + closed >= (SURE_MARKED if mark else SURE) or _AND_YOU.fullmatch(clause.text)
        found.append(("open" if open_ > closed else "closed") if asks else None)
    return found


def cues_of(clauses: Sequence[Clause]) -> list[list[str]]:
    """The cues of each clause of a turn, each once, in order."""
    ruled = asking_zh.kinds(clauses, surely=False)
    sounds = [tuple(_folded(one) for one in sound.syllables(clause.text)) for clause in clauses]
    return [
        sorted({*_own(clause, sounds[i], ruled[i], len(clauses) - 1 - i), *_around(i, sounds, ruled)})
        for i, clause in enumerate(clauses)
    ]


def _own(clause: Clause, sounds: Sequence[str], ruled: Kind | None, left: int) -> Iterator[str]:
    text = re.sub(r"[^\w]", "", clause.text)
    place = "last" if not left else "final" if clause.final else "inner"
    yield from (place, f"rule {ruled}", f"rule {ruled} {place}", f"left {min(left, _FAR)}")
    yield f"length {min(len(text), _LONGEST) // 2}"
    yield from (f"{place} {_run(sounds[-n:])}$" for n in (1, 2) if len(sounds) >= n)
    yield from _runs(sounds, 3)
    yield from _runs(tuple(text), 2)
    yield from _a_not_a(sounds)


def _runs(signs: Sequence[str], longest: int) -> Iterator[str]:
    """Runs at the end (to one sign longer), at the start, inside, and near the end."""
    yield from (f"{_run(signs[-n:])}$" for n in range(1, longest + 2) if len(signs) >= n)
    yield from (f"^{_run(signs[:n])}" for n in range(1, longest + 1) if len(signs) >= n)
    for n in range(1, longest + 1):
        for first in range(len(signs) - n + 1):
            run = _run(signs[first : first + n])
            yield run
            if len(signs) - first - n <= _FAR:
                yield f"{run}…"


def _a_not_a(sounds: Sequence[str]) -> Iterator[str]:
    """V不V or V没V, also where the verb was not written the same twice."""
    for first, (one, between, other) in enumerate(zip(sounds, sounds[1:], sounds[2:], strict=False)):
        if between not in ("bu", "mei"):
            continue
        if one == other:
            yield from ("A not A", f"A not A {min(_FAR, len(sounds) - first - 3)}")
        elif sound.syllable_distance(one, other) < _SAME_SOUND:
            yield "A not nearly A"


def _around(place: int, sounds: Sequence[Sequence[str]], ruled: Sequence[Kind | None]) -> Iterator[str]:
    """The clauses before and after, of the same turn."""
    if place:
        yield from (f"after {_run(sounds[place - 1][-2:])}", f"after rule {ruled[place - 1]}")
    else:
        yield "first"
    if place + 1 < len(sounds):
        following = sounds[place + 1]
        yield from (f"before {_run(following[:2])}", f"before {_run(following[:1])}", f"before rule {ruled[place + 1]}")


def _run(signs: Sequence[str]) -> str:
    return " ".join(signs)


@lru_cache(maxsize=2048)
def _folded(syllable: str) -> str:
    """One spelling for syllables that a telephone and many speakers do not tell apart."""
    for one, other in _SOUND_ALIKE:
        if syllable.startswith(one):
            syllable = other + syllable[len(one) :]
            break
    return re.sub(r"(?<=[aeiou])ng$", "n", syllable)
