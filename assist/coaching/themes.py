"""What is weakest in an agent's latest calls, as themes to practise: criteria below the line, points of the script that
are missed, objections that stay unanswered."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from assist.analysis.findings import SKILLS
from assist.coaching.measures import MET
from assist.people import access
from assist.people.users import User
from assist.scripts.insight import wilson
from assist.scripts.library import Library, StageName
from assist.store import Store, libraries
from assist.store.clock import moment, now, stamp

Kind = Literal["point", "objection", "criterion"]
_ORDER: tuple[Kind, ...] = ("objection", "point", "criterion")
"""Between equals the one that is most easily practised first."""

MOST = 3
DAYS = 28
CALLS = 60
"""At most so many of the latest calls are counted."""
FEWEST, TWICE = 3, 2
"""Occasions, and misses among them, below which nothing is weak yet; whoever has only so few calls has once as well."""
_SKILL_OF: dict[StageName, str] = {"opening": "opening", "discovery": "questioning"}
_SAME = {
    "opening": frozenset({"identity", "introduction", "purpose", "permission", "required", "benefit"}),
    "questioning": frozenset({"coverage", "depth"}),
    "rejection_handling": frozenset({"noticed", "acknowledged", "clarified", "answered", "advanced"}),
}
"""Criteria that say what a missed point or an unanswered objection of the same skill says already."""
_UNANSWERED = "o.outcome IN ('unanswered', 'repeated')"
ASKS = """EXISTS (SELECT 1 FROM objection_steps t WHERE t.call_id = o.call_id AND t.objection = o.objection
                 AND t.turn = o.turn)"""
"""An objection (alias o) that the playbook wants answered: its first time in a call, and no clear refusal."""


@dataclass(frozen=True, slots=True)
class Weakness:
    """`missed` of `occasions`, over the agent's calls with since ≤ called_at ≤ until. `about` is the id of a point or
    an objection, or skill/criterion; `skill` is empty for points of other stages."""

    kind: Kind
    about: str
    skill: str
    campaign: str
    missed: int
    occasions: int
    since: datetime
    until: datetime
    weight: float

    @property
    def urgency(self) -> float:
        """How much is missed at least (the lower end of the interval of its share), by weight."""
        return wilson(self.missed, self.occasions)[0] * self.weight


@dataclass(frozen=True, slots=True)
class Behind:
    """One call behind a theme; `missed` is what counts, `start` the second where it could be heard."""

    call_id: int
    called_at: datetime
    missed: bool
    start: float | None
    quote: str


def weakest(store: Store, user: User, at: datetime | None = None) -> tuple[Weakness, ...]:
    """At most three, the most urgent first, no two that say the same."""
    found = sorted(
        _weaknesses(store, user, at or now()), key=lambda one: (-one.urgency, _ORDER.index(one.kind), one.about)
    )
    chosen: list[Weakness] = []
    for one in found:
        if len(chosen) < MOST and not any(_alike(one, other) for other in chosen):
            chosen.append(one)
    return tuple(chosen)


def behind(
    store: Store, user: User, kind: Kind, about: str, campaign: str, since: datetime, until: datetime
) -> tuple[Behind, ...]:
    """The calls that a theme counts, the latest first. Raises AccessDenied."""
    access.require(user, "own.page")
    (rows_of, missed, quote), names = _BEHIND[kind], about.partition("/")
    scope = access.calls_of(user)
    due, reached = _due(store, campaign, about) if kind == "point" else ("1", {})
    rows = store.rows(
        f"""SELECT c.id AS call_id, c.called_at, {missed} AS missed, o.start, {quote} AS quote
            FROM calls c CROSS JOIN {rows_of} AND o.call_id = c.id
            WHERE c.agent_id = :agent AND c.state = 'ready' AND c.called_at BETWEEN :since AND :until
              AND (:campaign = '' OR c.campaign = :campaign) AND {due} AND {scope.where}
            ORDER BY c.called_at DESC, c.id DESC, o.start""",
        {"agent": user.id, "about": about, "skill": names[0], "criterion": names[2], "campaign": campaign}
        | {"since": stamp(since), "until": stamp(until)}
        | reached
        | scope.parameters,
    )
    return tuple(
        Behind(row["call_id"], moment(row["called_at"]), bool(row["missed"]), row["start"], row["quote"])
        for row in rows
    )


_BEHIND: dict[Kind, tuple[str, str, str]] = {
    "point": ("spoken_points o ON o.point = :about", "o.status NOT IN ('said', 'partial')", "''"),
    "objection": (f"raised_objections o ON o.objection = :about AND {ASKS}", _UNANSWERED, "o.quote"),
    "criterion": ("call_criteria o ON o.skill = :skill AND o.criterion = :criterion", f"o.value < {MET}", "''"),
}
"""Rows of calls (alias o) with the condition on them, what counts as missed, and the customer's words."""


def _due(store: Store, campaign: str, point: str) -> tuple[str, dict[str, str]]:
    """The condition under which a point (alias o) had its occasion in a call (c), with its parameters: it was said, or
    the call came as far as its stage, or to the one before without the customer hanging up there."""
    library = in_force(store, campaign)
    stages = [[one.id for one in stage.points] for stage in library.script] if library else []
    place = next((number for number, names in enumerate(stages) if point in names), 0)
    if place == 0:
        return "1", {}
    stayed = "1" if place == 1 else f"EXISTS ({_SAID_OF.format(names=':before')})"
    condition = f"""(o.status IN ('said', 'partial') OR EXISTS ({_SAID_OF.format(names=":here")})
                     OR (c.outcome <> 'hung-up' AND {stayed}))"""
    here, before = (json.dumps([name for names in stages[since:] for name in names]) for since in (place, place - 1))
    return condition, {"here": here} | ({"before": before} if place > 1 else {})


_SAID_OF = """SELECT 1 FROM spoken_points r WHERE r.call_id = c.id AND r.status IN ('said', 'partial')
              AND r.point IN (SELECT value FROM json_each({names}))"""


def _alike(one: Weakness, other: Weakness) -> bool:
    if one.kind == other.kind == "criterion":
        return one.skill == other.skill
    if "criterion" not in (one.kind, other.kind) or one.skill != other.skill:
        return False
    criterion = one if one.kind == "criterion" else other
    return criterion.about.partition("/")[2] in _SAME.get(criterion.skill, frozenset())


def _weaknesses(store: Store, user: User, at: datetime) -> Iterator[Weakness]:
    """All that is weak enough to be told."""
    scope = access.calls_of(user)
    values = {"agent": user.id, "since": stamp(at - timedelta(days=DAYS)), "at": stamp(at)} | scope.parameters
    last = f"""WITH last AS (SELECT c.id, c.campaign, c.called_at FROM calls c
        WHERE c.agent_id = :agent AND c.state = 'ready' AND c.called_at BETWEEN :since AND :at AND {scope.where}
        ORDER BY c.called_at DESC LIMIT {CALLS})"""
    span = store.row(
        f"{last} SELECT count(*) AS calls, min(called_at) AS since, max(called_at) AS until FROM last", values
    )
    if not span or not span["calls"]:
        return
    since, until = moment(span["since"]), moment(span["until"])
    fewest, misses = (FEWEST, TWICE) if span["calls"] > FEWEST else (1, 1)
    for row in _rows(store, last, values):
        if row["kind"] == "point" and row["missed"] >= misses:
            counted = behind(store, user, "point", row["about"], row["campaign"], since, until)
            row |= {"occasions": len(counted), "missed": sum(one.missed for one in counted)}
        if row["occasions"] >= fewest and row["missed"] >= misses:
            yield Weakness(**row, since=since, until=until)


def _rows(store: Store, last: str, values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Counts of criteria, of required points and of objections that the libraries in force know."""
    criteria = f"""{last} SELECT k.skill, k.criterion, count(*) AS occasions, sum(k.value < {MET}) AS missed,
        avg(k.weight) AS weight FROM last JOIN call_criteria k ON k.call_id = last.id GROUP BY k.skill, k.criterion"""
    for row in store.rows(criteria, values):
        if row["skill"] in SKILLS:
            about = f"{row['skill']}/{row.pop('criterion')}"
            yield row | {"kind": "criterion", "about": about, "campaign": "", "weight": row["weight"] / 3}
    points = f"""{last} SELECT last.campaign, s.point AS about, count(*) AS occasions,
        sum(s.status NOT IN ('said', 'partial')) AS missed
        FROM last JOIN spoken_points s ON s.call_id = last.id GROUP BY last.campaign, s.point"""
    objections = f"""{last} SELECT last.campaign, o.objection AS about, count(*) AS occasions,
        sum({_UNANSWERED}) AS missed
        FROM last JOIN raised_objections o ON o.call_id = last.id AND {ASKS} GROUP BY last.campaign, o.objection"""
    for row in store.rows(points, values):
        library = in_force(store, row["campaign"])
        found = [(stage, point) for stage, point in (library.points() if library else ()) if point.id == row["about"]]
        for stage, point in found:
            if point.required:
                yield row | {"kind": "point", "skill": _SKILL_OF.get(stage, ""), "weight": point.weight / 3}
    for row in store.rows(objections, values):
        library = in_force(store, row["campaign"])
        if library and library.entry(row["about"]):
            yield row | {"kind": "objection", "skill": "rejection_handling", "weight": 1.0}


def in_force(store: Store, campaign: str) -> Library | None:
    """The library in force now."""
    version = libraries.in_force(store, campaign) if campaign else None
    return libraries.library(store, version.id) if version else None
