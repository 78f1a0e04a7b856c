"""An agent's recent calls criterion by criterion: what costs most, what is a strength. Made of counted rows alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from assist.coaching import measures
from assist.coaching.measures import MET, Measure
from assist.people.users import User
from assist.scripts.insight import wilson
from assist.store import Store, criteria
from assist.store.clock import moment, stamp
from assist.texts import translate

RECENT = timedelta(days=14)
LONGEST = timedelta(days=60)
FEWEST_CALLS, MOST_CALLS = 10, 60
"""What is recent: the last two weeks; further back where these are fewer than ten calls, the latest sixty at most."""
OFTEN = 3
"""Calls with an occasion below which neither a strength nor a weakness is made of a criterion."""
STRONG = 0.7
BROKEN_POINTS = 30.0
"""What breaking a rule weighs, in points of a score."""


@dataclass(frozen=True, slots=True)
class Window:
    """The calls the brief is about: since ≤ called_at < until, `calls` of them judged."""

    since: datetime
    until: datetime
    calls: int


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion over these calls: met in `met` of the `calls` with an occasion. `points` are those of the skill's
    score it costs a call in the mean, `weighs` what it costs over all, double where the call waits in the queue;
    `queued` are such calls in which it was missed. `team_met` of `team_calls` by the others of the team at the same
    time: known of strengths alone. `best` and `worst` are the places to hear it, the best and the worst first."""

    skill: str
    criterion: str
    title: str
    measure: Measure
    met: int
    calls: int
    points: float
    weighs: float
    queued: int
    team_met: int = 0
    team_calls: int = 0

    @property
    def missed(self) -> int:
        return self.calls - self.met


@dataclass(frozen=True, slots=True)
class Place:
    """A call and the moment that shows a criterion met or missed there; `queued`: the call waits in the queue."""

    call_id: int
    called_at: datetime
    analysis_key: str
    skill: str
    criterion: str
    value: float
    turn: int
    start: float
    queued: bool


def window(store: Store, agent_id: int, until: datetime) -> Window:
    rows = store.rows(
        """SELECT called_at FROM calls WHERE agent_id = ? AND state = 'ready' AND outcome <> 'no-conversation'
           AND called_at >= ? AND called_at < ? ORDER BY called_at DESC LIMIT ?""",
        [agent_id, stamp(until - LONGEST), stamp(until), MOST_CALLS],
    )
    times = [moment(row["called_at"]) for row in rows]
    recent = [time for time in times if time >= until - RECENT]
    chosen = recent if len(recent) >= FEWEST_CALLS else times[:FEWEST_CALLS]
    return Window(chosen[-1] if chosen else until - RECENT, until, len(chosen))


def lines(store: Store, agent: User, span: Window, language: str) -> tuple[Line, ...]:
    """All criteria that had an occasion."""
    titles = _Titles(store, language)
    rows = store.rows(_LINES, _bounds(agent, span))
    return tuple(_line(titles, row) for row in rows)


class _Titles:
    """Titles of criteria; the rubric is read once."""

    def __init__(self, store: Store, language: str) -> None:
        self._rubric, self._language = measures.rubric_of(store), language

    def of(self, skill: str, criterion: str) -> str:
        if skill == criteria.COMPLIANCE:
            return translate(measures.NEVER_TITLE[criterion], self._language)
        lines = next(lines for name, lines in self._rubric.skills.items() if name == skill)
        named = next((line for line in lines.criteria if line.id == criterion), None)
        return named.title(self._language[:2]) if named else criterion


def _line(titles: _Titles, row: Mapping[str, Any]) -> Line:
    skill, criterion = row["skill"], row["criterion"]
    name = f"never:{criterion}" if skill == criteria.COMPLIANCE else f"criterion:{skill}/{criterion}"
    return Line(
        skill=skill,
        criterion=criterion,
        title=titles.of(skill, criterion),
        measure=measures.parse(name),
        met=row["met"],
        calls=row["calls"],
        points=row["points"] / row["calls"],
        weighs=row["weighs"],
        queued=row["queued"],
    )


def weakest(found: Iterable[Line]) -> Line | None:
    """What cost most over all these calls; what waits in the queue counts double."""
    often = [line for line in found if line.missed and (line.calls >= OFTEN or line.skill == criteria.COMPLIANCE)]
    return max(often, key=lambda line: line.weighs, default=None)


def strengths(store: Store, agent: User, span: Window, found: Iterable[Line], weakest: Line | None) -> tuple[Line, ...]:
    """The two in which the agent is furthest above the others of the team, of the four that are met most surely; of
    what is not met nearly always only where there is nothing else."""
    able = [line for line in found if line.calls >= OFTEN and line.met and line.skill != criteria.COMPLIANCE]
    able = [line for line in able if weakest is None or line.measure != weakest.measure]
    able.sort(key=lambda line: wilson(line.met, line.calls)[0], reverse=True)
    strong = [line for line in able if line.met / line.calls >= STRONG]
    compared = _with_team(store, agent, span, strong[:_COMPARED] or able[:2])
    compared.sort(key=_ahead, reverse=True)
    return (*compared, *[line for line in able if line not in strong])[:2]


def _with_team(store: Store, agent: User, span: Window, found: Iterable[Line]) -> list[Line]:
    bounds = _bounds(agent, span) | {"team": agent.team_id}
    compared = []
    for line in found:
        row = store.row(_TEAM, bounds | {"skill": line.skill, "criterion": line.criterion}) or {}
        compared.append(replace(line, team_met=row.get("met") or 0, team_calls=row.get("calls", 0)))
    return compared


def _ahead(line: Line) -> tuple[float, float]:
    sure = wilson(line.met, line.calls)[0]
    return sure - (line.team_met / line.team_calls if line.team_calls else 0.5), sure


def worst(store: Store, agent: User, span: Window, line: Line) -> list[Place]:
    """Where it was missed and can be heard: calls of the queue first, then the worst, the latest first."""
    missed = [one for one in _places(store, agent, span, line) if one.value < MET]
    return sorted(missed, key=lambda one: (not one.queued, one.value, -one.called_at.timestamp()))


def best(store: Store, agent: User, span: Window, line: Line) -> list[Place]:
    """Where it was met and can be heard: the best first, then the latest."""
    met = [one for one in _places(store, agent, span, line) if one.value >= MET]
    return sorted(met, key=lambda one: (-one.value, -one.called_at.timestamp()))


def _places(store: Store, agent: User, span: Window, line: Line) -> list[Place]:
    known = {"skill": line.skill, "criterion": line.criterion}
    rows = store.rows(_PLACES, _bounds(agent, span) | known)
    return [Place(**row | {"called_at": moment(row["called_at"]), "queued": bool(row["queued"])}) for row in rows]


def _bounds(agent: User, span: Window) -> dict[str, Any]:
    return {"agent": agent.id, "since": stamp(span.since), "until": stamp(span.until)}


_COMPARED = 4
"""So many criteria are compared with the team."""
_SPAN = "c.state = 'ready' AND c.called_at >= :since AND c.called_at < :until"
_QUEUED = "EXISTS (SELECT 1 FROM queue_items q WHERE q.call_id = c.id AND q.state = 'open' AND q.kind = 'coach')"
_LOST = f"""CASE WHEN k.skill = '{criteria.COMPLIANCE}' THEN {BROKEN_POINTS} * (1 - k.value)
                WHEN t.total > 0 THEN 100 * (1 - k.value) * k.weight / t.total ELSE 0 END"""
"""Points of the skill's score that a line cost in a call."""
_LINES = f"""
    WITH own AS MATERIALIZED (SELECT c.id, {_QUEUED} AS queued FROM calls c WHERE c.agent_id = :agent AND {_SPAN}),
         t AS MATERIALIZED (
             SELECT k.call_id, k.skill, sum(k.weight) AS total FROM own CROSS JOIN call_criteria k ON k.call_id = own.id
             GROUP BY k.call_id, k.skill)
    SELECT k.skill, k.criterion, count(*) AS calls, sum(k.value >= {MET}) AS met, sum({_LOST}) AS points,
           sum({_LOST} * (1 + own.queued)) AS weighs, sum(own.queued AND k.value < {MET}) AS queued
    FROM own CROSS JOIN call_criteria k ON k.call_id = own.id JOIN t ON t.call_id = k.call_id AND t.skill = k.skill
    GROUP BY k.skill, k.criterion ORDER BY k.skill, k.criterion
"""
_PLACES = f"""
    SELECT c.id AS call_id, c.called_at, c.analysis_key, k.skill, k.criterion, k.value, k.turn, k.start,
           {_QUEUED} AS queued
    FROM calls c JOIN call_criteria k ON k.call_id = c.id AND k.skill = :skill AND k.criterion = :criterion
    WHERE c.agent_id = :agent AND {_SPAN} AND k.start IS NOT NULL
"""
_TEAM = f"""
    SELECT count(*) AS calls, sum(k.value >= {MET}) AS met
    FROM calls c JOIN call_criteria k ON k.call_id = c.id AND k.skill = :skill AND k.criterion = :criterion
    WHERE c.team_id = :team AND c.agent_id <> :agent AND {_SPAN}
"""
