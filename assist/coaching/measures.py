"""What an agreement can be measured by: a score, a criterion of the rubric, a point of the script, a step at an
objection, a rule never to break. A measure is a short text (`criterion:opening/purpose`) and reads one value a call."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import Any, Literal, get_args
from weakref import WeakKeyDictionary

from assist.analysis import rubric as rubrics
from assist.analysis.findings import SKILLS
from assist.analysis.rubric import Rubric, SkillRubric
from assist.coaching.change import Days, Unit
from assist.errors import RequestError
from assist.scripts.library import Library, StageName
from assist.store import Store, criteria, libraries, spoken
from assist.store import rubrics as published
from assist.store.clock import moment, now, stamp
from assist.texts import N_, translate

_caught_up: WeakKeyDictionary[Store, set[int]] = WeakKeyDictionary()
"""Agents none of whose calls lacks its rows."""

MET = 0.8
"""A criterion is met from this value on: the line above which pages call a score good."""

Kind = Literal["score", "criterion", "point", "step", "never"]
_PARTS: dict[str, int] = {"score": 1, "criterion": 2, "point": 2, "step": 3, "never": 1}

SKILL_TITLE = {
    "opening": N_("Opening"),
    "questioning": N_("Questioning"),
    "rejection_handling": N_("Objection handling"),
    "compliance": N_("Compliance"),
    "overall": N_("Overall"),
}
NEVER_TITLE = {
    "forbidden": N_("Says nothing forbidden"),
    "manners": N_("Stays respectful in tone"),
    "pushed-on": N_("Stops at a clear refusal"),
}
_SCORE, _SAYS = N_("Score: %(skill)s"), N_("Says: %(point)s")
_STAGE_SKILL: dict[StageName, str] = {"opening": "opening", "discovery": "questioning"}


class UnknownMeasure(RequestError):
    message = N_("%(measure)s cannot be measured. Choose from the list of what can.")


@dataclass(frozen=True, slots=True)
class Measure:
    """`parts`: a skill or `overall`; skill and criterion; campaign and point; campaign, objection and step; a rule."""

    kind: Kind
    parts: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"{self.kind}:{'/'.join(self.parts)}"

    @property
    def unit(self) -> Unit:
        return "score" if self.kind == "score" else "share"


@dataclass(frozen=True, slots=True)
class Reading:
    """One call's value: 1 done and 0 not done, or a score. `start`: the second that shows it, None: the whole call."""

    call_id: int
    called_at: datetime
    value: float
    start: float | None


@dataclass(frozen=True, slots=True)
class Choice:
    key: str
    title: str


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    title: str
    choices: tuple[Choice, ...]


def parse(key: str) -> Measure:
    """Raises UnknownMeasure."""
    kind, _, rest = key.partition(":")
    parts = tuple(rest.split("/"))
    for known in get_args(Kind):
        if known == kind and len(parts) == _PARTS[kind] and all(parts) and _fits(known, parts):
            return Measure(known, parts)
    raise UnknownMeasure(measure=key[:80])


def readings(
    store: Store,
    agent_id: int,
    measure: Measure,
    since: datetime,
    until: datetime,
    without: Collection[int] = (),
    team_id: int | None = None,
) -> tuple[Reading, ...]:
    """The agent's calls with since ≤ called_at < until that had an occasion, the oldest first; with a team those of
    the others in it."""
    value, start, join, values = _SQL[measure.kind](measure)
    whose = "c.agent_id = :agent" if team_id is None else "c.team_id = :team AND c.agent_id <> :agent"
    rows = store.rows(
        f"""SELECT c.id, c.called_at, {value} AS value, {start} AS start FROM calls c {join}
            WHERE {whose} AND c.state = 'ready' AND c.outcome <> 'no-conversation'
              AND c.called_at >= :since AND c.called_at < :until AND {value} IS NOT NULL
            ORDER BY c.called_at, c.id""",
        values | {"agent": agent_id, "team": team_id, "since": stamp(since), "until": stamp(until)},
    )
    return tuple(
        Reading(row["id"], moment(row["called_at"]), float(row["value"]), row["start"])
        for row in rows
        if row["id"] not in without
    )


def catch_up(store: Store, agent_id: int) -> None:
    """Makes the rows to count of calls that were judged before there were any; newer calls come with theirs."""
    done = _caught_up.setdefault(store, set())
    if agent_id in done:
        return
    left = criteria.catch_up(store, agent_id)
    for row in store.rows(
        "SELECT DISTINCT campaign FROM calls WHERE agent_id = ? AND campaign IS NOT NULL", [agent_id]
    ):
        left += spoken.catch_up(store, row["campaign"])
    if not left:
        done.add(agent_id)


def by_day(store: Store, found: Sequence[Reading]) -> Days:
    """The values, day by day of the team's zone."""
    zone = store.settings.zone
    return [
        [reading.value for reading in day]
        for _, day in groupby(found, lambda reading: reading.called_at.astimezone(zone).date())
    ]


def skill_of(store: Store, measure: Measure) -> str:
    """The skill an agreement with this measure is about: one of the three, `compliance` or `overall`."""
    if measure.kind in ("score", "criterion"):
        return measure.parts[0]
    if measure.kind == "never":
        return "compliance"
    if measure.kind == "step":
        return "rejection_handling"
    library = library_of(store, measure.parts[0])
    stage = (
        next((stage for stage, point in library.points() if point.id == measure.parts[1]), None) if library else None
    )
    return _STAGE_SKILL.get(stage, "overall") if stage else "overall"


def title(store: Store, measure: Measure, language: str) -> str:
    """What is measured, as people call it. What a library or rubric no longer has keeps its name."""
    parts = measure.parts
    if measure.kind == "score":
        return _score_choice(parts[0], language).title
    if measure.kind == "criterion":
        return criterion_title(store, parts[0], parts[1], language)
    if measure.kind == "never":
        return translate(NEVER_TITLE[parts[0]], language)
    library = library_of(store, parts[0])
    if measure.kind == "point":
        found = next((point.title for _, point in library.points() if point.id == parts[1]), "") if library else ""
        return translate(_SAYS, language) % {"point": found or parts[1]}
    return _step_title(library, parts)


def criterion_title(store: Store, skill: str, criterion: str, language: str) -> str:
    """The rubric's title of a criterion, or that of a rule never to break."""
    if skill == criteria.COMPLIANCE:
        return translate(NEVER_TITLE[criterion], language)
    lines = next((lines for name, lines in rubric_of(store).skills.items() if name == skill), None)
    named = next((line for line in lines.criteria if line.id == criterion), None) if lines else None
    return named.title(language[:2]) if named else criterion


def choices(store: Store, agent_id: int, language: str) -> tuple[ChoiceGroup, ...]:
    """All that can be measured of an agent: by skill, then the points and objections of the campaigns they call for."""
    rubric = rubric_of(store)
    groups = [_of_skill(rubric.skills[skill], skill, language) for skill in SKILLS]
    rules = tuple(Choice(f"never:{name}", translate(text, language)) for name, text in NEVER_TITLE.items())
    groups.append(ChoiceGroup(translate(SKILL_TITLE["compliance"], language), rules))
    for campaign in _campaigns(store, agent_id):
        library = library_of(store, campaign)
        groups += _of_library(library, campaign, language) if library else ()
    return tuple(group for group in groups if group.choices)


def rubric_of(store: Store) -> Rubric:
    """The rubric in force now."""
    source = published.in_force(store, now())
    return _parsed(source) if source else rubrics.default()


def library_of(store: Store, campaign: str) -> Library | None:
    """The library of a campaign in force now."""
    version = libraries.in_force(store, campaign)
    return libraries.library(store, version.id) if version else None


@lru_cache(maxsize=4)
def _parsed(source: str) -> Rubric:
    return rubrics.load(source)


def _of_skill(lines: SkillRubric, skill: str, language: str) -> ChoiceGroup:
    found = [Choice(f"criterion:{skill}/{line.id}", line.title(language[:2])) for line in lines.criteria]
    return ChoiceGroup(translate(SKILL_TITLE[skill], language), (_score_choice(skill, language), *found))


def _score_choice(skill: str, language: str) -> Choice:
    return Choice(f"score:{skill}", translate(_SCORE, language) % {"skill": translate(SKILL_TITLE[skill], language)})


def _of_library(library: Library, campaign: str, language: str) -> tuple[ChoiceGroup, ChoiceGroup]:
    says, named = translate(_SAYS, language), {"campaign": library.title}
    points = [Choice(f"point:{campaign}/{one.id}", says % {"point": one.title}) for _, one in library.points()]
    steps = {
        f"step:{campaign}/{entry.objection}/{step.step}": f"{entry.title} · {step.title}"
        for entry in library.playbook
        for step in reversed(entry.respond)  # where a step stands twice, the first gives the title
    }
    return (
        ChoiceGroup(translate(N_("%(campaign)s: points"), language) % named, tuple(points)),
        ChoiceGroup(
            translate(N_("%(campaign)s: objections"), language) % named,
            tuple(Choice(key, text) for key, text in steps.items()),
        ),
    )


def _campaigns(store: Store, agent_id: int) -> list[str]:
    rows = store.rows(
        "SELECT campaign FROM calls WHERE agent_id = ? AND campaign IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1",
        [agent_id],
    )
    return [row["campaign"] for row in rows]


def _step_title(library: Library | None, parts: tuple[str, ...]) -> str:
    entry = library.entry(parts[1]) if library else None
    step = next((respond for respond in entry.respond if respond.step == parts[2]), None) if entry else None
    return f"{entry.title} · {step.title}" if entry and step else f"{parts[1]} · {parts[2]}"


def _fits(kind: Kind, parts: tuple[str, ...]) -> bool:
    if kind == "score":
        return parts[0] in (*SKILLS, "overall")
    if kind == "criterion":
        return parts[0] in rubrics.CRITERIA and parts[1] in dict(rubrics.CRITERIA)[parts[0]]
    return kind != "never" or parts[0] in NEVER_TITLE


_Sql = tuple[str, str, str, dict[str, Any]]


def _score(measure: Measure) -> _Sql:
    return f"c.{measure.parts[0]}", "NULL", "", {}


def _criterion(measure: Measure) -> _Sql:
    skill, criterion = measure.parts if measure.kind == "criterion" else (criteria.COMPLIANCE, measure.parts[0])
    join = "JOIN call_criteria k ON k.call_id = c.id AND k.skill = :skill AND k.criterion = :criterion"
    return f"(k.value >= {MET})", "k.start", join, {"skill": skill, "criterion": criterion}


def _point(measure: Measure) -> _Sql:
    join = "JOIN spoken_points s ON s.call_id = c.id AND s.point = :point AND c.campaign = :campaign"
    return (
        "(s.status IN ('said', 'partial'))",
        "s.start",
        join,
        {"campaign": measure.parts[0], "point": measure.parts[1]},
    )


def _step(measure: Measure) -> _Sql:
    join = """JOIN objection_steps o ON o.call_id = c.id AND o.objection = :objection AND o.step = :step
              AND c.campaign = :campaign"""
    return "o.done", "o.start", join, dict(zip(("campaign", "objection", "step"), measure.parts, strict=True))


_SQL = {"score": _score, "criterion": _criterion, "never": _criterion, "point": _point, "step": _step}
