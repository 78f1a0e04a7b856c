"""What a single call cannot show: the same weakness over an agent's last calls, and which ordinary calls to sample.

Pure: judged calls in, weaknesses out.
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assist.analysis.findings import SKILLS, Skill
from assist.analysis.rubric import Rule

EXAMPLES = 3
"""So many examples are worth a lead's time."""
_EXACT = 1e-9
"""Floats that should be whole numbers are nearer to them than this."""


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion of a judged call: its value (0–1), its weight, and where it shows (None: nowhere in particular)."""

    value: float
    weight: float
    turn: int | None = None
    start: float | None = None

    @property
    def loss(self) -> float:
        return (1 - self.value) * self.weight


@dataclass(frozen=True, slots=True)
class Judged:
    """What is kept of one judged call to compare it with others. Without an occasion a skill is None, a criterion
    missing."""

    call_id: int
    scores: Mapping[Skill, int | None]
    lines: Mapping[tuple[Skill, str], Line]


@dataclass(frozen=True, slots=True)
class Shown:
    """One call that shows a weakness: by which criterion most clearly, and where."""

    call_id: int
    criterion: str
    turn: int | None
    start: float | None


@dataclass(frozen=True, slots=True)
class Weakness:
    """`hits` of the last `of` calls with an occasion are under the bar. `criterion` is empty where the whole skill is;
    `worst` is then the criterion that cost most. `calls` are all that show it, the latest first, `examples` the
    clearest."""

    skill: Skill
    criterion: str
    worst: str
    hits: int
    of: int
    calls: tuple[int, ...]
    examples: tuple[Shown, ...]

    @property
    def about(self) -> str:
        return f"{self.skill}/{self.criterion}" if self.criterion else self.skill


def weaknesses(rule: Rule, calls: Mapping[Skill, Sequence[Judged]]) -> tuple[Weakness, ...]:
    """At most one of each skill: the skill itself, else its costliest criterion. Calls are given per skill, the latest
    first, all with an occasion for it; the last `rule.of` of them count."""
    found = []
    for skill in SKILLS:
        last = calls.get(skill, ())[: rule.of]
        one = _skill(rule, skill, last) or _criterion(rule, skill, last)
        if one:
            found.append(one)
    return tuple(found)


def _skill(rule: Rule, skill: Skill, last: Sequence[Judged]) -> Weakness | None:
    weak = [call for call in last if _under(call.scores.get(skill), rule.below)]
    if len(weak) < rule.times:
        return None
    worst = _costliest([call.lines for call in weak], skill)
    best = sorted(weak, key=lambda call: call.scores[skill] or 0)
    shown = [_moment(call, skill) for call in best]
    return Weakness(skill, "", worst, len(weak), len(last), tuple(call.call_id for call in weak), _clearest(shown))


def _criterion(rule: Rule, skill: Skill, last: Sequence[Judged]) -> Weakness | None:
    """The criterion that cost most among those under their bar often enough."""
    if rule.criterion is None:
        return None
    repeated: list[tuple[float, str, list[Judged], int]] = []
    for name in sorted({name for call in last for part, name in call.lines if part == skill}):
        had = [call for call in last if (skill, name) in call.lines]
        weak = [call for call in had if _under(call.lines[skill, name].value * 100, rule.criterion)]
        if len(weak) >= rule.times:
            repeated.append((sum(call.lines[skill, name].loss for call in weak), name, weak, len(had)))
    if not repeated:
        return None
    _, name, weak, of = max(repeated, key=lambda one: (one[0], one[1]))
    best = sorted(weak, key=lambda call: call.lines[skill, name].value)
    shown = [Shown(call.call_id, name, *_place(call.lines[skill, name])) for call in best]
    return Weakness(skill, name, name, len(weak), of, tuple(call.call_id for call in weak), _clearest(shown))


def _under(value: float | None, bar: float | None) -> bool:
    return value is not None and bar is not None and value < bar


def _costliest(calls: Sequence[Mapping[tuple[Skill, str], Line]], skill: Skill) -> str:
    loss: dict[str, float] = {}
    for lines in calls:
        for (part, name), line in lines.items():
            if part == skill:
                loss[name] = loss.get(name, 0.0) + line.loss
    return max(sorted(loss), key=lambda name: loss[name], default="")


def _moment(call: Judged, skill: Skill) -> Shown:
    """Where a weak skill shows most: the costliest criterion that has a place, else the costliest."""
    lines = [(name, line) for (part, name), line in sorted(call.lines.items()) if part == skill]
    name, line = max(lines, key=lambda one: (one[1].start is not None, one[1].loss), default=("", Line(1, 0)))
    return Shown(call.call_id, name, *_place(line))


def _place(line: Line) -> tuple[int | None, float | None]:
    return line.turn, line.start


def _clearest(shown: Sequence[Shown]) -> tuple[Shown, ...]:
    """Those with a place to hear come first; they are given the weakest first."""
    return tuple(sorted(shown, key=lambda one: one.start is None)[:EXAMPLES])


def sampled(rule: Rule, sha256: str, seen: int, taken: int) -> bool:
    """Whether an ordinary call is taken into the sample: by the hash of its recording and of the rule, so that nobody
    chooses. `seen` of the agent's ordinary calls came before it and `taken` of them were.

    Of each run of 1 / share calls of an agent exactly one is taken, any of them as likely: every agent's sample stays
    within one call of the share, and nobody can tell which call it will be.
    """
    if not rule.share:
        return False
    run = math.floor(seen * rule.share + _EXACT)
    left = math.ceil((run + 1) / rule.share - _EXACT) - seen
    digest = hashlib.sha256(f"{sha256} {rule.version}".encode()).digest()
    chance = int.from_bytes(digest[:8], "big") / 2**64
    return taken <= run and chance < 1 / max(1, left)
