"""The sample of ordinary calls: by lot, and fair over agents."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assist.analysis.repeated import Judged, Line, sampled, weaknesses
from assist.analysis.rubric import Rule

RULE = Rule("sample", "minor", share=0.1)
AGAIN = Rule("repeated-weakness", below=50, criterion=25, times=2, of=3)


def drawn(agent: int, calls: int, rule: Rule = RULE) -> list[int]:
    taken: list[int] = []
    for number in range(calls):
        sha = hashlib.sha256(f"{agent} {number}".encode()).hexdigest()
        if sampled(rule, sha, number, len(taken)):
            taken.append(number)
    return taken


@given(st.integers(0, 500), st.integers(1, 300))
def test_every_agents_sample_stays_within_one_call_of_the_share(agent: int, calls: int) -> None:
    assert abs(len(drawn(agent, calls)) - calls * RULE.share) <= 1


def test_the_lot_falls_again_as_it_did_and_otherwise_under_another_rule() -> None:
    assert drawn(7, 200) == drawn(7, 200)
    assert drawn(7, 200) != drawn(7, 200, Rule("sample", "major", share=0.1))


def test_no_place_among_the_calls_is_safe_from_being_drawn() -> None:
    places = [place for agent in range(300) for place in drawn(agent, 20)]
    assert {place for place in range(20) if places.count(place) == 0} == set()


def judged(number: int, value: int | None, permission: float | None = None) -> Judged:
    lines = {("opening", "permission"): Line(permission, 3.0, 1, 2.0)} if permission is not None else {}
    return Judged(number, {"opening": value}, lines)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "hits"), [([30, 30, 80], 2), ([80, 30, 30], 2), ([30, 80, 80, 30], None), ([49], None)]
)
def test_only_the_last_calls_count(values: list[int], hits: int | None) -> None:
    found = weaknesses(AGAIN, {"opening": [judged(number, value) for number, value in enumerate(values)]})
    assert [one.hits for one in found] == ([hits] if hits else [])


def test_a_weak_skill_is_named_rather_than_its_criterion() -> None:
    calls = [judged(number, 30, 0.0) for number in range(3)]
    (found,) = weaknesses(AGAIN, {"opening": calls})
    assert (found.about, found.worst) == ("opening", "permission")
    (found,) = weaknesses(AGAIN, {"opening": [judged(number, 80, 0.0) for number in range(3)]})
    assert found.about == "opening/permission"
