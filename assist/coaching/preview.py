"""Other rules tried on past calls before they are published: how many calls each would flag now and then, and which.

Nothing is heard or found again: the findings that lie with the calls are weighed by both rubrics.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from assist.analysis.findings import SKILLS, Analysis, Skill
from assist.analysis.floor import Floor
from assist.analysis.judge import weigh
from assist.analysis.reading import findings_of
from assist.analysis.repeated import Judged, Line, sampled, weaknesses
from assist.analysis.rubric import RULES, Rubric
from assist.coaching import rulebook, tenure
from assist.coaching.history import REPEATED, SAMPLE, reason
from assist.people import access
from assist.people.users import User
from assist.privacy import mask
from assist.store import Store, drafts, libraries, results, rubrics
from assist.store.clock import moment, now, stamp
from assist.trials import Report, Trial, launch

MOST_CALLS = 5000
SHOWN = 300
"""Calls named per rule; those that change come first."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why a rule flags a call, and the second to hear."""

    reason: str
    start: float | None


@dataclass(slots=True)
class Told:
    """What one rubric says of one call: its flags by rule, and what its agent's history is made of."""

    flags: dict[str, Why]
    scores: dict[Skill, int | None]
    lines: dict[tuple[Skill, str], Line]
    ordinary: bool


@dataclass(slots=True)
class Tried:
    """One past call, told by the rules in force (`was`) and by the draft's (`now`)."""

    call: Mapping[str, Any]
    was: Told
    now: Told


@dataclass(slots=True)
class _Agent:
    """What was seen of an agent so far, going through the calls in the order of their time."""

    calls: dict[Skill, list[Judged]] = field(default_factory=lambda: {skill: [] for skill in SKILLS})
    seen: int = 0
    taken: int = 0


def begin(
    store: Store,
    user: User,
    draft_id: int,
    since: datetime | None = None,
    until: datetime | None = None,
    sample: int | None = None,
    *,
    wait: bool = False,
) -> Trial:
    """Tries the rules of a draft of the rubric on the calls of a period, in the background unless `wait`.

    Raises NotFound, AccessDenied, LibraryError.
    """
    access.require(user, "rules.edit")
    draft = drafts.get(store, user, draft_id)
    new = rulebook.parsed(drafts.source(store, user, draft_id))
    old = rulebook.parsed(rubrics.in_force(store, now()))
    calls = past(store, user, since, until, sample)
    return launch(store, user, draft, len(calls), lambda report: compare(store, calls, old, new, report), wait=wait)


def past(
    store: Store, user: User, since: datetime | None = None, until: datetime | None = None, sample: int | None = None
) -> list[dict[str, Any]]:
    """Rows of the judged calls of a period in the order of their time; with `sample` about that many, of whole agents,
    so that what repeats stays visible."""
    scope = access.insight_of(user)
    rows = store.rows(
        f"""SELECT c.id, c.sha256, c.called_at, c.agent_id, u.name AS agent, c.transcript_key, c.analysis_key,
                   c.library_version_id
            FROM calls c JOIN users u ON u.id = c.agent_id
            WHERE c.state = 'ready' AND c.analysis_key IS NOT NULL AND c.library_version_id IS NOT NULL
              AND (:since IS NULL OR c.called_at >= :since) AND (:until IS NULL OR c.called_at < :until)
              AND {scope.where} ORDER BY c.called_at DESC, c.id DESC LIMIT :most""",
        {
            "since": stamp(since) if since else None,
            "until": stamp(until) if until else None,
            "most": MOST_CALLS,
            **scope.parameters,
        },
    )[::-1]
    if not sample or len(rows) <= sample:
        return rows
    kept: set[int] = set()
    count = 0
    for agent in sorted({row["agent_id"] for row in rows}, key=lambda number: (number * 2654435761) % 2**32):
        if count < sample:
            kept.add(agent)
            count += sum(row["agent_id"] == agent for row in rows)
    return [row for row in rows if row["agent_id"] in kept]


def compare(
    store: Store,
    calls: Sequence[Mapping[str, Any]],
    old: Rubric,
    new: Rubric,
    report: Report = lambda done, total: True,
) -> dict[str, Any]:
    """Ready for JSON: per rule how many calls were and would be flagged, and which."""
    tried: list[Tried] = []
    for number, call in enumerate(calls, 1):
        told = _tell(store, call, (old, new))
        if told:
            tried.append(Tried(call, *told))
        if not report(number, len(calls)):
            break
    _history(old, [(one.call, one.was) for one in tried])
    _history(new, [(one.call, one.now) for one in tried])
    return {"calls": len(tried), "rules": [_row(name, tried, old, new) for name in RULES]}


def _tell(store: Store, call: Mapping[str, Any], sides: tuple[Rubric, Rubric]) -> tuple[Told, Told] | None:
    """None where the call's text is no longer kept."""
    document = results.analysis(store, call["analysis_key"])
    transcript = results.transcript(store, call["transcript_key"])
    if document is None or transcript is None:
        return None
    at = moment(call["called_at"])
    weeks = tenure.weeks(store, call["agent_id"], at)
    floor, found = Floor(transcript), findings_of(document)
    library = libraries.library(store, call["library_version_id"])
    local = at.astimezone(store.settings.zone)
    was, then = (_told(weigh(floor, library, found, side, local, weeks=weeks), document) for side in sides)
    return was, then


def _told(judged: Analysis, document: Mapping[str, Any]) -> Told:
    starts = {turn["id"]: turn["start"] for turn in document["turns"]}
    flags: dict[str, Why] = {}
    for flag in judged.flags:
        flags.setdefault(flag.rule, Why(flag.reason, starts.get(next(iter(flag.turns), -1))))
    lines = {
        (skill, line.id): Line(line.value, line.weight, None, starts.get(next(iter(line.evidence), -1)))
        for skill in SKILLS
        for line in judged.scores[skill].criteria
        if line.value is not None
    }
    ordinary = not flags and not judged.coaching.needed and judged.overall.value is not None
    return Told(flags, {skill: judged.scores[skill].value for skill in SKILLS}, lines, ordinary)


def _history(rubric: Rubric, calls: Iterable[tuple[Mapping[str, Any], Told]]) -> None:
    """Adds the flags that need the agent's earlier calls: those of the period, as they came."""
    agents: dict[int, _Agent] = {}
    for call, told in calls:
        agent = agents.setdefault(call["agent_id"], _Agent())
        _repeat(rubric, agent, call, told)
        _sample(rubric, agent, call, told)


def _repeat(rubric: Rubric, agent: _Agent, call: Mapping[str, Any], told: Told) -> None:
    rule = rubric.active(REPEATED)
    if rule is None:
        return
    for skill in SKILLS:
        if told.scores[skill] is not None:
            agent.calls[skill] = [Judged(call["id"], told.scores, told.lines), *agent.calls[skill]][: rule.of]
    for one in weaknesses(rule, agent.calls):
        if one.calls[0] == call["id"]:
            told.flags[REPEATED] = Why(reason(one, rule, rubric, "zh"), None)


def _sample(rubric: Rubric, agent: _Agent, call: Mapping[str, Any], told: Told) -> None:
    rule = rubric.active(SAMPLE)
    if rule is None or not told.ordinary or told.flags:
        return
    if sampled(rule, call["sha256"], agent.seen, agent.taken):
        agent.taken += 1
        told.flags[SAMPLE] = Why("", None)
    agent.seen += 1


def _row(name: str, tried: Sequence[Tried], old: Rubric, new: Rubric) -> dict[str, Any]:
    touched = [one for one in tried if name in one.was.flags or name in one.now.flags]
    touched.sort(key=lambda one: (name in one.was.flags) == (name in one.now.flags))
    return {
        "rule": name,
        "on": bool(old.active(name)),
        "will": bool(new.active(name)),
        "now": sum(name in one.was.flags for one in tried),
        "draft": sum(name in one.now.flags for one in tried),
        "shown": [_shown(name, one) for one in touched[:SHOWN]],
    }


def _shown(name: str, one: Tried) -> dict[str, Any]:
    why = one.now.flags.get(name) or one.was.flags[name]
    return {
        "call_id": one.call["id"],
        "called_at": one.call["called_at"],
        "agent": one.call["agent"],
        "was": name in one.was.flags,
        "will": name in one.now.flags,
        "reason": mask(why.reason),
        "start": why.start,
    }
