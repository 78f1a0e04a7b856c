"""What calls say about a talk track: how a judgement shifts under another one, rates with honest intervals, and what
customers say that no entry covers. Pure: judgements and vectors in, figures out."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from assist.ports import Vectors

MINIMUM = 20
"""Calls below which a rate is shown as counts only and nothing is claimed."""
_Z = 1.96
SCORES = ("opening", "questioning", "rejection_handling", "overall")

Kind = Literal["point", "objection", "forbidden", "flag"]
Claim = Literal["more", "less", ""]


@dataclass(frozen=True, slots=True)
class Rate:
    """`hits` of `total`, with the 95 % Wilson interval; `value` is None below MINIMUM."""

    hits: int
    total: int

    @property
    def value(self) -> float | None:
        return self.hits / self.total if self.total >= MINIMUM else None

    @property
    def interval(self) -> tuple[float, float]:
        """(low, high); (0, 1) where there is nothing."""
        return wilson(self.hits, self.total)


def wilson(hits: int, total: int, z: float = _Z) -> tuple[float, float]:
    """The Wilson score interval of a share."""
    if total == 0:
        return 0.0, 1.0
    share, spread = hits / total, z * z / total
    middle = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / total + spread / (4 * total)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def claim(one: Rate, other: Rate) -> Claim:
    """Whether something happens more or less often here than there: only where both have enough calls and the interval
    of the difference (Newcombe's) leaves zero out. It goes together with it; it need not be the cause."""
    if one.value is None or other.value is None:
        return ""
    (low, high), (other_low, other_high) = one.interval, other.interval
    apart = one.value - other.value
    below = apart - math.hypot(one.value - low, other_high - other.value)
    above = apart + math.hypot(high - one.value, other.value - other_low)
    return "more" if below > 0 else "less" if above < 0 else ""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something one judgement finds and the other does not: `was` and `now` are what it is called on each side (empty:
    not found), with the turn that shows it."""

    kind: Kind
    id: str
    was: str
    now: str
    turn: int | None
    start: float | None
    quote: str


@dataclass(frozen=True, slots=True)
class Shift:
    """How one call's judgement changes. `scores` holds (before, after) of those that differ."""

    differences: tuple[Difference, ...]
    scores: Mapping[str, tuple[int | None, int | None]]

    @property
    def same(self) -> bool:
        return not self.differences and not self.scores


def shift(before: Mapping[str, Any], after: Mapping[str, Any]) -> Shift:
    """Between two `assist-analysis/1` documents of one call."""
    found = (*_points(before, after), *_objections(before, after), *_forbidden(before, after), *_flags(before, after))
    scores = {name: (_score(before, name), _score(after, name)) for name in SCORES}
    return Shift(found, {name: pair for name, pair in scores.items() if pair[0] != pair[1]})


def _points(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Points that are got across on one side only; `partial` counts as found."""
    was, now = ({point["id"]: point for point in side.get("points", ())} for side in (before, after))
    changes = []
    for name in dict.fromkeys((*now, *was)):
        old, new = _found(was.get(name)), _found(now.get(name))
        if bool(old) != bool(new):
            changes.append(_difference("point", name, old, new, now[name] if new else was[name]))
    return changes


def _found(point: Mapping[str, Any] | None) -> str:
    return str(point["status"]) if point and point["status"] != "missed" else ""


def _objections(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Turns of the customer that are heard as an objection on one side only, or as another one."""
    was, now = ({one["turn"]: one for one in side.get("objections", ())} for side in (before, after))
    changes = []
    for turn in sorted({*was, *now}):
        old, new = (str(side[turn]["id"]) if turn in side else "" for side in (was, now))
        if old != new:
            changes.append(_difference("objection", new or old, old, new, now.get(turn) or was[turn]))
    return changes


def _forbidden(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    was, now = ({item["id"]: item for item in side.get("forbidden", ())} for side in (before, after))
    return [
        _difference("forbidden", name, "said" if name in was else "", "said" if name in now else "",
                    now.get(name) or was[name])
        for name in sorted({*was, *now})
        if (name in was) != (name in now)
    ]  # fmt: skip


def _flags(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    was, now = ({flag["rule"]: flag for flag in side.get("flags", ())} for side in (before, after))
    changes = []
    for rule in sorted({*was, *now}):
        old, new = (str(side[rule]["severity"]) if rule in side else "" for side in (was, now))
        if old != new:
            flag = now.get(rule) or was[rule]
            place = {"turn": next(iter(flag["turns"]), None), "start": None, "quote": flag["reason"]}
            changes.append(_difference("flag", rule, old, new, place))
    return changes


def _difference(kind: Kind, name: str, was: str, now: str, place: Mapping[str, Any]) -> Difference:
    return Difference(kind, name, was, now, place.get("turn"), place.get("start"), place.get("quote") or "")


def _score(report: Mapping[str, Any], name: str) -> int | None:
    value: int | None = report["scores"][name]["value"]
    return value


@dataclass(frozen=True, slots=True)
class Group:
    """Texts of one meaning, by their numbers, the most typical first; `tight` is their mean likeness to it (0–1)."""

    members: tuple[int, ...]
    tight: float


def grouped(vectors: Vectors, likeness: float = 0.72, most: int = 50) -> tuple[Group, ...]:
    """Unit vectors (n, d) in groups by meaning, the largest first.

    Groups grow round the texts that have the most like them, each text in one group; those alike nobody else stay
    alone. The same vectors give the same groups.
    """
    if len(vectors) == 0:
        return ()
    alike = np.asarray(vectors @ vectors.T) >= likeness
    free = np.ones(len(vectors), dtype=bool)
    found: list[Group] = []
    while free.any() and len(found) < most:
        counts = (alike & free[None, :]).sum(axis=1) * free
        members = np.flatnonzero(alike[int(counts.argmax())] & free)
        found.append(_around_middle(vectors, members))
        free[members] = False
    return tuple(sorted(found, key=lambda group: (-len(group.members), group.members)))


def _around_middle(vectors: Vectors, members: Any) -> Group:
    middle = vectors[members].mean(axis=0)
    near = vectors[members] @ (middle / max(float(np.linalg.norm(middle)), 1e-9))
    order = sorted(range(len(members)), key=lambda number: (-float(near[number]), int(members[number])))
    return Group(tuple(int(members[number]) for number in order), round(float(near.mean()), 3))


def nearest(text: Vectors, wordings: Vectors) -> tuple[int, float]:
    """(number, likeness) of the wording a text (d,) is nearest to."""
    near = wordings @ text
    best = int(near.argmax())
    return best, float(near[best])


def mean(values: Iterable[float | None]) -> float | None:
    """The mean of what there is; None for nothing."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def counted(names: Sequence[str]) -> dict[str, int]:
    """How often each name occurs, the most frequent first."""
    return {name: names.count(name) for name in sorted(set(names), key=lambda name: (-names.count(name), name))}
