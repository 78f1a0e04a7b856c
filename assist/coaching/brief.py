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
from assist.scripts.library import STEPS
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
    past = agreements.of_agent(store, user, agent_id, most=1)
    return Brief(
        agent=agent,
        window=window,
        strengths=strengths,
        change=weakest,
        clips=clips,
        say=_say_instead(store, weakest, clips, reports) if weakest else None,
        last=followup.progress(store, past[0]) if past else None,
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
    """The library's words at the moment of the first clip that has some; such for the step or stage in question go
    before others."""
    offers: list[tuple[bool, bool, int, SayInstead]] = []
    for clip in clips:
        if clip.good:
            continue
        report = reports[clip.call_id]
        starts = {turn["id"]: turn["start"] for turn in report["turns"]}
        for one in report["coaching"].get("say_instead", ()):
            start = starts.get(one["turn"])
            near = start is not None and clip.start <= start <= clip.end
            offer = SayInstead(one["source"], one["title"], one["say"], clip.call_id, start)
            offers.append((not _fits(store, line, one["source"], report), not near, len(offers), offer))
    fitting = [offer for offer in sorted(offers, key=lambda offer: offer[:3]) if not offer[0]]
    return fitting[0][3] if fitting else None


def _fits(store: Store, line: Line, source: str, report: Mapping[str, Any]) -> bool:
    """Whether words of the library (a point, or objection/step) are about the criterion."""
    objection, _, step = source.partition("/")
    if line.skill == "rejection_handling":
        return step == _STEP_OF.get(line.criterion, step) and step in STEPS
    if line.skill == criteria.COMPLIANCE:
        return True
    campaign = report["engine"].get("script", {}).get("campaign")
    library = measures.library_of(store, campaign) if campaign else None
    stage = next((stage for stage, point in library.points() if point.id == objection), None) if library else None
    return not step and stage == _STAGE_OF.get(line.skill)
