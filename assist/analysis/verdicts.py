"""People's verdicts on what was found, and the call weighed again with them. Pure: the same machine report and the same
verdicts give the same second report, byte for byte; the machine's own stays as it is.

A verdict names its finding by kind, id and the seconds of the evidence, not by turn: when the call is judged again
from a corrected transcript or by a new library, it still fits where the same finding overlaps it in time.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, get_args

from assist.analysis import judge, report
from assist.analysis.findings import (
    SKILLS,
    Evidence,
    Findings,
    ForbiddenFinding,
    ObjectionFinding,
    ObjectionOutcome,
    PointFinding,
    QuestionFinding,
    QuestionKind,
    Skill,
    Status,
)
from assist.analysis.floor import Floor, evidence
from assist.analysis.reading import Report, findings_of
from assist.analysis.rubric import Rubric
from assist.analysis.rulings import Excuse, Rulings
from assist.scripts.library import Library, StepName
from assist.transcript import Speaker, Transcript, Turn

VERSION = "1"
"""Changes whenever the same verdicts could give another report."""

Kind = Literal["point", "objection", "question", "forbidden", "manners", "criterion", "flag"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class About:
    """Which finding: a point's, objection's or item's id, `skill/criterion`, a flag's rule; empty for a question.

    `start` and `end` are the seconds of its evidence, None where it has no place (a missed point, a criterion).
    """

    kind: Kind
    id: str
    start: float | None = None
    end: float | None = None

    def at(self, place: Evidence | None) -> bool:
        """Whether evidence overlaps this in time; without a place on one side there is nothing to tell apart."""
        if place is None or self.start is None or self.end is None:
            return True
        return place.start <= self.end and self.start <= place.end


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the finding really is; what is None stays as the machine has it, and a Ruling with nothing keeps it whole.

    `gone`: there is no such objection, question, item or flag. `id`: another objection. `start` and `end`: the seconds
    of the turn that is the evidence. `value` (0–1) is a criterion's.
    """

    gone: bool = False
    id: str | None = None
    status: Status | None = None
    start: float | None = None
    end: float | None = None
    steps: tuple[StepName, ...] | None = None
    outcome: ObjectionOutcome | None = None
    question: QuestionKind | None = None
    value: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Only what was ruled, ready for JSON."""
        named = {name: getattr(self, name) for name in self.__slots__}
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in named.items()
            if value is not None and value is not False
        }

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> "Ruling":
        steps = given.get("steps")
        return cls(**{**given, "steps": None if steps is None else tuple(steps)})


KEPT = Ruling()


@dataclass(frozen=True, slots=True)
class Verdict:
    """One person's word. `number` is its id in the store; `added`: the machine found nothing there."""

    number: int
    about: About
    ruling: Ruling = KEPT
    added: bool = False


@dataclass(frozen=True, slots=True)
class Stood:
    """What stands: the report with the verdicts, and which of them fit. `changed` is False where nothing did."""

    report: dict[str, Any]
    fits: Mapping[int, bool]
    changed: bool


_Applied = Findings | None
"""The findings with a verdict in them; None where it does not fit."""


def stand(
    machine: Report,
    transcript: Transcript,
    library: Library,
    rubric: Rubric,
    called_at: datetime | None,
    verdicts: Sequence[Verdict],
    weeks: int | None = None,
) -> Stood:
    """The machine's report with people's verdicts in it, weighed again; `called_at` and `weeks` as in `judge.judge`."""
    floor, found = Floor(transcript), findings_of(machine)
    found, fits = applied(found, verdicts, floor, library)
    fits |= {one.number: _known(one, machine, rubric) for one in verdicts if one.about.kind in ("criterion", "flag")}
    standing = [one for one in verdicts if fits[one.number] and one.ruling != KEPT]
    if not standing:
        return Stood(dict(machine), fits, changed=False)
    analysis = judge.weigh(floor, library, found, rubric, called_at, weeks=weeks, rulings=_rulings(standing))
    engine = machine["engine"]
    facts = report.EngineFacts(
        assist=engine.get("assist", ""),
        speech=engine.get("speech", ""),
        encoder=engine.get("encoder", ""),
        campaign=engine["script"].get("campaign", library.campaign),
        script_version=engine["script"]["version"],
    )
    heard = machine["recording"]
    recording = report.RecordingFacts(heard["sha256"], heard["seconds"], heard["channels"], heard["layout"])
    document = report.to_dict(transcript, analysis, recording, facts)
    if _essence(document) == _essence(machine):
        return Stood(dict(machine), fits, changed=False)
    said = [
        {"id": one.number, "kind": one.about.kind, "finding": one.about.id, "start": one.about.start}
        | {"ruling": one.ruling.to_dict()}
        for one in standing
    ]
    return Stood(document | {"verdicts": said}, fits, changed=True)


def _essence(document: Report) -> list[Any]:
    """What a report says, without how sure it is of it."""
    scores = document["scores"]
    lines = [[line["value"] for line in scores[skill].get("criteria", ())] for skill in SKILLS]
    return [
        [(one["id"], one["status"], one["turn"]) for one in document.get("points", ())],
        [(one["id"], one["turn"], one["steps"], one["outcome"]) for one in document.get("objections", ())],
        [(one["turn"], one["quote"], one["kind"]) for one in document.get("questions", ())],
        [[(one["id"], one["turn"]) for one in document.get(kind, ())] for kind in ("forbidden", "manners")],
        [(flag["rule"], flag["severity"], flag["turns"]) for flag in document["flags"]],
        [scores[skill]["value"] for skill in (*SKILLS, "overall")],
        lines,
    ]


def applied(
    found: Findings, verdicts: Sequence[Verdict], floor: Floor, library: Library
) -> tuple[Findings, dict[int, bool]]:
    """The findings with all verdicts that fit, in their order, and which fit, by number."""
    fits: dict[int, bool] = {}
    for verdict in verdicts:
        if verdict.about.kind in _APPLY:
            changed = _APPLY[verdict.about.kind](found, verdict, floor, library)
            fits[verdict.number] = changed is not None
            found = changed or found
    return found, fits


def place_of(transcript: Transcript, start: float | None, end: float | None, *speakers: Speaker) -> Evidence | None:
    """The whole turn of one of these speakers that overlaps the span most, as evidence; None where none does."""
    if start is None or end is None:
        return None
    turns = [turn for turn in transcript.turns if turn.speaker in speakers and not turn.unintelligible]
    best = max(turns, key=lambda turn: _overlap(turn, start, end), default=None)
    return evidence(best) if best and best.text and _overlap(best, start, end) > 0 else None


def _overlap(turn: Turn, start: float, end: float) -> float:
    return min(turn.end, end) - max(turn.start, start)


def _point(found: Findings, verdict: Verdict, floor: Floor, library: Library) -> _Applied:
    about, ruling = verdict.about, verdict.ruling
    old = next((point for point in found.points if point.id == about.id), None)
    if old is None:
        return None
    place = None
    if ruling.status in ("said", "partial"):
        place = place_of(floor.transcript, ruling.start, ruling.end, "agent")
        if place is None:
            return None
    elif not about.at(old.evidence):  # found elsewhere by now: nobody has said yet what that is
        return None
    if ruling.status is None:
        return found
    new = PointFinding(old.id, ruling.status, 1.0, place)
    return replace(found, points=tuple(new if point is old else point for point in found.points))


def _objection(found: Findings, verdict: Verdict, floor: Floor, library: Library) -> _Applied:
    about, ruling = verdict.about, verdict.ruling
    names = {about.id, ruling.id}
    old = next((one for one in found.objections if one.id in names and about.at(one.evidence)), None)
    if old is None and verdict.added:
        old = _raised(verdict, floor)
    wanted = ruling.id or about.id
    if old is None or not (ruling.gone or wanted == "other" or library.entry(wanted)):
        return None
    rest = [one for one in found.objections if one is not old]
    if not ruling.gone:
        rest.append(_ruled(old, ruling, floor))
    rest.sort(key=lambda one: (one.evidence.start, one.evidence.turn))
    return replace(found, objections=tuple(rest))


def _raised(verdict: Verdict, floor: Floor) -> ObjectionFinding | None:
    """An objection that the machine did not find, in the customer's turn there."""
    place = place_of(floor.transcript, verdict.about.start, verdict.about.end, "customer")
    if place is None:
        return None
    return ObjectionFinding(verdict.about.id, place, 1.0, "objection", False, (), (), "unanswered")


def _ruled(old: ObjectionFinding, ruling: Ruling, floor: Floor) -> ObjectionFinding:
    if ruling == KEPT:
        return old
    steps = old.steps if ruling.steps is None else ruling.steps
    outcome = ruling.outcome or old.outcome
    if outcome == "unanswered" and ruling.outcome:
        steps = ()
    elif outcome == "unanswered" and steps:
        outcome = "resolved"
    answered = bool(steps) or outcome == "resolved" or (old.answered and outcome != "unanswered")
    reply = next((turn.id for turn in floor.after(old.evidence.turn) if turn.speaker == "agent"), None)
    turns = old.answer_turns or (() if reply is None else (reply,))
    return replace(
        old,
        id=ruling.id or old.id,
        confidence=1.0,
        steps=steps,
        outcome=outcome,
        answered=answered,
        answer_turns=turns if answered else (),
    )


def _question(found: Findings, verdict: Verdict, floor: Floor, library: Library) -> _Applied:
    ruling = verdict.ruling
    old = next((one for one in found.questions if verdict.about.at(one.evidence)), None)
    if old is None:
        return None
    new: QuestionFinding | None = None if ruling.gone else replace(old, kind=ruling.question or old.kind)
    kept = tuple(new if one is old else one for one in found.questions)
    return replace(found, questions=tuple(one for one in kept if one is not None))


def _forbidden(found: Findings, verdict: Verdict, floor: Floor, library: Library) -> _Applied:
    about = verdict.about
    old = next((one for one in found.forbidden if one.id == about.id and about.at(one.evidence)), None)
    if old is None and verdict.added:
        item = next((item for item in library.forbidden if item.id == about.id), None)
        place = place_of(floor.transcript, about.start, about.end, "agent")
        old = ForbiddenFinding(about.id, place, item.severity) if item and place else None
    if old is None:
        return None
    new = replace(old, confidence=1.0) if verdict.ruling.status == "said" else old
    rest = [one for one in found.forbidden if one is not old]
    rest = rest if verdict.ruling.gone else sorted([*rest, new], key=lambda one: (one.evidence.start, one.id))
    return replace(found, forbidden=tuple(rest))


def _manners(found: Findings, verdict: Verdict, floor: Floor, library: Library) -> _Applied:
    about = verdict.about
    old = next((one for one in found.manners if one.id == about.id and about.at(one.evidence)), None)
    if old is None:
        return None
    if not verdict.ruling.gone:
        return found
    return replace(found, manners=tuple(one for one in found.manners if one is not old))


_APPLY: Mapping[Kind, Callable[[Findings, Verdict, Floor, Library], _Applied]] = {
    "point": _point,
    "objection": _objection,
    "question": _question,
    "forbidden": _forbidden,
    "manners": _manners,
}


def criterion_of(identifier: str) -> tuple[Skill, str] | None:
    """`opening/identity` as its two parts; None where it names no skill."""
    skill, _, name = identifier.partition("/")
    return (skill, name) if skill in SKILLS and name else None


def _known(verdict: Verdict, machine: Report, rubric: Rubric) -> bool:
    about = verdict.about
    if about.kind == "criterion":
        named = criterion_of(about.id)
        return named is not None and any(one.id == named[1] for one in rubric.skills[named[0]].criteria)
    starts = {turn["id"]: (turn["start"], turn["end"]) for turn in machine["turns"]}
    return any(
        flag["rule"] == about.id and _flagged(about, [starts[turn] for turn in flag["turns"] if turn in starts])
        for flag in machine["flags"]
    )


def _flagged(about: About, spans: Sequence[tuple[float, float]]) -> bool:
    if about.start is None or about.end is None or not spans:
        return True
    return any(start <= about.end and about.start <= end for start, end in spans)


def _rulings(standing: Sequence[Verdict]) -> Rulings:
    values = {
        named: one.ruling.value
        for one in standing
        if one.about.kind == "criterion" and one.ruling.value is not None and (named := criterion_of(one.about.id))
    }
    excuses = tuple(
        Excuse(one.about.id, one.about.start, one.about.end)
        for one in standing
        if one.about.kind == "flag" and one.ruling.gone
    )
    return Rulings(values, excuses)
