"""An agent's skills and criteria against the agent's own past: the last four weeks and the four before them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, cast

from assist.analysis.findings import SKILLS, Skill
from assist.analysis.rubric import CRITERIA
from assist.coaching.change import Change, Unit, change
from assist.coaching.measures import MET
from assist.people import access
from assist.people.users import User
from assist.store import Store, criteria
from assist.store.clock import now, stamp

DAYS = 28

Direction = Literal["better", "worse", "same", "few"]
Cells = dict[tuple[str, str], dict[int, dict[str, list[float]]]]
"""Values of (skill, criterion) by side (0 before, 1 after) and day."""


@dataclass(frozen=True, slots=True)
class Span:
    """Whole days in the site's zone, both inclusive."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Compared:
    """`criterion` is empty for the score of a skill (0–100); a criterion counts the calls that met it (0–1)."""

    skill: str
    criterion: str
    change: Change

    @property
    def direction(self) -> Direction:
        """Better or worse only where the interval leaves zero out."""
        low, high = self.change.low, self.change.high
        if low is None or high is None:
            return "few"
        return "better" if low > 0 else "worse" if high < 0 else "same"


@dataclass(frozen=True, slots=True)
class Comparison:
    before: Span
    after: Span
    skills: tuple[Compared, ...]
    criteria: tuple[Compared, ...]


def compare(store: Store, user: User, at: datetime | None = None) -> Comparison:
    """Criteria stand in the order of the skills. Raises AccessDenied."""
    access.require(user, "own.page")
    criteria.catch_up(store, user.id)
    today = (at or now()).astimezone(store.settings.zone).date()
    middle = today - timedelta(days=DAYS - 1)
    before, after = Span(middle - timedelta(days=DAYS), middle - timedelta(days=1)), Span(middle, today)
    scope = access.calls_of(user)
    values = {"agent": user.id, "since": _begin(store, before.first), "middle": _begin(store, middle)}
    values |= {"until": _begin(store, today + timedelta(days=1)), "zone": _offset(store, today)} | scope.parameters
    where = f"""c.agent_id = :agent AND c.state = 'ready' AND c.called_at >= :since AND c.called_at < :until
                AND {scope.where}"""
    scores, met = _scores(store, where, values), _met(store, where, values)
    return Comparison(
        before,
        after,
        tuple(_compared(scores, skill, "", "score") for skill in SKILLS),
        tuple(_compared(met, *pair, "share") for pair in sorted(met, key=_place)),
    )


def _place(pair: tuple[str, str]) -> tuple[int, int]:
    """Where the rubric has a criterion."""
    place = SKILLS.index(cast(Skill, pair[0]))
    known = CRITERIA[SKILLS[place]]
    return place, known.index(pair[1]) if pair[1] in known else len(known)


def _compared(cells: Cells, skill: str, criterion: str, unit: Unit) -> Compared:
    sides = cells.get((skill, criterion), {})
    before, after = ([sides[side][day] for day in sorted(sides[side])] if side in sides else [] for side in (0, 1))
    return Compared(skill, criterion, change(before, after, unit))


def _scores(store: Store, where: str, values: Mapping[str, Any]) -> Cells:
    rows = store.rows(
        f"SELECT {_SIDE} AS side, {_DAY} AS day, {', '.join(SKILLS)} FROM calls c WHERE {where}", dict(values)
    )
    return _cells(
        ((skill, ""), row["side"], row["day"], [float(row[skill])])
        for row in rows
        for skill in SKILLS
        if row[skill] is not None
    )


def _met(store: Store, where: str, values: Mapping[str, Any]) -> Cells:
    rows = store.rows(
        f"""SELECT {_SIDE} AS side, {_DAY} AS day, k.skill, k.criterion, count(*) AS calls, sum(k.value >= {MET}) AS met
            FROM calls c CROSS JOIN call_criteria k ON k.call_id = c.id
            WHERE {where} GROUP BY 1, 2, 3, 4""",
        dict(values),
    )
    return _cells(
        (
            (row["skill"], row["criterion"]),
            row["side"],
            row["day"],
            [1.0] * row["met"] + [0.0] * (row["calls"] - row["met"]),
        )
        for row in rows
        if row["skill"] in SKILLS
    )


_SIDE = "c.called_at >= :middle"
_DAY = "date(c.called_at, :zone)"


def _cells(found: Iterable[tuple[tuple[str, str], int, str, list[float]]]) -> Cells:
    cells: Cells = {}
    for key, side, day, values in found:
        cells.setdefault(key, {}).setdefault(side, {}).setdefault(day, []).extend(values)
    return cells


def _begin(store: Store, day: date) -> str:
    return stamp(datetime.combine(day, time(), store.settings.zone))


def _offset(store: Store, day: date) -> str:
    """The zone as SQLite's dates take it; an hour of summer time more or less moves no call worth counting."""
    offset = datetime.combine(day, time(12), store.settings.zone).utcoffset() or timedelta()
    return f"{int(offset.total_seconds() // 60):+d} minutes"
