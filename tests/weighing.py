"""An engine that finds by a few words and weighs for real: what people rule of a call can be weighed again."""

from pathlib import Path
from typing import Any

from assist.analysis import judge, report
from assist.analysis.findings import Findings, ForbiddenFinding, ObjectionFinding, Outcome, PointFinding
from assist.analysis.floor import Floor, evidence
from assist.analysis.questions import find as find_questions
from assist.analysis.rubric import default, load
from assist.calls import calls
from assist.calls.calls import Call
from assist.engine import Case
from assist.pipeline import STEPS, Pipeline
from assist.scripts.library import Library
from assist.store import Store
from assist.transcript import Transcript, Turn
from tests import fakes

LINES = (
    "customer: 喂，哪位？",
    "agent: 您好，请问是王先生吗？我是星河通信的陈晓。",
    "customer: 我在开会，没空。",
    "agent: 这个宽带终身免费，您平时上网觉得卡不卡？",
    "customer: 不卡，还行吧。",
    "agent: 好的，那我晚上再打给您，再见。",
)
"""A call with one point said, one objection passed over and one forbidden promise."""


class WeighingEngine(fakes.FakeEngine):
    def __init__(self, log: Path | None = None, judge_name: str = "weigh-1") -> None:
        super().__init__(log)
        self._name = judge_name

    def judging(self, rubric: str | None) -> str:
        return f"{self._name} {rubric}"

    def judge(self, transcript: Transcript, library: Library, case: Case) -> dict[str, Any]:
        rubric = load(case.rubric) if case.rubric else default()
        judged = judge.weigh(Floor(transcript), library, found_in(transcript, library), rubric, case.called_at)
        facts = report.EngineFacts("1", self.hearing.name, "fake", library.campaign, case.version)
        recording = report.RecordingFacts(case.sha256, transcript.seconds, 1, "mono")
        return report.to_dict(transcript, judged, recording, facts)


def found_in(transcript: Transcript, library: Library) -> Findings:
    return Findings(
        points=tuple(_point(transcript, point.id, point.say[0]) for _, point in library.points()),
        objections=tuple(_objection(turn) for turn in _saying(transcript, "customer", "在开会")),
        questions=find_questions(transcript, Floor(transcript)),
        forbidden=tuple(
            ForbiddenFinding("free-for-life", evidence(turn), "critical")
            for turn in _saying(transcript, "agent", "终身免费")
        ),
        outcome=Outcome("follow-up"),
    )


def take(store: Store, call: Call, engine: fakes.FakeEngine | None = None) -> Call:
    """Takes a call all the way."""
    pipeline = Pipeline(store, engine or WeighingEngine())
    for step in STEPS:
        assert pipeline.run(step, call.id, call.run) == "done"
    return calls.load(store, call.id)


def _point(transcript: Transcript, name: str, words: str) -> PointFinding:
    turns = _saying(transcript, "agent", words.rstrip("？。"))
    return PointFinding(name, "said", 0.9, evidence(turns[0])) if turns else PointFinding(name, "missed", 0.8)


def _objection(turn: Turn) -> ObjectionFinding:
    return ObjectionFinding("busy", evidence(turn), 0.9, "objection", False, (), (), "unanswered")


def _saying(transcript: Transcript, speaker: str, words: str) -> list[Turn]:
    return [turn for turn in transcript.turns if turn.speaker == speaker and words in turn.text]
