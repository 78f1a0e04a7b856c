from typing import Any

from assist.comparison import Comparison, Labelled

TURNS = [
    {"who": "agent", "text": "您好，是王先生吗", "points": ["identity"], "question": "closed"},
    {"who": "customer", "text": "太贵了", "objection": "price"},
    {
        "who": "agent",
        "text": "理解，您觉得多少合适",
        "answers": "price",
        "steps": ["acknowledge", "clarify"],
        "question": "open",
    },
    {"who": "customer", "text": "再说"},
]
SPOKEN = [
    {"turn": i, "who": t["who"], "text": t["text"], "start": i * 10.0, "end": i * 10.0 + 4} for i, t in enumerate(TURNS)
]


def labelled() -> Labelled:
    spans = {i: (i * 10.0, i * 10.0 + 4) for i in range(4)}
    scores: dict[str, float | None] = {"opening": 50, "questioning": 40, "rejection_handling": 60}
    return Labelled("one", TURNS, spans, "stereo", SPOKEN, scores, "opening", True)


def document(**changed: Any) -> dict[str, Any]:
    """What a perfect listener would have found."""
    turns = [
        {"id": i, "speaker": t["who"], "start": t["start"], "end": t["end"], "text": t["text"]}
        for i, t in enumerate(SPOKEN)
    ]
    return {
        "turns": turns,
        "points": [{"id": "identity", "status": "said", "start": 0.0, "end": 4.0}, {"id": "price", "status": "missed"}],
        "objections": [{"id": "price", "start": 10.0, "end": 14.0, "steps": ["acknowledge", "clarify"]}],
        "questions": [{"start": 0.0, "end": 4.0, "kind": "closed"}, {"start": 20.0, "end": 24.0, "kind": "open"}],
        "forbidden": [],
        "scores": {"opening": {"value": 50}, "questioning": {"value": 40}, "rejection_handling": {"value": 60},
                   "overall": {"value": 50}},
        "coaching": {"needed": True, "focus": "opening"},
    } | changed  # fmt: skip


def figures(found: dict[str, Any]) -> dict[str, Any]:
    comparison = Comparison(frozenset({"identity", "price"}))
    comparison.add(labelled(), found)
    return comparison.figures()


def test_a_perfect_listener_has_full_marks() -> None:
    result = figures(document())
    assert [result[k]["f1"] for k in ("points", "missed", "objections", "objection_any", "steps", "questions")] == [
        1.0
    ] * 6
    assert (result["evidence"], result["question_kind"], result["cer"], result["speakers"]) == (1.0, 1.0, 0.0, 1.0)


def test_the_right_objection_under_a_wrong_name_counts_only_as_any() -> None:
    result = figures(document(objections=[{"id": "busy", "start": 10.0, "end": 14.0, "steps": []}]))
    assert result["objections"]["f1"] == 0.0
    assert result["objection_any"]["f1"] == 1.0


def test_evidence_elsewhere_is_wrong_evidence() -> None:
    late = [{"id": "identity", "status": "said", "start": 33.0, "end": 34.0}]
    assert figures(document(points=late))["evidence"] == 0.0


def test_a_found_phrase_that_nobody_said_is_wrong() -> None:
    assert figures(document(forbidden=[{"id": "free"}]))["forbidden"]["precision"] == 0.0
