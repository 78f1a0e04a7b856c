"""How far machine and leads agree, and leads among one another, on calls scored blind; the calls behind each number."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any, Literal

from assist.analysis.findings import SKILLS
from assist.analysis.kappa import Error, Kappa, error, kappa
from assist.analysis.scale import STEPS, step_of
from assist.people import access
from assist.people.users import User
from assist.store import Store
from assist.store.clock import moment, stamp

FEW = 10
"""Under so many calls no agreement is told: chance would speak louder."""

Against = Literal["machine", "lead"]


@dataclass(frozen=True, slots=True)
class Filters:
    """`mine`: only what the user scored. `since` ≤ scored at < `until`."""

    mine: bool = False
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two judgements of one call: `first` the machine or the first lead, `second` a lead. Points, or a criterion's 0–1;
    None where one saw no occasion."""

    call_id: int
    called_at: datetime
    agent: str
    first_by: str
    first: float | None
    second_by: str
    second: float | None
    scored_at: datetime

    @property
    def gap(self) -> float | None:
        return None if self.first is None or self.second is None else self.first - self.second


@dataclass(frozen=True, slots=True)
class Agreement:
    """On one skill or criterion. `n` calls both scored, `occasion` those in which only one saw an occasion.

    `error` and `kappa` are None where there are too few; `kappa` also for criteria and where all said the same.
    """

    skill: str
    criterion: str
    n: int
    occasion: int
    error: Error | None
    kappa: Kappa | None

    @property
    def few(self) -> bool:
        return self.n < FEW


def with_machine(store: Store, user: User, filters: Filters | None = None) -> list[Agreement]:
    """Machine against leads, by skill. Raises AccessDenied."""
    rows = _rows(store, user, filters or Filters(), "m.criterion = ''")
    return [_agreement(skill, "", _machine_pairs(rows, skill, "")) for skill in SKILLS]


def among_leads(store: Store, user: User, filters: Filters | None = None) -> list[Agreement]:
    """Leads against each other, by skill, on calls that two or more scored. Raises AccessDenied."""
    rows = _rows(store, user, filters or Filters(), "m.criterion = ''")
    return [_agreement(skill, "", _lead_pairs(rows, skill, user, filters)) for skill in SKILLS]


def criteria(store: Store, user: User, filters: Filters | None = None) -> list[Agreement]:
    """Machine against leads by criterion, those that differ most first. Raises AccessDenied."""
    rows = _rows(store, user, filters or Filters(), "m.criterion <> ''")
    names = sorted({(row["skill"], row["criterion"]) for row in rows})
    found = [_agreement(skill, name, _machine_pairs(rows, skill, name), least=1) for skill, name in names]
    return sorted(found, key=lambda one: (one.few, -(one.error.mean if one.error else 0.0), one.skill, one.criterion))


def pairs(
    store: Store, user: User, skill: str, criterion: str, against: Against, filters: Filters | None = None
) -> list[Pair]:
    """The calls behind a number, those that differ most first. Raises AccessDenied."""
    filters = filters or Filters()
    rows = _rows(
        store, user, filters, "m.skill = :skill AND m.criterion = :criterion", skill=skill, criterion=criterion
    )
    found = _machine_pairs(rows, skill, criterion)
    if against == "lead":
        found = _lead_pairs(rows, skill, user, filters)
    return sorted(found, key=lambda one: (one.gap is not None, -abs(one.gap or 0.0), -one.call_id))


def total(store: Store, user: User, filters: Filters | None = None) -> int:
    """How many scores there are to compare. Raises AccessDenied."""
    rows = _rows(store, user, filters or Filters(), "m.criterion = '' AND m.skill = 'opening'")
    mine = filters is not None and filters.mine
    return sum(not mine or row["user_id"] == user.id for row in rows)


def _rows(store: Store, user: User, filters: Filters, which: str, **facts: str) -> list[dict[str, Any]]:
    """The marks on calls that the user may read; with `mine` those of calls that the user scored too."""
    access.require(user, "call.blind-score")
    scope = access.calls_of(user)
    mine = "AND s.call_id IN (SELECT call_id FROM blind_scores WHERE user_id = :who AND state = 'scored')"
    return store.rows(
        f"""SELECT s.call_id, s.user_id, w.name AS by, s.scored_at, c.called_at, coalesce(a.name, '') AS agent,
                   m.skill, m.criterion, m.value, m.machine, :mine AND s.user_id <> :who AS others
            FROM blind_scores s JOIN blind_marks m ON m.blind_id = s.id JOIN calls c ON c.id = s.call_id
            JOIN users w ON w.id = s.user_id LEFT JOIN users a ON a.id = c.agent_id
            WHERE s.state = 'scored' AND s.scored_at >= :since AND s.scored_at < :until
              AND {which} AND {scope.where} {mine if filters.mine else ""}
            ORDER BY s.call_id, s.user_id""",
        facts
        | scope.parameters
        | {
            "who": user.id,
            "mine": int(filters.mine),
            "since": stamp(filters.since) if filters.since else "",
            "until": stamp(filters.until) if filters.until else "9999",
        },
    )


def _machine_pairs(rows: Iterable[dict[str, Any]], skill: str, criterion: str) -> list[Pair]:
    return [
        _pair(row, "", row["machine"], row)
        for row in rows
        if (row["skill"], row["criterion"]) == (skill, criterion) and not row["others"]
    ]


def _lead_pairs(rows: Iterable[dict[str, Any]], skill: str, user: User, filters: Filters | None) -> list[Pair]:
    """Every two of a call's scorers; with `mine` the user is the first of them."""
    by_call: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["skill"] == skill:
            by_call[row["call_id"]].append(row)
    mine = filters is not None and filters.mine
    found = []
    for scores in by_call.values():
        for one, other in combinations(sorted(scores, key=lambda row: (row["user_id"] != user.id, row["user_id"])), 2):
            if not mine or user.id == one["user_id"]:
                found.append(_pair(one, one["by"], one["value"], other))
    return found


def _pair(row: dict[str, Any], first_by: str, first: float | None, other: dict[str, Any]) -> Pair:
    return Pair(
        call_id=row["call_id"],
        called_at=moment(row["called_at"]),
        agent=row["agent"],
        first_by=first_by,
        first=first,
        second_by=other["by"],
        second=other["value"],
        scored_at=moment(other["scored_at"]),
    )


def _agreement(skill: str, criterion: str, found: Sequence[Pair], least: int = FEW) -> Agreement:
    both = [(one.first, one.second) for one in found if one.first is not None and one.second is not None]
    occasion = sum((one.first is None) != (one.second is None) for one in found)
    enough = len(both) >= least
    steps = [(first, second) for one, other in both if (first := step_of(one)) and (second := step_of(other))]
    return Agreement(
        skill=skill,
        criterion=criterion,
        n=len(both),
        occasion=occasion,
        error=error(both) if enough else None,
        kappa=kappa(steps, STEPS) if enough and not criterion else None,
    )
