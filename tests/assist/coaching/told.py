"""Calls whose judgement is told in a line: `agent: 80 agreed -ask-for-order busy! opening/identity=0.2` is a call worth
80 that came to a next step, in which the point ask-for-order was missed, the objection busy was raised and not answered
(busy? it was answered), and a criterion was worth 0.2."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from assist.calls import calls
from assist.calls.details import Details
from assist.pipeline import STEPS, Pipeline
from tests import fakes


class ToldEngine(fakes.FakeEngine):
    encoder = fakes.FakeEncoder()

    def judge(self, transcript, library, case):
        report = fakes.report(transcript, sha256=case.sha256, version=case.version)
        return report | told(transcript.turns[0].text, report)


def told(line: str, report: dict[str, Any]) -> dict[str, Any]:
    words = line.split()
    criteria: dict[str, list[dict[str, Any]]] = {}
    for skill, name, value in re.findall(r"(\w+)/(\w+)=([\d.]+)", line):
        one = {"id": name, "title": name, "value": float(value), "weight": 1.0, "why": "", "evidence": [1]}
        criteria.setdefault(skill, []).append(one)
    values = {name: int(words[0]) for name in ("opening", "questioning", "rejection_handling", "overall")}
    return {
        "points": [_point(word) for word in words if word[0] in "+-"],
        "objections": [_objection(number, word) for number, word in enumerate(w for w in words if w[-1] in "!?")],
        "scores": {name: {"value": value, "criteria": criteria.get(name, [])} for name, value in values.items()},
        "outcome": {"value": words[1]},
        "flags": report["flags"],
    }


def _point(word: str) -> dict[str, Any]:
    place = {"turn": 0, "start": 0.0, "quote": "好"} if word[0] == "+" else {"turn": None, "start": None, "quote": None}
    return {"id": word[1:], "status": "said" if word[0] == "+" else "missed", "confidence": 1.0} | place


def _objection(number: int, word: str) -> dict[str, Any]:
    answered = word[-1] == "?"
    return {
        "id": word[:-1], "turn": 1, "start": 2.0, "end": 3.5, "quote": f"异议{number}", "confidence": 1.0,
        "force": "objection", "answered": answered, "answer_turns": [2] if answered else [], "steps": [],
        "outcome": "resolved" if answered else "unanswered",
    }  # fmt: skip


@pytest.fixture
def tell(store, upload):
    """Brings in a call judged as told: `tell(agent, "80 agreed", day)`; its id."""
    number = [0]

    def bring(user, line: str, day: int, *more: str, hour: int = 2) -> int:
        number[0] += 1
        at = datetime(2026, 11, day, hour, number[0] % 60, tzinfo=UTC)
        lines = (f"agent: {line}", "customer: 我在开会", *(more or ("agent: 打扰您了",)))
        call = upload(user, *lines, f"customer: 第{number[0]}通", details=Details(called_at=at))
        work = Pipeline(store, ToldEngine())
        for step in STEPS:
            work.run(step, call.id, call.run)
        assert calls.load(store, call.id).state == "ready"
        return call.id

    return bring
