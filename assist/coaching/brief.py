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
from assist.coaching.lines import Line, Place, Window
from assist.people.users import User
from assist.scripts.library import STEPS, Library
from assist.store import Store, criteria, shown
from assist.store.clock import now

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
    """`change` and `say` are None where there is nothing that comes up often enough; `heard` is where to hear each
    strength, None where it cannot be heard."""

    agent: User
    window: Window
    strengths: tuple[Line, ...]
    heard: tuple[Place | None, ...]
    change: Line | None
    clips: tuple[Clip, ...]
    say: SayInstead | None
    last: Progress | None
    questions: tuple[str, ...]


def brief(store: Store, user: User, agent_id: int, language: str, at: datetime | None = None) -> Brief:
    """Raises NotFound where the user may not see one-on-ones with the agent."""
    agent = sessions.agent_of(store, user, agent_id)
    measures.catch_up(store, agent_id)
    followup.settle(store, [agent_id], at)
    window = lines.window(store, agent_id, at or now())
    found = lines.lines(store, agent, window, language)
    weakest = lines.weakest(found)
    strengths = lines.strengths(store, agent, window, found, weakest)
    good = [lines.best(store, agent, window, line) for line in strengths]
    wanted = _wanted(store, agent, window, weakest, good)
    reports = {place.call_id: shown.analysis_of(store, place.call_id) for place, _ in wanted}
    known = {call_id: report for call_id, report in reports.items() if report}
    clips = tuple(clip for place, well in wanted if (clip := _clip(place, known.get(place.call_id), well)) is not None)
    signed = next((one for one in agreements.of_agent(store, user, agent_id) if one.signed), None)
    return Brief(
        agent=agent,
        window=window,
        strengths=strengths,
        heard=tuple(places[0] if places else None for places in good),
        change=weakest,
        clips=clips,
        say=_say_instead(store, weakest, clips, known) if weakest else None,
        last=followup.progress(store, signed) if signed else None,
        questions=opening.questions(weakest.skill, weakest.criterion, language) if weakest else (),
    )


def _wanted(
    store: Store, agent: User, window: Window, weakest: Line | None, strengths: Sequence[Sequence[Place]]
) -> list[tuple[Place, bool]]:
    """The places of the clips, and whether it went well there: two of the one thing and one where that went well (else
    one of a strength); three of the one thing where nothing went well."""
    if weakest is None:
        return [(place, True) for places in strengths for place in places[:2]][:CLIPS]
    bad = lines.worst(store, agent, window, weakest)
    well = lines.best(store, agent, window, weakest) or [places[0] for places in strengths if places]
    return [*((place, False) for place in bad[: CLIPS - 1 if well else CLIPS]), *((place, True) for place in well[:1])]


def _clip(place: Place, report: Mapping[str, Any] | None, good: bool) -> Clip | None:
    """From the turn that shows it (from the customer's words before it, where the agent answers them) on."""
    turns = report["turns"] if report else ()
    number = next((number for number, turn in enumerate(turns) if turn["id"] == place.turn), None)
    if report is None or number is None:
        return None
    shown, before = turns[number], turns[max(0, number - 1)]
    answers = shown["speaker"] == "agent" and before["speaker"] == "customer"
    start = before["start"] if answers else shown["start"]
    why = _why(report, place.skill, place.criterion)
    return Clip(
        place.call_id, place.called_at, start, _end(turns, number, start), shown["speaker"], shown["text"][:120], why,
        good,
    )  # fmt: skip


def _end(turns: Sequence[Mapping[str, Any]], number: int, start: float) -> float:
    """Where a clip ends: with the agent's answer to a customer, else as far as it may last, but with a turn's end."""
    end = turns[number]["end"]
    for turn in turns[number + 1 :]:
        if turn["end"] - start > CLIP_SECONDS:
            break
        end = max(end, turn["end"])
        if turn["speaker"] == "agent" and turns[number]["speaker"] != "agent":
            break
    return float(min(end, start + CLIP_SECONDS))


def _why(report: Mapping[str, Any], skill: str, criterion: str) -> str:
    lines = report["scores"].get(skill, {}).get("criteria", ())
    return next((str(line["why"]) for line in lines if line["id"] == criterion), "")


def _say_instead(
    store: Store, line: Line, clips: Sequence[Clip], reports: Mapping[int, Mapping[str, Any]]
) -> SayInstead | None:
    """The library's words for it: what the analysis of a clip's call advises at that moment, else anywhere in the call,
    else what the playbook has for the objection that is heard there."""
    bad = [(clip, reports[clip.call_id]) for clip in clips if not clip.good]
    libraries = {clip.call_id: _library(store, report) for clip, report in bad}
    advised = [
        (not (one.start is not None and clip.start <= one.start <= clip.end), number, one)
        for number, (clip, report) in enumerate(bad)
        for one in _advised(clip, report)
        if _fits(line, one.source, libraries[clip.call_id])
    ]
    if advised:
        return min(advised, key=lambda found: found[:2])[2]
    found = (_from_playbook(line, clip, report, libraries[clip.call_id]) for clip, report in bad)
    return next((one for one in found if one), None)


def _advised(clip: Clip, report: Mapping[str, Any]) -> list[SayInstead]:
    starts = {turn["id"]: turn["start"] for turn in report["turns"]}
    return [
        SayInstead(one["source"], one["title"], one["say"], clip.call_id, starts.get(one["turn"]))
        for one in report["coaching"].get("say_instead", ())
    ]


def _from_playbook(line: Line, clip: Clip, report: Mapping[str, Any], library: Library | None) -> SayInstead | None:
    step = _STEP_OF.get(line.criterion)
    if library is None or line.skill != "rejection_handling":
        return None
    for found in report.get("objections", ()):
        entry = library.entry(found["id"])
        words = next((one for one in entry.respond if one.step == step and one.say), None) if entry else None
        if entry and words and clip.start - 1 <= found["start"] <= clip.end:
            source, title = f"{entry.objection}/{words.step}", f"{entry.title} · {words.title}"
            return SayInstead(source, title, words.say[0], clip.call_id, found["start"])
    return None


def _fits(line: Line, source: str, library: Library | None) -> bool:
    """Whether words of the library (a point, or objection/step) are about the criterion."""
    objection, _, step = source.partition("/")
    if line.skill == "rejection_handling":
        return step == _STEP_OF.get(line.criterion, step) and step in STEPS
    if line.skill == criteria.COMPLIANCE:
        return True
    stage = next((stage for stage, point in library.points() if point.id == objection), None) if library else None
    return not step and stage == _STAGE_OF.get(line.skill)


def _library(store: Store, report: Mapping[str, Any]) -> Library | None:
    campaign = report["engine"].get("script", {}).get("campaign")
    return measures.library_of(store, campaign) if campaign else None
