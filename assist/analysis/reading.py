"""An `assist-analysis/1` document read back into findings: what `report.to_dict` writes, the other way round.

Times and confidences come back as they were rounded; parts that an older document left out are empty.
"""

from collections.abc import Mapping
from typing import Any

from assist.analysis.findings import (
    Delivery,
    Evidence,
    Findings,
    ForbiddenFinding,
    ObjectionFinding,
    Outcome,
    PointFinding,
    QuestionFinding,
    Status,
)

Report = Mapping[str, Any]


def findings_of(report: Report) -> Findings:
    """The findings of a judged call."""
    delivery, outcome = report.get("delivery"), report["outcome"]
    return Findings(
        points=tuple(_point(item) for item in report.get("points", ())),
        objections=tuple(_objection(item) for item in report.get("objections", ())),
        questions=tuple(_question(item) for item in report.get("questions", ())),
        forbidden=tuple(_forbidden(item) for item in report.get("forbidden", ())),
        manners=tuple(_forbidden(item) for item in report.get("manners", ())),
        complaints=tuple(_forbidden(item) for item in report.get("complaints", ())),
        delivery=Delivery(**delivery) if delivery else None,
        outcome=Outcome(outcome["value"], _place(outcome)),
    )


def _place(item: Report) -> Evidence | None:
    if item.get("turn") is None or item.get("start") is None:
        return None
    return Evidence(item["turn"], item["start"], item.get("end") or item["start"], item.get("quote") or "")


def _there(item: Report) -> Evidence:
    return Evidence(item["turn"], item["start"], item.get("end") or item["start"], item.get("quote") or "")


def _point(item: Report) -> PointFinding:
    status: Status = "uncertain" if item.get("uncertain") else item["status"]
    return PointFinding(item["id"], status, item["confidence"], _place(item))


def _objection(item: Report) -> ObjectionFinding:
    return ObjectionFinding(
        id=item["id"],
        evidence=_there(item),
        confidence=item["confidence"],
        force=item.get("force", "objection"),
        answered=item["answered"],
        answer_turns=tuple(item["answer_turns"]),
        steps=tuple(item["steps"]),
        outcome=item["outcome"],
    )


def _question(item: Report) -> QuestionFinding:
    marks = {key: bool(item.get(key)) for key in ("follow_up", "stacked", "self_answered")}
    return QuestionFinding(_there(item), item["kind"], **marks)


def _forbidden(item: Report) -> ForbiddenFinding:
    return ForbiddenFinding(item["id"], _there(item), item["severity"], item.get("confidence", 1.0))
