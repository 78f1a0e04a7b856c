"""Figures about a talk track, checked by hand."""

import numpy as np
import pytest

from assist.scripts.insight import MINIMUM, Rate, claim, grouped, shift, wilson


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605)],
)
def test_wilson_as_published(hits: int, total: int, low: float, high: float) -> None:
    assert wilson(hits, total) == pytest.approx((low, high), abs=5e-5)


def test_nothing_is_known_of_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


def test_too_few_calls_make_no_rate_and_no_claim() -> None:
    assert Rate(MINIMUM - 1, MINIMUM - 1).value is None
    assert claim(Rate(19, 19), Rate(0, 500)) == ""


def test_a_claim_needs_a_clear_difference() -> None:
    assert claim(Rate(60, 100), Rate(30, 100)) == "more"
    assert claim(Rate(30, 100), Rate(60, 100)) == "less"
    assert claim(Rate(33, 100), Rate(30, 100)) == ""


def report(points=(), objections=(), forbidden=(), flags=(), overall=80):
    scores = {name: {"value": overall} for name in ("opening", "questioning", "rejection_handling", "overall")}
    place = {"start": 1.0, "quote": "话"}
    return {
        "points": [{"id": name, "status": status, "turn": turn, **place} for name, status, turn in points],
        "objections": [{"id": name, "turn": turn, **place} for name, turn in objections],
        "forbidden": [{"id": name, "turn": turn, **place} for name, turn in forbidden],
        "flags": [{"rule": rule, "severity": severity, "reason": "因", "turns": [1]} for rule, severity in flags],
        "scores": scores,
    }


def test_the_same_judgement_has_no_shift() -> None:
    one = report([("greet", "said", 0)], [("busy", 2)])
    assert shift(one, one).same


def told(before, after):
    return [(each.kind, each.id, each.was, each.now, each.turn) for each in shift(before, after).differences]


def test_points_found_now_and_no_longer() -> None:
    before = report([("greet", "said", 0), ("old", "partial", 4), ("same", "said", 1)])
    after = report([("greet", "missed", None), ("new", "said", 6), ("same", "partial", 1)])
    assert told(before, after) == [
        ("point", "greet", "said", "", 0),
        ("point", "new", "", "said", 6),
        ("point", "old", "partial", "", 4),
    ]


def test_objections_are_compared_turn_by_turn() -> None:
    before = report(objections=[("other", 3), ("busy", 5)])
    after = report(objections=[("price", 3), ("busy", 7)])
    assert told(before, after) == [
        ("objection", "price", "other", "price", 3),
        ("objection", "busy", "busy", "", 5),
        ("objection", "busy", "", "busy", 7),
    ]


def test_flags_forbidden_and_scores_shift() -> None:
    before = report(forbidden=[("free", 2)], flags=[("a", "major")], overall=60)
    after = report(flags=[("a", "critical"), ("b", "minor")], overall=90)
    found = shift(before, after)
    assert told(before, after) == [
        ("forbidden", "free", "said", "", 2),
        ("flag", "a", "major", "critical", 1),
        ("flag", "b", "", "minor", 1),
    ]
    assert found.scores["overall"] == (60, 90)


def test_texts_of_one_meaning_are_one_group_the_typical_one_first() -> None:
    directions = np.eye(4, dtype=np.float32)
    mixed = [directions[0] + 0.3 * directions[3], directions[0], directions[0] - 0.3 * directions[3], directions[1]]
    vectors = np.stack([vector / np.linalg.norm(vector) for vector in mixed]).astype(np.float32)
    groups = grouped(vectors)
    assert [group.members for group in groups] == [(1, 0, 2), (3,)]
    assert grouped(vectors[:0]) == ()
