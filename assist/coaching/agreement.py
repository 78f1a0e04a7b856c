"""How far machine and leads agree, and leads among one another, on calls scored blind; the calls behind each number."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from assist.analysis.findings import SKILLS
from assist.analysis.kappa import Error, Kappa, error_of, kappa_of
from assist.analysis.scale import STEPS, WIDTH
from assist.people import access
from assist.people.users import User
from assist.store import Store
from assist.store.clock import moment, stamp
from assist.store.paging import cut, size_of

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
class Page:
    """Pairs, those that differ most first, before them those in which only one saw an occasion."""

    pairs: list[Pair]
    total: int
    page: int
    pages: int


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
    return _by_skill(_counted(store, user, "machine", filters or Filters()))


def among_leads(store: Store, user: User, filters: Filters | None = None) -> list[Agreement]:
    """Leads against each other, by skill, on calls that two or more scored. Raises AccessDenied."""
    return _by_skill(_counted(store, user, "lead", filters or Filters()))


def criteria(store: Store, user: User, filters: Filters | None = None) -> list[Agreement]:
    """Machine against leads by criterion, those that differ most first. Raises AccessDenied."""
    rows = _counted(store, user, "machine", filters or Filters(), whole=False)
    found = [_agreement(row["skill"], row["criterion"], [row], least=1) for row in rows]
    return sorted(found, key=lambda one: (one.few, -(one.error.mean if one.error else 0.0), one.skill, one.criterion))


def one(
    store: Store, user: User, skill: str, criterion: str, against: Against, filters: Filters | None = None
) -> Agreement:
    """One number, counted from its first call on. Raises AccessDenied."""
    rows = _counted(store, user, against, filters or Filters(), whole=not criterion)
    mine = [row for row in rows if (row["skill"], row["criterion"]) == (skill, criterion)]
    return _agreement(skill, criterion, mine, least=1)


def pairs(
    store: Store,
    user: User,
    skill: str,
    criterion: str,
    against: Against,
    filters: Filters | None = None,
    *,
    page: int = 1,
    per_page: int = 50,
) -> Page:
    """The calls behind a number. Raises AccessDenied."""
    tables, parameters = _pairs(user, against, filters or Filters(), "a.skill = :skill AND a.criterion = :criterion")
    parameters |= {"skill": skill, "criterion": criterion}
    total = int(store.value(f"SELECT count(*) FROM {tables}", parameters))
    part = cut(total, page, size_of(per_page, 200))
    first = _FIRST[against]
    rows = store.rows(
        f"""SELECT sa.call_id, c.called_at, coalesce({_NAME % "c.agent_id"}, '') AS agent,
                   {first} AS first, a.value AS second,
                   {_FIRST_BY[against]} AS first_by, {_NAME % "sa.user_id"} AS second_by, sa.scored_at
            FROM {tables} ORDER BY {first} IS NOT NULL AND a.value IS NOT NULL, abs({first} - a.value) DESC, sa.call_id
            LIMIT :size OFFSET :skip""",
        parameters | {"size": part.size, "skip": part.skip},
    )
    times = ("called_at", "scored_at")
    pairs = [Pair(**row | {key: moment(row[key]) for key in times}) for row in rows]
    return Page(pairs, total, part.number, part.pages)


def total(store: Store, user: User, filters: Filters | None = None) -> int:
    """How many scores there are to compare. Raises AccessDenied."""
    tables, parameters = _pairs(user, "machine", filters or Filters(), f"a.skill = '{SKILLS[0]}' AND a.criterion = ''")
    return int(store.value(f"SELECT count(*) FROM {tables}", parameters))


_FIRST: dict[Against, str] = {"machine": "a.machine", "lead": "b.value"}
_NAME = "(SELECT name FROM users WHERE id = %s)"
_FIRST_BY: dict[Against, str] = {"machine": "''", "lead": _NAME % "sb.user_id"}


def _pairs(user: User, against: Against, filters: Filters, which: str) -> tuple[str, dict[str, Any]]:
    """The tables with their condition: `a` is the mark of a lead (score `sa`), `b` of the other on the same call.

    With `mine` the user is that lead, against another the first of the two.
    """
    access.require(user, "call.blind-score")
    scope = access.calls_of(user)
    tables = "blind_scores sa JOIN blind_marks a ON a.blind_id = sa.id JOIN calls c ON c.id = sa.call_id"
    where = [which, scope.where, "sa.state = 'scored'", "sa.scored_at >= :since", "sa.scored_at < :until"]
    if against == "lead":
        tables += """ JOIN blind_scores sb ON sb.call_id = sa.call_id AND sb.state = 'scored'
            JOIN blind_marks b ON b.blind_id = sb.id AND b.skill = a.skill AND b.criterion = a.criterion"""
        where.append("sb.user_id = :who AND sa.user_id <> :who" if filters.mine else "sb.user_id < sa.user_id")
    elif filters.mine:
        where.append("sa.user_id = :who")
    parameters = scope.parameters | {
        "who": user.id,
        "since": stamp(filters.since) if filters.since else "",
        "until": stamp(filters.until) if filters.until else "9999",
    }
    return f"{tables} WHERE {' AND '.join(where)}", parameters


def _counted(
    store: Store, user: User, against: Against, filters: Filters, *, whole: bool = True
) -> list[dict[str, Any]]:
    """How many pairs there are and the sums of their gaps: of skills (`whole`) by the steps of both, of criteria at
    once. Counted where the rows are: a page of them would read all."""
    tables, parameters = _pairs(user, against, filters, "a.criterion = ''" if whole else "a.criterion <> ''")
    first = _FIRST[against]
    steps = f"{_step(first)} AS one, {_step('a.value')} AS other" if whole else "0 AS one, 0 AS other"
    return store.rows(
        f"""SELECT a.skill, a.criterion, {steps}, count({first} - a.value) AS n,
                   coalesce(sum({first} - a.value), 0) AS total, coalesce(sum(abs({first} - a.value)), 0) AS absolute,
                   coalesce(sum(({first} - a.value) * ({first} - a.value)), 0) AS squares,
                   sum(({first} IS NULL) <> (a.value IS NULL)) AS occasion
            FROM {tables} GROUP BY 1, 2, 3, 4""",
        parameters,
    )


def _step(value: str) -> str:
    """`scale.step_of` as the database says it."""
    return f"CASE WHEN {value} IS NULL THEN 0 ELSE min({STEPS}, CAST({value} / {WIDTH} AS INTEGER) + 1) END"


def _by_skill(rows: list[dict[str, Any]]) -> list[Agreement]:
    return [_agreement(skill, "", [row for row in rows if row["skill"] == skill]) for skill in SKILLS]


def _agreement(skill: str, criterion: str, rows: list[dict[str, Any]], least: int = FEW) -> Agreement:
    n = sum(row["n"] for row in rows)
    sums = [sum(row[name] for row in rows) for name in ("total", "absolute", "squares")]
    table = {(row["one"], row["other"]): row["n"] for row in rows if row["n"]}
    return Agreement(
        skill=skill,
        criterion=criterion,
        n=n,
        occasion=sum(row["occasion"] for row in rows),
        error=error_of(n, *sums) if n >= least else None,
        kappa=kappa_of(table, STEPS) if n >= least and not criterion else None,
    )
