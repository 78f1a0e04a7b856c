"""A judged call as its page shows it: an `assist-analysis/1` document read with the library it was judged by."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from api import words
from api.formats import grade
from api.views import marking, naming, sound
from api.views.marking import Mark, Piece
from api.views.sound import Band
from assist.scripts.library import STEPS, Library
from assist.transcript import SPEAKERS_UNCERTAIN

Report = dict[str, Any]

SKILLS = ("opening", "questioning", "rejection_handling")

_EMPTY: Report = {part: [] for part in ("points", "objections", "questions", "forbidden", "manners", "flags", "turns")}


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion of a score. `value` 0–100 (None: no occasion); `seconds` of its evidence."""

    title: str
    value: int | None
    weight: float
    why: str
    seconds: tuple[float, ...]
    name: str = ""

    @property
    def grade(self) -> str:
        return grade(self.value)


@dataclass(frozen=True, slots=True)
class ScoreCard:
    skill: str
    value: int | None
    why: str
    lines: tuple[Line, ...] = ()

    @property
    def grade(self) -> str:
        return grade(self.value)

    @property
    def met(self) -> int:
        return sum(line.value is not None and line.value >= 60 for line in self.lines)

    @property
    def judged(self) -> int:
        return sum(line.value is not None for line in self.lines)


@dataclass(frozen=True, slots=True)
class TurnLine:
    id: int
    speaker: str
    start: float
    end: float
    pieces: list[Piece]
    notes: list[Mark]
    unsure: bool = False
    aside: bool = False
    heard: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    turn: int | None
    title: str
    say: str


@dataclass(frozen=True, slots=True)
class Objection:
    title: str
    quote: str
    start: float
    outcome: str
    force: str
    confidence: float
    done: tuple[str, ...]
    missing: tuple[str, ...]
    answers: tuple[str, ...]
    suggestions: tuple[Suggestion, ...]
    name: str = ""

    @property
    def grade(self) -> str:
        return words.OBJECTION_GRADE[self.outcome]


@dataclass(frozen=True, slots=True)
class Point:
    title: str
    required: bool
    status: str
    start: float | None
    quote: str
    wording: str
    name: str = ""

    @property
    def grade(self) -> str:
        return "none" if self.status == "missed" and not self.required else words.STATUS_GRADE[self.status]


@dataclass(frozen=True, slots=True)
class StagePoints:
    stage: str
    title: str
    points: list[Point]

    @property
    def said(self) -> int:
        return sum(point.status == "said" for point in self.points)

    @property
    def reached(self) -> bool:
        """Whether the call came to this stage at all."""
        return any(point.start is not None for point in self.points)

    @property
    def lacking(self) -> bool:
        """Whether something that had to be said was not, or only in part."""
        return any(point.required and point.status in ("partial", "missed") for point in self.points)


@dataclass(frozen=True, slots=True)
class Flag:
    severity: str
    reason: str
    start: float | None
    name: str = ""

    @property
    def grade(self) -> str:
        return words.SEVERITY_GRADE[self.severity]


@dataclass(frozen=True, slots=True)
class CallView:
    """Everything the call page needs, ready to be written down."""

    scores: list[ScoreCard]
    focus: str
    needed: bool
    suggestions: list[Suggestion]
    praise: list[Line]
    flags: list[Flag]
    objections: list[Objection]
    stages: list[StagePoints]
    questions: list[dict[str, Any]]
    delivery: dict[str, Any] | None
    outcome: dict[str, Any]
    bands: list[Band]
    marks: list[Mark]
    turns: list[TurnLine]
    seconds: float
    layout: str
    rubric: str
    speakers_uncertain: bool

    def score(self, skill: str) -> ScoreCard:
        return next(card for card in self.scores if card.skill == skill)

    @property
    def required(self) -> int:
        return sum(point.required for stage in self.stages for point in stage.points)

    @property
    def required_said(self) -> int:
        return sum(point.required and point.status == "said" for stage in self.stages for point in stage.points)


def view(report: Report, library: Library) -> CallView:
    """Reads the document leniently: parts that an older version of it left out are empty."""
    report = _EMPTY | report
    starts = {turn["id"]: turn["start"] for turn in report["turns"]}
    seconds = report["recording"].get("seconds") or max((turn["end"] for turn in report["turns"]), default=0.0)
    found = marking.marks(report, library)
    coaching = report["coaching"]
    suggestions = [_suggestion(item) for item in coaching.get("say_instead", [])]
    scores = [_card(skill, report["scores"].get(skill), starts) for skill in (*SKILLS, "overall")]
    return CallView(
        scores=scores,
        focus=coaching["focus"],
        needed=coaching["needed"],
        suggestions=suggestions,
        praise=_praise(scores),
        flags=[_flag(item, starts, report) for item in report["flags"]],
        objections=[_objection(item, report, library, suggestions) for item in report["objections"]],
        stages=_stages(report, library),
        questions=[item | {"name": naming.of("question", "", item["start"])} for item in report["questions"]],
        delivery=report.get("delivery"),
        outcome=report["outcome"] | {"start": starts.get(report["outcome"].get("turn"))},
        bands=sound.bands(report, library, seconds),
        marks=found,
        turns=_turns(report, found),
        seconds=seconds,
        layout=report["recording"].get("layout", ""),
        rubric=str(report["engine"].get("rubric", "")),
        speakers_uncertain=report.get("speakers_confidence", 1.0) < SPEAKERS_UNCERTAIN,
    )


def _card(skill: str, score: dict[str, Any] | None, starts: dict[int, float]) -> ScoreCard:
    if score is None:
        return ScoreCard(skill, None, "")
    lines = tuple(_line(skill, item, starts) for item in score.get("criteria", []))
    return ScoreCard(skill, score["value"], score.get("why", ""), lines)


def _line(skill: str, item: dict[str, Any], starts: dict[int, float]) -> Line:
    value = item["value"]
    seconds = tuple(starts[turn] for turn in item.get("evidence", []) if turn in starts)
    title = item.get("title") or item["id"]
    points = None if value is None else round(100 * value)
    name = naming.of("criterion", f"{skill}/{item['id']}")
    return Line(title, points, item["weight"], item.get("why", ""), seconds, name)


def _praise(scores: Iterable[ScoreCard]) -> list[Line]:
    """What went well, the weightiest first: an agent reads this before anything else."""
    full = [line for card in scores for line in card.lines if line.value is not None and line.value >= 90]
    return sorted(full, key=lambda line: (-line.weight, not line.seconds))[:3]


def _suggestion(item: dict[str, Any]) -> Suggestion:
    return Suggestion(item.get("turn"), item.get("title", ""), item["say"])


def _flag(item: dict[str, Any], starts: dict[int, float], report: Report) -> Flag:
    start = next((starts[turn] for turn in item.get("turns", []) if turn in starts), None)
    return Flag(item["severity"], item["reason"], start, naming.behind(item, start, report))


def _objection(item: dict[str, Any], report: Report, library: Library, suggestions: list[Suggestion]) -> Objection:
    entry = library.entry(item["id"])
    done = tuple(step for step in STEPS if step in item["steps"])
    asked = tuple(step.step for step in entry.respond) if entry else ()
    texts = {turn["id"]: turn["text"] for turn in report["turns"]}
    about = {item["turn"], *item["answer_turns"]}
    return Objection(
        title=entry.title if entry else "",
        quote=item["quote"],
        start=item["start"],
        outcome=item["outcome"],
        force=item.get("force", ""),
        confidence=item["confidence"],
        done=done,
        missing=tuple(step for step in asked if step not in done),
        answers=tuple(texts[turn] for turn in item["answer_turns"] if turn in texts),
        suggestions=tuple(suggestion for suggestion in suggestions if suggestion.turn in about),
        name=naming.of("objection", item["id"], item["start"]),
    )


def _stages(report: Report, library: Library) -> list[StagePoints]:
    found = {point["id"]: point for point in report["points"]}
    return [
        StagePoints(stage.stage, stage.title, [_point(point, found.get(point.id, {})) for point in stage.points])
        for stage in library.script
    ]


def _point(point: Any, found: dict[str, Any]) -> Point:
    wording = point.say[0] if point.say else ""
    status = "uncertain" if found.get("uncertain") else found.get("status", "missed")
    name = naming.of("point", point.id) if found else ""
    return Point(point.title, point.required, status, found.get("start"), found.get("quote") or "", wording, name)


def _turns(report: Report, found: list[Mark]) -> list[TurnLine]:
    grouped = marking.by_turn(found)
    lines = []
    for turn in report["turns"]:
        here = grouped.get(turn["id"], [])
        line = TurnLine(
            id=turn["id"],
            speaker=turn["speaker"],
            start=turn["start"],
            end=turn["end"],
            pieces=marking.pieces(turn["text"], here),
            notes=[mark for mark in here if mark.kind != "point"],
            unsure=turn.get("unintelligible", False),
            aside=turn.get("backchannel", False),
            heard=turn.get("heard"),
        )
        lines.append(line)
    return lines
