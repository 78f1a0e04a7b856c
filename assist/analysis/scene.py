"""A call laid out for judging: where its opening ends, which questions are about needs, what each case is."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from assist.analysis.findings import (
    Findings,
    ForbiddenFinding,
    ObjectionFinding,
    PointFinding,
    QuestionFinding,
    Skill,
)
from assist.analysis.floor import Floor
from assist.analysis.rubric import Rubric
from assist.analysis.rulings import NO_RULINGS, Rulings
from assist.scripts.library import Library, Point, StageName
from assist.texts import translate
from assist.transcript import Turn
from models.language import read

_ROLES: Mapping[str, tuple[str, ...]] = {
    "notice": ("record", "notice", "录音", "recorded"),
    "permission": ("ask-time", "permission", "convenient", "good-time", "方便", "占用", "征询", "good time"),
    "identity": ("identity", "confirm-name", "verify", "身份", "本人", "核实客户"),
    "introduction": ("intro", "self", "自报", "自我介绍", "介绍自己", "公司和姓名", "报家门", "introduce"),
    "purpose": ("purpose", "reason", "why-call", "目的", "来意", "事由", "来电原因", "致电"),
}
"""By which words of its id or title a point of the opening stage is known to do what: scripts name them freely."""

CLEARLY = 0.5
"""Confidence from which an objection passed over, or something forbidden, is held against the agent."""


@dataclass(frozen=True)
class Scene:
    """Transcript, library and findings of one call, with what the criteria ask about them."""

    floor: Floor
    library: Library
    findings: Findings
    rubric: Rubric
    rulings: Rulings = NO_RULINGS

    def say(self, text: str, **facts: object) -> str:
        """`text` in the library's language, filled with facts."""
        return translate(text, self.library.language) % facts

    def setting(self, skill: Skill, name: str) -> float:
        return self.rubric.skills[skill].settings[name]

    @cached_property
    def agent(self) -> tuple[Turn, ...]:
        return self.floor.of("agent")

    @cached_property
    def stages(self) -> dict[str, StageName]:
        return {point.id: stage for stage, point in self.library.points()}

    @cached_property
    def script(self) -> dict[str, Point]:
        return {point.id: point for _, point in self.library.points()}

    def found(self, point_id: str) -> PointFinding | None:
        return next((point for point in self.findings.points if point.id == point_id), None)

    def points_of(self, *stages: StageName) -> tuple[PointFinding, ...]:
        return tuple(point for point in self.findings.points if self.stages.get(point.id) in stages)

    @cached_property
    def broken(self) -> tuple[ForbiddenFinding, ...]:
        """What was clearly said though it is forbidden; what only may have been costs nothing: a lead is to listen."""
        return tuple(found for found in self.findings.forbidden if found.confidence >= CLEARLY)

    @cached_property
    def roles(self) -> dict[str, tuple[str, ...]]:
        """What the opening points of this script do: role → point ids; `other` for the rest."""
        roles: dict[str, tuple[str, ...]] = {}
        for stage, point in self.library.points():
            if stage == "opening":
                role = _role(point)
                roles[role] = (*roles.get(role, ()), point.id)
        return roles

    @cached_property
    def answer_turns(self) -> frozenset[int]:
        """Turns in which the agent answers an objection."""
        return frozenset(turn for objection in self.findings.objections for turn in objection.answer_turns)

    @cached_property
    def window(self) -> int:
        """Place in the floor where the opening ends: the first discovery question or point, or the speech limit."""
        limit = self.setting("opening", "window_s")
        started = [self.floor.place(turn) for turn in self._begins_discovery()]
        late = [place for place, turn in enumerate(self.floor.turns) if self.floor.elapsed(turn.id) > limit]
        first = self.floor.place(self.agent[0].id) + 1 if self.agent else 0
        return max(first, min([*started, *late, len(self.floor.turns)]))

    def _begins_discovery(self) -> list[int]:
        opening = {point.evidence.turn for point in self.points_of("opening") if point.evidence}
        turns = [
            point.evidence.turn
            for point in self.points_of("discovery", "pitch", "close")
            if point.evidence and (point.status == "said" or self.stages[point.id] == "discovery")
        ]
        asked = [
            question.evidence.turn
            for question in self.findings.questions
            if question.kind == "open" and question.evidence.turn not in self.answer_turns
        ]
        return [turn for turn in (*turns, *asked) if turn not in opening]

    @cached_property
    def opening(self) -> tuple[Turn, ...]:
        """The turns of the opening."""
        return self.floor.turns[: self.window]

    def in_opening(self, turn_id: int) -> bool:
        return self.floor.place(turn_id) < self.window

    @cached_property
    def needs(self) -> tuple[QuestionFinding, ...]:
        """The most open question of each turn that asks about the customer: not his identity, consent or a slot."""
        best: dict[int, QuestionFinding] = {}
        for question in self.findings.questions:
            turn = question.evidence.turn
            if self._about_needs(question) and (turn not in best or question.kind == "open"):
                best[turn] = question
        return tuple(best[turn] for turn in sorted(best, key=self.floor.place))

    def _about_needs(self, question: QuestionFinding) -> bool:
        turn = question.evidence.turn
        stages = {
            self.stages.get(point.id)
            for point in self.findings.points
            if point.evidence and point.evidence.turn == turn and point.status != "missed"
        }
        if "discovery" in stages:
            return True
        if turn in self.answer_turns and question.kind == "closed":
            return False
        return not stages & {"opening", "close", "ending"} and not self.in_opening(turn)

    def answers(self, turn_id: int) -> tuple[Turn, ...]:
        """What the customer says until the agent speaks again."""
        return tuple(takewhile(lambda turn: turn.speaker == "customer", self.floor.after(turn_id)))

    @cached_property
    def early_objections(self) -> tuple[ObjectionFinding, ...]:
        """Raised in the opening or in the customer's first turn after it."""
        return tuple(
            found for found in self.findings.objections if self.floor.place(found.evidence.turn) <= self.window
        )

    @cached_property
    def passed_over(self) -> tuple[int, ...]:
        """Turns of early objections, clearly heard, that were met with nothing, or with nothing but arguments."""
        return tuple(
            found.evidence.turn
            for found in self.early_objections
            if found.confidence >= CLEARLY and not self._softened(found)
        )

    def _softened(self, found: ObjectionFinding) -> bool:
        """Acknowledged or asked back at once, or at least met with regard or an apology."""
        reply = next((turn for turn in self.floor.after(found.evidence.turn) if turn.speaker == "agent"), None)
        if reply is None:
            return False
        if {"acknowledge", "clarify"} & set(found.steps) and reply.id in found.answer_turns:
            return True
        return read(reply.text, self.floor.language).has("regard", "apology")

    @cached_property
    def lost(self) -> bool:
        """The call came to nothing before the opening was over, or within the speech that an opening may take."""
        if self.findings.outcome.value not in ("hung-up", "refused"):
            return False
        over = len(self.floor.turns) <= self.window + 1
        return over or self.floor.speech_seconds <= self.setting("opening", "window_s")

    @cached_property
    def cases(self) -> tuple[tuple[ObjectionFinding, ...], ...]:
        """Objections to be handled: one said again after a real step in between belongs to the same case."""
        cases: list[list[ObjectionFinding]] = []
        for objection in self.findings.objections:
            last = cases[-1][-1] if cases else None
            if last and last.id == objection.id and last.steps and objection.force != "refusal":
                cases[-1].append(objection)
            else:
                cases.append([objection])
        return tuple(tuple(case) for case in cases)


def _role(point: Point) -> str:
    name = f"{point.id} {point.title}".lower()
    return next((role for role, words in _ROLES.items() if any(word in name for word in words)), "other")
