"""What a lead takes into the talk, on one page: two strengths, the one thing to change, three clips, what to say there,
the last agreement, three questions. Made of counted rows; the same calls give the same page.

Only the analyses of the (at most three) calls with a clip are read as a whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assist.coaching import agreements, followup, lines, measures, opening, sessions
from assist.coaching.followup import Progress
from assist.coaching.lines import Line, Window
from assist.people.users import User
from assist.scripts.library import STEPS, Library
from assist.store import Store, criteria, results
from assist.store.clock import moment, now

CLIP_SECONDS = 25.0
CLIPS = 3

_STEP_OF = {"acknowledged": "acknowledge", "clarified": "clarify", "answered": "answer", "advanced": "advance"}
_STAGE_OF = {"opening": "opening", "questioning": "discovery"}


@dataclass(frozen=True, slots=True)
class Clip:
    """A stretch of a call to hear together, in seconds. `good`: how it is done well."""

    call_id: int
    called_at: datetime
    start: float
    end: float
    speaker: str
    quote: str
    reason: str
    good: bool


@dataclass(frozen=True, slots=True)
class SayInstead:
    """The library's own words for it; `source` names the point, or objection/step."""

    source: str
    title: str
    say: str
    call_id: int | None
    start: float | None


@dataclass(frozen=True, slots=True)
class Brief:
    """`change` and `say` are None where there is nothing that comes up often enough."""

    agent: User
    window: Window
    strengths: tuple[Line, ...]
    change: Line | None
    clips: tuple[Clip, ...]
    say: SayInstead | None
    last: Progress | None
    questions: tuple[str, ...]


def brief(store: Store, user: User, agent_id: int, language: str, at: datetime | None = None) -> Brief:
    """Raises NotFound where the user may not see one-on-ones with the agent."""
    agent = sessions.agent_of(store, user, agent_id)
    criteria.catch_up(store, agent_id)
    followup.settle(store, [agent_id], at)
    window = lines.window(store, agent_id, at or now())
    found = lines.lines(store, agent, window, language)
    weakest = lines.weakest(found)
    strengths = lines.strengths(found, weakest)
    clips, reports = _clips(store, weakest, strengths)
    signed = next((one for one in agreements.of_agent(store, user, agent_id) if one.signed), None)
    return Brief(
        agent=agent,
        window=window,
        strengths=strengths,
        change=weakest,
        clips=clips,
        say=_say_instead(store, weakest, clips, reports) if weakest else None,
        last=followup.progress(store, signed) if signed else None,
        questions=opening.questions(weakest.skill, weakest.criterion, language) if weakest else (),
    )


def _clips(
    store: Store, weakest: Line | None, strengths: Sequence[Line]
) -> tuple[tuple[Clip, ...], dict[int, dict[str, Any]]]:
    """Two moments of the one thing and one where it went well (of the same thing, else of a strength); three of the
    one thing where nothing went well."""
    if weakest is None:
        wanted = [(row, True) for line in strengths for row in lines.best(line)[:2]][:CLIPS]
    else:
        bad, good = (
            lines.worst(weakest),
            lines.best(weakest) or [row for line in strengths for row in lines.best(line)[:1]],
        )
        wanted = [(row, False) for row in bad[: CLIPS - 1 if good else CLIPS]] + [(row, True) for row in good[:1]]
    reports = {row["call_id"]: results.analysis(store, row["analysis_key"]) for row, _ in wanted}
    clips = (_clip(row, reports[row["call_id"]], good) for row, good in wanted)
    found = tuple(clip for clip in clips if clip is not None)
    return found, {call_id: report for call_id, report in reports.items() if report}


def _clip(row: Mapping[str, Any], report: Mapping[str, Any] | None, good: bool) -> Clip | None:
    """From the turn that shows it (from the customer's words before it, where the agent answers them) on."""
    if report is None:
        return None
    turns = report["turns"]
    place = next((number for number, turn in enumerate(turns) if turn["id"] == row["turn"]), None)
    if place is None:
        return None
    shown = turns[place]
    first = (
        turns[place - 1]
        if place and shown["speaker"] == "agent" and turns[place - 1]["speaker"] == "customer"
        else shown
    )
    last = shown
    for turn in turns[place + 1 :]:
        if turn["end"] - first["start"] > CLIP_SECONDS:
            break
        last = turn
        if turn["speaker"] == "agent" and shown["speaker"] != "agent":
            break
    end = min(max(last["end"], shown["end"]), first["start"] + CLIP_SECONDS)
    why = _why(report, row["skill"], row["criterion"])
    at = moment(row["called_at"])
    return Clip(row["call_id"], at, first["start"], end, shown["speaker"], shown["text"][:120], why, good)


def _why(report: Mapping[str, Any], skill: str, criterion: str) -> str:
    lines = report["scores"].get(skill, {}).get("criteria", ())
    return next((str(line["why"]) for line in lines if line["id"] == criterion), "")


def _say_instead(
    store: Store, line: Line, clips: Sequence[Clip], reports: Mapping[int, Mapping[str, Any]]
) -> SayInstead | None:
    """The library's words for it: what the analysis of a clip's call advises at that moment, else anywhere in the call,
    else what the playbook has for the objection that is heard there."""
    bad = [(clip, reports[clip.call_id]) for clip in clips if not clip.good]
    advised = [
        (not (one.start is not None and clip.start <= one.start <= clip.end), number, one)
        for number, (clip, report) in enumerate(bad)
        for one in _advised(clip, report)
        if _fits(store, line, one.source, report)
    ]
    if advised:
        return min(advised, key=lambda found: found[:2])[2]
    return next((found for clip, report in bad if (found := _from_playbook(store, line, clip, report))), None)


def _advised(clip: Clip, report: Mapping[str, Any]) -> list[SayInstead]:
    starts = {turn["id"]: turn["start"] for turn in report["turns"]}
    return [
        SayInstead(one["source"], one["title"], one["say"], clip.call_id, starts.get(one["turn"]))
        for one in report["coaching"].get("say_instead", ())
    ]


def _from_playbook(store: Store, line: Line, clip: Clip, report: Mapping[str, Any]) -> SayInstead | None:
    library, step = _library(store, report), _STEP_OF.get(line.criterion)
    if library is None or line.skill != "rejection_handling":
        return None
    for found in report.get("objections", ()):
        entry = library.entry(found["id"])
        words = next((one for one in entry.respond if one.step == step and one.say), None) if entry else None
        if entry and words and clip.start - 1 <= found["start"] <= clip.end:
            source, title = f"{entry.objection}/{words.step}", f"{entry.title} · {words.title}"
            return SayInstead(source, title, words.say[0], clip.call_id, found["start"])
    return None


def _fits(store: Store, line: Line, source: str, report: Mapping[str, Any]) -> bool:
    """Whether words of the library (a point, or objection/step) are about the criterion."""
    objection, _, step = source.partition("/")
    if line.skill == "rejection_handling":
        return step == _STEP_OF.get(line.criterion, step) and step in STEPS
    if line.skill == criteria.COMPLIANCE:
        return True
    library = _library(store, report)
    stage = next((stage for stage, point in library.points() if point.id == objection), None) if library else None
    return not step and stage == _STAGE_OF.get(line.skill)


def _library(store: Store, report: Mapping[str, Any]) -> Library | None:
    campaign = report["engine"].get("script", {}).get("campaign")
    return measures.library_of(store, campaign) if campaign else None
