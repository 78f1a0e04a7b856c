"""What works: how often each point and wording is said, and what goes together with it. Figures say how many calls they
are of, and nothing is claimed of too few."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from assist.people import access
from assist.people.users import User
from assist.scripts.compare import compare
from assist.scripts.insight import Claim, Rate, claim
from assist.scripts.library import Library
from assist.store import Store, libraries, spoken
from assist.store.clock import moment, stamp

By = Literal["version", "team", "agent", "day", "week"]

_AGREED = "coalesce(c.outcome IN ('agreed', 'follow-up'), 0)"
_SAID = "s.status IN ('said', 'partial')"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which calls are counted: all optional; `since` ≤ called_at < `until`."""

    since: datetime | None = None
    until: datetime | None = None
    version_id: int | None = None
    team_id: int | None = None
    agent_id: int | None = None


@dataclass(frozen=True, slots=True)
class WordingWorks:
    """`said` is out of all calls in which the point was said; `text` is empty for the agents' own words."""

    text: str
    said: Rate
    agreed: Rate
    stays: Rate
    objection_next: Rate


@dataclass(frozen=True, slots=True)
class PointWorks:
    """`agreed` is a next step agreed at the end of the call, where the point was said and where it was missed; `claim`
    says whether it goes together more or less often, empty where that cannot be told."""

    id: str
    title: str
    stage: str
    said: Rate
    agreed_said: Rate
    agreed_missed: Rate
    claim: Claim
    stays: Rate
    objection_next: Rate
    wordings: tuple[WordingWorks, ...]


@dataclass(frozen=True, slots=True)
class EntryWorks:
    """`calls` in which the objection came up at all; the rates are out of the times it was raised."""

    objection: str
    title: str
    calls: Rate
    answered: Rate
    resolved: Rate


@dataclass(frozen=True, slots=True)
class Works:
    calls: int
    points: tuple[PointWorks, ...]
    entries: tuple[EntryWorks, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One version, team, agent, day or week: its id (or date), its name and how often the point was said."""

    key: str
    name: str
    said: Rate


@dataclass(frozen=True, slots=True)
class Day:
    """One day under a version: how often its new points were said, and its new wordings where their points were."""

    date: str
    calls: int
    points: Rate
    wordings: Rate


def works(store: Store, user: User, campaign: str, library: Library, selection: Selection | None = None) -> Works:
    """Over the judged calls of a campaign the user may see figures of; points and entries are those of `library`.

    Raises AccessDenied.
    """
    where, values = _where(store, user, campaign, selection)
    calls = int(store.value(f"SELECT count(*) FROM calls c WHERE {where}", values))
    points: dict[str, list[dict[str, Any]]] = {}
    for row in store.rows(_POINTS.format(where=where), values):
        points.setdefault(row["point"], []).append(row)
    entries = {row["objection"]: row for row in store.rows(_ENTRIES.format(where=where), values)}
    return Works(
        calls,
        tuple(
            _point(point.id, point.title, stage, points.get(point.id, []), point.say)
            for stage, point in library.points()
        ),
        tuple(_entry(entry.objection, entry.title, calls, entries) for entry in library.playbook),
    )


def by(
    store: Store,
    user: User,
    campaign: str,
    point: str,
    part: By,
    selection: Selection | None = None,
    wording: str | None = None,
) -> tuple[Part, ...]:
    """How often one point is said, by version, team, agent, day or week; with `wording` how often in those words where
    it is said. Raises AccessDenied: agents are not named to everybody."""
    if part == "agent":
        access.require(user, "insight.by-agent")
    where, values = _where(store, user, campaign, selection)
    key, name, order = _PARTS[part]
    zone = _offset(store, selection)
    times = (f"sum({_SAID})", "count(*)")
    if wording is not None:
        times = (f"sum({_SAID} AND s.wording = :wording)", f"sum({_SAID})")
    rows = store.rows(
        f"""SELECT CAST({key.format(zone=zone)} AS TEXT) AS key, {name.format(zone=zone)} AS name,
                   {times[0]} AS said, {times[1]} AS total
            FROM calls c JOIN spoken_points s ON s.call_id = c.id AND s.point = :point
                 LEFT JOIN users u ON u.id = c.agent_id LEFT JOIN teams t ON t.id = c.team_id
                 LEFT JOIN library_versions v ON v.id = c.library_version_id
            WHERE {where} GROUP BY 1 ORDER BY {order}""",
        values | {"point": point, "wording": wording},
    )
    return tuple(Part(row["key"] or "", str(row["name"] or ""), Rate(row["said"], row["total"])) for row in rows)


def adoption(store: Store, user: User, version_id: int) -> tuple[Day, ...]:
    """Day by day, how what a version brought (points and wordings that its predecessor has not) is said in the calls
    judged by it. Raises AccessDenied, NotFound."""
    version = libraries.version(store, version_id)
    earlier = [one for one in libraries.versions(store, version.campaign) if one.number < version.number]
    before = next((one for one in earlier if not one.withdrawn_at), None)
    library = libraries.library(store, version_id)
    points, wordings = _news(libraries.library(store, before.id) if before else None, library)
    where, values = _where(store, user, version.campaign, Selection(version_id=version_id))
    date = f"date(c.called_at, '{_offset(store, None)}')"
    calls = store.rows(f"SELECT {date} AS date, count(*) AS calls FROM calls c WHERE {where} GROUP BY 1", values)
    rows = store.rows(
        f"""SELECT d.date, s.point, {_SAID} AS said, s.wording, count(*) AS times
            FROM (SELECT c.id, {date} AS date FROM calls c WHERE {where}) d
                 JOIN spoken_points s ON s.call_id = d.id
            WHERE s.point IN (SELECT value FROM json_each(:news)) GROUP BY 1, 2, 3, 4""",
        values | {"news": json.dumps([*points, *wordings])},
    )
    days: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        days.setdefault(row["date"], []).append(row)
    return tuple(_day(row["date"], row["calls"], days.get(row["date"], []), points, wordings) for row in calls)


def _news(before: Library | None, library: Library) -> tuple[set[str], dict[str, set[str]]]:
    """(new points, new wordings by point)."""
    if before is None:
        return {point.id for _, point in library.points()}, {}
    known = {point.id: set(point.say) for _, point in before.points()}
    added = {item.id for item in compare(before, library).items() if item.kind == "point" and item.change == "added"}
    new = {point.id: set(point.say) - known.get(point.id, set()) for _, point in library.points()}
    return added, {name: texts for name, texts in new.items() if texts and name not in added}


def _day(date: str, calls: int, rows: list[dict[str, Any]], points: set[str], wordings: Mapping[str, set[str]]) -> Day:
    of_points = [row for row in rows if row["point"] in points]
    of_wordings = [row for row in rows if row["said"] and row["point"] in wordings]
    new = [row for row in of_wordings if row["wording"] in wordings[row["point"]]]
    said = [row for row in of_points if row["said"]]
    return Day(
        date, calls, Rate(_sum(said, "times"), _sum(of_points, "times")),
        Rate(_sum(new, "times"), _sum(of_wordings, "times")),
    )  # fmt: skip


def _sum(rows: Iterable[Mapping[str, Any]], name: str) -> int:
    return sum(row[name] for row in rows)


def _where(store: Store, user: User, campaign: str, selection: Selection | None) -> tuple[str, dict[str, Any]]:
    """Judged calls with a conversation, of the campaign, in the user's scope. Old calls get their rows first."""
    access.require(user, "library.insight")
    spoken.catch_up(store, campaign)
    chosen, scope = selection or Selection(), access.insight_of(user)
    if chosen.agent_id is not None:
        access.require(user, "insight.by-agent")
    conditions = [scope.where, "c.campaign = :campaign", "c.state = 'ready'", "c.outcome <> 'no-conversation'"]
    values: dict[str, Any] = {"campaign": campaign, **scope.parameters}
    limits = {
        "c.called_at >= :since": ("since", stamp(chosen.since) if chosen.since else None),
        "c.called_at < :until": ("until", stamp(chosen.until) if chosen.until else None),
        "c.library_version_id = :version": ("version", chosen.version_id),
        "c.team_id = :team": ("team", chosen.team_id),
        "c.agent_id = :agent": ("agent", chosen.agent_id),
    }
    for condition, (name, value) in limits.items():
        if value is not None:
            conditions.append(condition)
            values[name] = value
    return " AND ".join(conditions), values


def _offset(store: Store, selection: Selection | None) -> str:
    """The zone's distance from UTC as SQLite takes it; days are the team's days."""
    at = (selection.since if selection else None) or moment(stamp())
    offset = at.astimezone(store.settings.zone).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    return f"{minutes:+d} minutes"


def _point(name: str, title: str, stage: str, rows: list[dict[str, Any]], say: tuple[str, ...]) -> PointWorks:
    """`rows` count by whether the point was said and by wording."""
    said_rows, missed = [row for row in rows if row["said"]], [row for row in rows if not row["said"]]
    said, left = _sum(said_rows, "times"), _sum(missed, "times")
    agreed_said, agreed_missed = Rate(_sum(said_rows, "agreed"), said), Rate(_sum(missed, "agreed"), left)
    known = {row["wording"]: row for row in said_rows}
    texts = [*say, *(text for text in known if text not in say)]
    return PointWorks(
        id=name,
        title=title,
        stage=stage,
        said=Rate(said, said + left),
        agreed_said=agreed_said,
        agreed_missed=agreed_missed,
        claim=claim(agreed_said, agreed_missed),
        stays=Rate(_sum(said_rows, "stays"), said),
        objection_next=Rate(_sum(said_rows, "objection_next"), said),
        wordings=tuple(_wording(text, known.get(text, {}), said) for text in texts),
    )


def _wording(text: str, row: Mapping[str, Any], said: int) -> WordingWorks:
    times = row.get("times", 0)
    return WordingWorks(
        text,
        Rate(times, said),
        Rate(row.get("agreed", 0), times),
        Rate(row.get("stays", 0), times),
        Rate(row.get("objection_next", 0), times),
    )


def _entry(objection: str, title: str, calls: int, rows: Mapping[str, Mapping[str, Any]]) -> EntryWorks:
    row = rows.get(objection, {})
    times = row.get("times", 0)
    return EntryWorks(
        objection, title, Rate(row.get("calls", 0), calls), Rate(row.get("answered", 0), times),
        Rate(row.get("resolved", 0), times),
    )  # fmt: skip


_POINTS = f"""
    SELECT s.point, {_SAID} AS said, s.wording, count(*) AS times, sum({_AGREED}) AS agreed, sum(s.stays) AS stays,
           sum(s.objection_next) AS objection_next
    FROM calls c JOIN spoken_points s ON s.call_id = c.id WHERE {{where}} GROUP BY 1, 2, 3
"""
_ENTRIES = """
    SELECT o.objection, count(*) AS times, count(DISTINCT c.id) AS calls, sum(o.answered) AS answered,
           sum(o.outcome = 'resolved') AS resolved
    FROM calls c JOIN raised_objections o ON o.call_id = c.id WHERE {where} GROUP BY o.objection
"""
_WEEK = "date(c.called_at, '{zone}', 'weekday 0', '-6 days')"
"""The Monday of a week."""
_PARTS: dict[By, tuple[str, str, str]] = {
    "version": ("c.library_version_id", "v.number", "v.number"),
    "team": ("c.team_id", "t.name", "t.name"),
    "agent": ("c.agent_id", "u.name", "u.name"),
    "day": ("date(c.called_at, '{zone}')", "date(c.called_at, '{zone}')", "1"),
    "week": (_WEEK, _WEEK, "1"),
}
"""Key, name and order of the parts, as SQL."""
