"""An agent's recent calls criterion by criterion: what costs most, what is a strength. Made of counted rows alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
    """One criterion over these calls: met in `met` of the `calls` with an occasion; `team_met` of `team_calls` by the
    others of the team at the same time. `points` are those of the skill's score it costs a call in the mean."""

    skill: str
    criterion: str
    title: str
    measure: Measure
    met: int
    calls: int
    team_met: int
    team_calls: int
    points: float
    queued: int
    rows: tuple[dict[str, Any], ...]

    @property
    def missed(self) -> int:
        return self.calls - self.met

    @property
    def best(self) -> dict[str, Any] | None:
        """The row of the best place to hear it done."""
        return next(iter(best(self)), None)


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
    own: dict[tuple[str, str], list[dict[str, Any]]] = {}
    bounds = {"agent": agent.id, "since": stamp(span.since), "until": stamp(span.until)}
    for row in store.rows(_OWN, bounds):
        own.setdefault((row["skill"], row["criterion"]), []).append(row)
    team = {(row["skill"], row["criterion"]): row for row in store.rows(_TEAM, bounds | {"team": agent.team_id})}
    titles = _Titles(store, language)
    return tuple(_line(titles, key, rows, team.get(key, {})) for key, rows in sorted(own.items()))


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


def _line(titles: _Titles, key: tuple[str, str], rows: list[dict[str, Any]], team: Mapping[str, Any]) -> Line:
    skill, criterion = key
    name = f"never:{criterion}" if skill == criteria.COMPLIANCE else f"criterion:{skill}/{criterion}"
    return Line(
        skill=skill,
        criterion=criterion,
        title=titles.of(skill, criterion),
        measure=measures.parse(name),
        met=sum(row["value"] >= MET for row in rows),
        calls=len(rows),
        team_met=team.get("met", 0),
        team_calls=team.get("calls", 0),
        points=sum(_points(row) for row in rows) / len(rows),
        queued=sum(row["queued"] and row["value"] < MET for row in rows),
        rows=tuple(rows),
    )


def _points(row: Mapping[str, Any]) -> float:
    """Points of the skill's score that this line cost in a call."""
    lost = 1 - float(row["value"])
    if row["skill"] == criteria.COMPLIANCE:
        return BROKEN_POINTS * lost
    return 100 * lost * row["weight"] / row["total"] if row["total"] else 0.0


def weakest(lines: Iterable[Line]) -> Line | None:
    """What cost most over all these calls; what waits in the queue counts double."""
    often = [line for line in lines if line.missed and (line.calls >= OFTEN or line.skill == criteria.COMPLIANCE)]
    return max(often, key=_weight, default=None)


def _weight(line: Line) -> float:
    return sum(_points(row) * (2 if row["queued"] else 1) for row in line.rows)


def strengths(lines: Iterable[Line], weakest: Line | None) -> tuple[Line, ...]:
    """The two in which the agent is furthest above the others of the team, of those that are met nearly always; where
    there are none such, the two that are met most surely."""
    able = [
        line
        for line in lines
        if line.calls >= OFTEN and line is not weakest and line.met and line.skill != criteria.COMPLIANCE
    ]
    strong = [line for line in able if line.met / line.calls >= STRONG]
    ranked = sorted(strong, key=_ahead, reverse=True) + sorted(
        (line for line in able if line not in strong), key=lambda line: wilson(line.met, line.calls)[0], reverse=True
    )
    return tuple(ranked[:2])


def _ahead(line: Line) -> tuple[float, float]:
    sure = wilson(line.met, line.calls)[0]
    return sure - (line.team_met / line.team_calls if line.team_calls else 0.5), sure


def worst(line: Line) -> list[dict[str, Any]]:
    missed = [row for row in line.rows if row["value"] < MET and row["start"] is not None]
    return sorted(missed, key=lambda row: (not row["queued"], row["value"], _later_first(row)))


def best(line: Line) -> list[dict[str, Any]]:
    met = [row for row in line.rows if row["value"] >= MET and row["start"] is not None]
    return sorted(met, key=lambda row: (-row["value"], _later_first(row)))


def _later_first(row: Mapping[str, Any]) -> float:
    return -moment(row["called_at"]).timestamp()


_ROWS = """
    SELECT k.call_id, k.skill, k.criterion, k.value, k.weight, k.turn, k.start, c.called_at, c.analysis_key,
           sum(k.weight) OVER (PARTITION BY k.call_id, k.skill) AS total,
           EXISTS (SELECT 1 FROM queue_items q
                   WHERE q.call_id = c.id AND q.state = 'open' AND q.kind = 'coach') AS queued
    FROM calls c JOIN call_criteria k ON k.call_id = c.id
"""
_SPAN = "c.state = 'ready' AND c.called_at >= :since AND c.called_at < :until"
_OWN = f"{_ROWS} WHERE c.agent_id = :agent AND {_SPAN} ORDER BY c.called_at DESC, c.id DESC"
_TEAM = f"""
    SELECT k.skill, k.criterion, count(*) AS calls, sum(k.value >= {MET}) AS met
    FROM calls c JOIN call_criteria k ON k.call_id = c.id
    WHERE c.team_id = :team AND c.agent_id <> :agent AND {_SPAN} GROUP BY 1, 2
"""
