"""Calls with the scores a test gives them, taken all the way into the queue."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from assist.calls import calls
from assist.calls.calls import Call
from assist.calls.details import Details
from assist.engine import Case
from assist.people.users import User
from assist.pipeline import STEPS, Pipeline
from assist.scripts.library import Library
from assist.store import Store
from assist.store.clock import now
from assist.transcript import Transcript
from tests import fakes

Upload = Callable[..., Call]


class ScoredEngine(fakes.FakeEngine):
    """Judges every call as it is told to."""

    def __init__(self, said: dict[str, Any]) -> None:
        super().__init__()
        self._said = said

    def judge(self, transcript: Transcript, library: Library, case: Case) -> dict[str, Any]:
        return fakes.report(transcript, sha256=case.sha256, version=case.version) | self._said


def said(
    value: int = 80,
    skill: str = "opening",
    *,
    criteria: dict[str, float] | None = None,
    flags: tuple[tuple[str, str], ...] = (),
    needed: bool | None = None,
    overall: int | None = 70,
    priority: int = 40,
) -> dict[str, Any]:
    """The parts of an analysis that the queue reads: one skill at `value`, its criteria in turn 0, flags as (rule,
    severity)."""
    lines = [
        {"id": name, "title": name, "value": worth, "weight": 2, "why": f"{name} 没有做到", "evidence": [0]}
        for name, worth in (criteria or {"identity": value / 100}).items()
    ]
    scores: dict[str, Any] = {
        name: {"value": None, "criteria": []} for name in ("opening", "questioning", "rejection_handling")
    }
    scores |= {skill: {"value": value, "criteria": lines}, "overall": {"value": overall, "criteria": []}}
    talk = value < 55 if needed is None else needed
    return {
        "engine": {"script": {"version": "1"}, "rubric": "default@test"},
        "scores": scores,
        "flags": [
            {"rule": rule, "severity": severity, "reason": f"{rule} 的原因", "turns": [0]} for rule, severity in flags
        ],
        "coaching": {"needed": talk, "focus": skill if talk else "none", "priority": priority if talk else 10},
    }


def scored(store: Store, upload: Upload, agent: User, number: int, at: datetime | None = None, **parts: Any) -> Call:
    """A judged call; calls are `number` hours apart, a higher number is later."""
    called = at or now() - timedelta(days=3) + timedelta(hours=number)
    call = upload(agent, f"agent: 您好，第 {number} 通 {agent.name}", details=Details(called_at=called))
    pipeline = Pipeline(store, ScoredEngine(said(**parts)))
    for step in STEPS:
        pipeline.run(step, call.id, call.run)
    return calls.load(store, call.id)
