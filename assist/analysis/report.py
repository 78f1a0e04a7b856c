"""The judged call as `assist-analysis/1`: plain JSON-ready values, keys in a fixed order, rounded times.

The format is public and only ever added to; its schema is `assist/schemas/assist-analysis-1.json`.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assist.analysis.findings import (
    SKILLS,
    Analysis,
    Criterion,
    Delivery,
    Evidence,
    Findings,
    ObjectionFinding,
    PointFinding,
    Score,
)
from assist.transcript import Transcript, Turn

FORMAT = "assist-analysis/1"
SCHEMA_PATH = Path(__file__).parent.parent / "schemas" / "assist-analysis-1.json"

_STATUS = {"said": "said", "partial": "partial", "missed": "missed", "uncertain": "missed"}


@dataclass(frozen=True, slots=True)
class RecordingFacts:
    """What is known of the file. A ready transcript has the hash of its own bytes and layout `text`."""

    sha256: str
    seconds: float
    channels: int
    layout: str


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """What made the analysis: with the same engine and recording it comes out the same, byte for byte."""

    assist: str
    speech: str
    encoder: str
    campaign: str
    script_version: str


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema of the format."""
    loaded: dict[str, Any] = json.loads(SCHEMA_PATH.read_text(encoding="utf-8"))
    return loaded


def to_dict(
    transcript: Transcript, analysis: Analysis, recording: RecordingFacts, engine: EngineFacts
) -> dict[str, Any]:
    """The whole document."""
    found = analysis.findings
    return {
        "format": FORMAT,
        "recording": {
            "sha256": recording.sha256,
            "seconds": _seconds(recording.seconds),
            "channels": recording.channels,
            "layout": recording.layout,
        },
        "engine": {
            "assist": engine.assist,
            "speech": engine.speech,
            "encoder": engine.encoder,
            "script": {"campaign": engine.campaign, "version": engine.script_version},
            "rubric": analysis.rubric,
        },
        "language": transcript.language,
        "speakers_confidence": _share(transcript.speakers_confidence),
        "turns": [_turn(turn) for turn in transcript.turns],
        **_findings(found),
        "scores": {skill: _score(analysis.scores[skill]) for skill in SKILLS} | {"overall": _score(analysis.overall)},
        "outcome": {"value": found.outcome.value, **_place(found.outcome.evidence)},
        "flags": [
            {"rule": flag.rule, "severity": flag.severity, "reason": flag.reason, "turns": list(flag.turns)}
            for flag in analysis.flags
        ],
        "coaching": _coaching(analysis),
    }


def _findings(found: Findings) -> dict[str, Any]:
    return {
        "points": [_point(point) for point in found.points],
        "objections": [_objection(objection) for objection in found.objections],
        "questions": [
            {
                **_place(question.evidence),
                "kind": question.kind,
                "follow_up": question.follow_up,
                "stacked": question.stacked,
                "self_answered": question.self_answered,
            }
            for question in found.questions
        ],
        "forbidden": [
            {"id": item.id, **_place(item.evidence), "severity": item.severity, "confidence": _share(item.confidence)}
            for item in found.forbidden
        ],
        "manners": [
            {"id": item.id, **_place(item.evidence), "severity": item.severity, "confidence": _share(item.confidence)}
            for item in found.manners
        ],
        "complaints": [
            {"id": item.id, **_place(item.evidence), "severity": item.severity, "confidence": _share(item.confidence)}
            for item in found.complaints
        ],
        "delivery": _delivery(found.delivery),
    }


def _turn(turn: Turn) -> dict[str, Any]:
    return {
        "id": turn.id,
        "speaker": turn.speaker,
        "start": _seconds(turn.start),
        "end": _seconds(turn.end),
        "text": turn.text,
        "confidence": _share(turn.confidence),
        "heard": turn.heard,
        "unintelligible": turn.unintelligible,
        "backchannel": turn.backchannel,
    }


def _point(point: PointFinding) -> dict[str, Any]:
    """`uncertain` reads as missed in `status`, where the contract has no word for it, with `uncertain` beside it."""
    return {
        "id": point.id,
        "status": _STATUS[point.status],
        "confidence": _share(point.confidence),
        **_place(point.evidence),
        "uncertain": point.status == "uncertain",
    }


def _objection(objection: ObjectionFinding) -> dict[str, Any]:
    return {
        "id": objection.id,
        **_place(objection.evidence),
        "confidence": _share(objection.confidence),
        "force": objection.force,
        "answered": objection.answered,
        "answer_turns": list(objection.answer_turns),
        "steps": list(objection.steps),
        "outcome": objection.outcome,
    }


def _place(evidence: Evidence | None) -> dict[str, Any]:
    if evidence is None:
        return {"turn": None, "start": None, "end": None, "quote": None}
    return {
        "turn": evidence.turn,
        "start": _seconds(evidence.start),
        "end": _seconds(evidence.end),
        "quote": evidence.quote,
    }


def _delivery(delivery: Delivery | None) -> dict[str, Any] | None:
    if delivery is None:
        return None
    return {
        "talk_share": _optional(delivery.talk_share, 3),
        "characters_per_minute": _optional(delivery.characters_per_minute, 1),
        "longest_monologue_s": round(delivery.longest_monologue_s, 2),
        "median_response_s": _optional(delivery.median_response_s, 2),
        "interruptions": delivery.interruptions,
        "fillers_per_minute": _optional(delivery.fillers_per_minute, 2),
        "stumbles": delivery.stumbles,
        "longest_silence_s": round(delivery.longest_silence_s, 2),
    }


def _score(score: Score) -> dict[str, Any]:
    return {"value": score.value, "why": score.why, "criteria": [_criterion(line) for line in score.criteria]}


def _criterion(line: Criterion) -> dict[str, Any]:
    return {
        "id": line.id,
        "title": line.title,
        "value": _optional(line.value, 3),
        "weight": line.weight,
        "why": line.why,
        "evidence": _unique(line.evidence),
    }


def _coaching(analysis: Analysis) -> dict[str, Any]:
    advice = analysis.coaching
    return {
        "needed": advice.needed,
        "focus": advice.focus,
        "priority": advice.priority,
        "say_instead": [
            {"turn": item.turn, "source": item.source, "title": item.title, "say": item.say}
            for item in advice.say_instead
        ],
    }


def _unique(turns: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(turns))


def _seconds(value: float) -> float:
    return round(float(value), 3)


def _share(value: float) -> float:
    return round(min(1.0, max(0.0, float(value))), 3)


def _optional(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
