"""What a team's week or month came to: calls, mean scores with their intervals, outcomes, flags, coaching; beside the
period before. Counted from rows made for it, each number the length of a list of calls."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from assist.analysis.findings import SKILLS
from assist.calls.found import JUDGED
from assist.coaching.periods import Period
from assist.people import access, users
from assist.people.users import User
from assist.scripts.insight import MINIMUM, Claim, Rate, claim
from assist.store import Store
from assist.store.clock import moment, stamp

SCORES = (*SKILLS, "overall")
NO_TEAM = 0

By = Literal["team", "agent"]


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of `count` scores. Below MINIMUM calls `low` and `high` (95 %) are None: nothing is claimed."""

    count: int
    total: float
    squares: float

    @property
    def value(self) -> float | None:
        return self.total / self.count if self.count else None

    @property
    def spread(self) -> float | None:
        """The standard error of the mean."""
        if self.count < MINIMUM:
            return None
        variance = (self.squares - self.total**2 / self.count) / (self.count - 1)
        return math.sqrt(max(0.0, variance) / self.count)

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 %, by Student's t (Cornish–Fisher expansion of its quantile, exact to 0.001 from 20 on)."""
        if self.spread is None or self.value is None:
            return None
        half = _student(self.count - 1) * self.spread
        return max(0.0, self.value - half), min(100.0, self.value + half)

    def __add__(self, other: "Mean") -> "Mean":
        return Mean(self.count + other.count, self.total + other.total, self.squares + other.squares)


NOTHING = Mean(0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Figures:
    """One team's (or agent's) figures of one period.

    `judged` leaves out calls in which nobody was spoken to; `agreed` is a next step, of the judged. `sessions` were
    held in the period; agreements are those that were decided in it.
    """

    calls: int = 0
    judged: int = 0
    scores: Mapping[str, Mean] = field(default_factory=lambda: dict.fromkeys(SCORES, NOTHING))
    outcomes: Mapping[str, int] = field(default_factory=dict)
    flagged: int = 0
    sessions: int = 0
    kept: int = 0
    decided: int = 0

    @property
    def agreed(self) -> Rate:
        return Rate(self.outcomes.get("agreed", 0) + self.outcomes.get("follow-up", 0), self.judged)

    @property
    def flags(self) -> Rate:
        return Rate(self.flagged, self.calls)

    def __add__(self, other: "Figures") -> "Figures":
        names = {*self.outcomes, *other.outcomes}
        return Figures(
            self.calls + other.calls,
            self.judged + other.judged,
            {name: self.scores[name] + other.scores[name] for name in SCORES},
            {name: self.outcomes.get(name, 0) + other.outcomes.get(name, 0) for name in names},
            self.flagged + other.flagged,
            self.sessions + other.sessions,
            self.kept + other.kept,
            self.decided + other.decided,
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A team or an agent, by `key` (its id; NO_TEAM for calls without a team): the period and the one before."""

    key: int
    name: str
    now: Figures
    before: Figures

    def moved(self, score: str) -> Claim:
        """Whether a mean score is surely higher or lower than in the period before."""
        return differs(self.now.scores[score], self.before.scores[score])

    @property
    def agreed_moved(self) -> Claim:
        return claim(self.now.agreed, self.before.agreed)

    @property
    def flags_moved(self) -> Claim:
        return claim(self.now.flags, self.before.flags)


@dataclass(frozen=True, slots=True)
class FlagCount:
    """In how many calls a rule raised a flag, and in how many the period before."""

    rule: str
    calls: int
    before: int


def differs(one: Mean, other: Mean) -> Claim:
    """more or less, where the 95 % interval of the difference of two means (Welch's) leaves zero out."""
    if one.spread is None or other.spread is None or one.value is None or other.value is None:
        return ""
    apart = one.value - other.value
    half = _student(min(one.count, other.count) - 1) * math.hypot(one.spread, other.spread)
    return "more" if apart > half else "less" if apart < -half else ""


def by_team(store: Store, user: User, period: Period, team_id: int | None = None) -> tuple[Row, ...]:
    """A lead's team; for admins the team chosen, or all with calls. Raises AccessDenied, NotFound."""
    team = access.meeting_team(user, team_id)
    names = {one.id: one.name for one in users.teams(store) if team is None or one.id == team}
    now, before = (_figures(store, user, one, "team", team) for one in (period, period.before))
    if team is None:
        names |= {NO_TEAM: ""}
    rows = (Row(key, name, now.get(key, Figures()), before.get(key, Figures())) for key, name in names.items())
    return tuple(row for row in rows if team is not None or row.now.calls or row.before.calls)


def by_agent(store: Store, user: User, period: Period, team_id: int) -> tuple[Row, ...]:
    """The agents of a team with judged calls, the highest mean first: for a lead's eyes. Raises AccessDenied,
    NotFound."""
    team = access.meeting_team(user, team_id)
    names = {one.id: one.name for one in users.listing(store)}
    now, before = (_figures(store, user, one, "agent", team) for one in (period, period.before))
    rows = [Row(key, names.get(key, ""), one, before.get(key, Figures())) for key, one in now.items() if key]
    return tuple(sorted(rows, key=lambda row: (-(row.now.scores["overall"].value or -1.0), row.name)))


def flags(store: Store, user: User, period: Period, team_id: int) -> tuple[FlagCount, ...]:
    """Which rules raised flags in a team's calls, the most frequent first. Raises AccessDenied, NotFound."""
    team = access.meeting_team(user, team_id)
    now, before = (_rules(store, user, one, team) for one in (period, period.before))
    counts = [FlagCount(rule, now.get(rule, 0), before.get(rule, 0)) for rule in {*now, *before}]
    return tuple(sorted(counts, key=lambda one: (-one.calls, -one.before, one.rule)))


def total(rows: Iterable[Row]) -> Row:
    """All rows in one."""
    now, before = Figures(), Figures()
    for row in rows:
        now, before = now + row.now, before + row.before
    return Row(-1, "", now, before)


def _figures(store: Store, user: User, period: Period, by: By, team: int | None) -> dict[int, Figures]:
    where, values = _where(user, period, team)
    sums = ", ".join(f"count(c.{one}) AS n_{one}, total(c.{one}) AS s_{one}, total(c.{one} * c.{one}) AS q_{one}"
                     for one in SCORES)  # fmt: skip
    parts: dict[int, list[dict[str, Any]]] = {}
    for condition in where:
        rows = store.rows(
            f"""SELECT coalesce(c.{by}_id, {NO_TEAM}) AS key, c.outcome, {JUDGED} AS judged, count(*) AS calls,
                       sum(c.flag_count > 0) AS flagged, {sums}
                FROM calls c WHERE {condition} AND c.state = 'ready' GROUP BY 1, 2, 3""",
            values,
        )
        for row in rows:
            parts.setdefault(row["key"], []).append(row)
    coached = _coached(store, period, by, team)
    return {key: _counted(parts.get(key, []), coached.get(key, {})) for key in {*parts, *coached}}


def _counted(rows: list[dict[str, Any]], coached: Mapping[str, int]) -> Figures:
    outcomes: dict[str, int] = {}
    for row in rows:
        if row["judged"]:
            name = row["outcome"] or "unknown"
            outcomes[name] = outcomes.get(name, 0) + row["calls"]
    scores = {
        name: sum((Mean(row[f"n_{name}"], row[f"s_{name}"], row[f"q_{name}"]) for row in rows), NOTHING)
        for name in SCORES
    }
    return Figures(
        calls=sum(row["calls"] for row in rows),
        judged=sum(row["calls"] for row in rows if row["judged"]),
        scores=scores,
        outcomes=outcomes,
        flagged=sum(row["flagged"] for row in rows),
        sessions=coached.get("sessions", 0),
        kept=coached.get("kept", 0),
        decided=coached.get("decided", 0),
    )


_HELD = "s.held_at >= :since AND s.held_at < :until AND s.state IN ('held', 'signed')"
_DECIDED = """s.state <> 'open' AND coalesce(s.settled_at, s.decided_at) >= :since
              AND coalesce(s.settled_at, s.decided_at) < :until"""


def _coached(store: Store, period: Period, by: By, team: int | None) -> dict[int, dict[str, int]]:
    """Sessions held and agreements decided, by team or agent."""
    values = {"since": stamp(period.since), "until": stamp(period.until), "team": team}
    mine = "(:team IS NULL OR s.team_id = :team)"
    key = f"SELECT coalesce(s.{by}_id, {NO_TEAM}) AS key"
    held = f"{key}, count(*) AS sessions FROM coaching_sessions s WHERE {_HELD} AND {mine} GROUP BY 1"
    decided = f"""{key}, count(*) AS decided, sum(s.state = 'kept') AS kept
                  FROM actions s WHERE {_DECIDED} AND {mine} GROUP BY 1"""
    found: dict[int, dict[str, int]] = {}
    for query in (held, decided):
        for row in store.rows(query, values):
            found.setdefault(row.pop("key"), {}).update(row)
    return found


def _rules(store: Store, user: User, period: Period, team: int | None) -> dict[str, int]:
    where, values = _where(user, period, team)
    rows = store.rows(
        f"""SELECT f.rule, count(DISTINCT f.call_id) AS calls FROM calls c JOIN flags f ON f.call_id = c.id
            WHERE {where[0]} AND c.state = 'ready' GROUP BY f.rule""",
        values,
    )
    return {row["rule"]: row["calls"] for row in rows}


def _where(user: User, period: Period, team: int | None) -> tuple[list[str], dict[str, Any]]:
    """Conditions on calls c, to be asked one after the other; each begins with the team, as their index does."""
    scope = access.calls_of(user)
    span = "c.called_at >= :since AND c.called_at < :until"
    values = scope.parameters | {"since": stamp(period.since), "until": stamp(period.until), "team": team}
    if team is not None:
        return [f"c.team_id = :team AND {span} AND {scope.where}"], values
    known = "c.team_id IN (SELECT id FROM teams)"
    return [f"{part} AND {span} AND {scope.where}" for part in (known, "c.team_id IS NULL")], values


def _student(freedom: int) -> float:
    """The 97.5 % quantile of Student's t: Cornish–Fisher expansion (Abramowitz & Stegun 26.7.5)."""
    z = 1.959963985
    first, second = (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96
    return z + first / freedom + second / freedom**2


def as_table(rows: Iterable[Row], heads: Mapping[str, str]) -> list[list[str | int | float | None]]:
    """Rows for a spreadsheet: a line of `heads`, then the figures of the period and, behind, of the one before."""
    columns = [name for name in heads if name != "name"]
    lines: list[list[str | int | float | None]] = [[heads["name"], *(heads[name] for name in columns)]]
    return [*lines, *([row.name, *(_cell(row, name) for name in columns)] for row in rows)]


def _cell(row: Row, name: str) -> int | float | None:
    side = row.before if name.startswith("before_") else row.now
    name = name.removeprefix("before_")
    if name in SCORES:
        value = side.scores[name].value
        return None if value is None else round(value, 1)
    if name.startswith("outcome_"):
        return side.outcomes.get(name.removeprefix("outcome_"), 0)
    return int(getattr(side, name))


@dataclass(frozen=True, slots=True)
class Talk:
    """A one-on-one that was held, or an agreement that was decided (`state` kept, not-kept, unclear)."""

    session_id: int
    agent: str
    lead: str
    at: datetime
    about: str
    state: str


def talks(store: Store, user: User, period: Period, team_id: int | None, agent_id: int | None = None) -> list[Talk]:
    """The one-on-ones behind a number, the latest first. Raises AccessDenied, NotFound."""
    condition, values = _whose(user, period, team_id, agent_id)
    rows = store.rows(
        f"""SELECT s.id AS session_id, a.name AS agent, l.name AS lead, s.held_at AS at, s.summary AS about, s.state
            FROM coaching_sessions s JOIN users a ON a.id = s.agent_id JOIN users l ON l.id = s.lead_id
            WHERE {_HELD} AND {condition} ORDER BY s.held_at DESC""",
        values,
    )
    return [Talk(**row | {"at": moment(row["at"])}) for row in rows]


def agreements(
    store: Store, user: User, period: Period, team_id: int | None, agent_id: int | None = None
) -> list[Talk]:
    """The agreements behind a number, the latest decided first. Raises AccessDenied, NotFound."""
    condition, values = _whose(user, period, team_id, agent_id)
    rows = store.rows(
        f"""SELECT s.session_id, a.name AS agent, l.name AS lead, coalesce(s.settled_at, s.decided_at) AS at,
                   s.behaviour AS about, s.state
            FROM actions s JOIN users a ON a.id = s.agent_id JOIN users l ON l.id = s.lead_id
            WHERE {_DECIDED} AND {condition} ORDER BY at DESC, s.id DESC""",
        values,
    )
    return [Talk(**row | {"at": moment(row["at"])}) for row in rows]


def _whose(user: User, period: Period, team_id: int | None, agent_id: int | None) -> tuple[str, dict[str, Any]]:
    team = access.meeting_team(user, team_id)
    span = {"since": stamp(period.since), "until": stamp(period.until)}
    mine = "(:team IS NULL OR coalesce(s.team_id, 0) = :team) AND (:agent IS NULL OR s.agent_id = :agent)"
    return mine, span | {"team": team, "agent": agent_id}
