"""The same weakness again is one item with its examples; ordinary calls are drawn by lot and fairly."""

from datetime import timedelta

import pytest

from assist.coaching import queue
from assist.coaching.queue import Filters
from assist.store import rubrics
from assist.store.clock import now
from tests.assist.coaching.scored import scored

WEAK = {"value": 30, "flags": (("skill-low", "major"),)}


@pytest.fixture
def call(store, upload, agent):
    return lambda number, **parts: scored(store, upload, agent, number, **parts)


def repeated(store, call_id):
    return [flag for flag in queue.flags_of(store, call_id) if flag.rule == "repeated-weakness"]


def test_a_weakness_that_repeats_is_one_item_with_its_three_clearest_examples(store, call, lead):
    made = [call(number, value=30 - number, flags=WEAK["flags"]) for number in range(5)]
    (item,) = queue.items(store, lead)
    assert len(item.calls) == 1
    (flag,) = repeated(store, item.calls[0].call_id)
    assert flag.about == "opening"
    assert "5" in flag.reason
    assert [one.call_id for one in flag.examples] == [made[number].id for number in (4, 3, 2)]
    assert flag.examples[0].start == 0.0
    assert flag.examples[0].why == "identity 没有做到"
    assert item.calls[0].folded == 4


def test_three_weak_calls_of_six_are_no_pattern_yet(store, call, lead):
    for number in range(3):
        call(number, **WEAK)
    assert len(queue.items(store, lead)[0].calls) == 3


def test_one_criterion_that_is_always_missing_is_a_weakness_too(store, call, lead):
    made = [call(number, value=70, criteria={"permission": 0.0, "identity": 1.0}) for number in range(4)]
    (item,) = queue.items(store, lead)
    (flag,) = repeated(store, item.calls[0].call_id)
    assert (item.calls[0].call_id, flag.about) == (made[-1].id, "opening/permission")


def test_a_call_with_something_worse_stays_an_item_of_its_own(store, call, lead):
    worse = call(0, value=30, flags=(("forbidden", "critical"),))
    for number in range(1, 5):
        call(number, **WEAK)
    calls = {one.call_id: one for one in queue.items(store, lead)[0].calls}
    assert worse.id in calls
    assert len(calls) == 2


def test_good_calls_end_the_pattern(store, call, lead):
    for number in range(4):
        call(number, **WEAK)
    assert len(queue.items(store, lead)[0].calls) == 1
    for number in range(4, 8):
        call(number, value=90)
    assert len(queue.items(store, lead)[0].calls) == 4


def test_what_a_lead_works_on_is_not_taken_away(store, call, lead):
    for number in range(4):
        call(number, **WEAK)
    anchor = queue.items(store, lead)[0].calls[0].call_id
    queue.claim(store, lead, anchor)
    for number in range(4, 8):
        call(number, value=90)
    assert repeated(store, anchor)


def test_after_the_talk_it_is_counted_anew(store, call, lead):
    for number in range(4):
        call(number, **WEAK)
    anchor = queue.items(store, lead)[0].calls[0].call_id
    queue.done(store, lead, anchor)
    assert queue.items(store, lead) == []
    again = call(5, **WEAK)
    assert repeated(store, again.id) == []
    later = [call(number, at=now() + timedelta(minutes=number), **WEAK) for number in range(6, 10)]
    assert repeated(store, later[-1].id)


def test_folded_calls_are_closed_with_their_item_and_acting_on_one_acts_on_it(store, call, lead):
    made = [call(number, **WEAK) for number in range(5)]
    anchor = queue.items(store, lead)[0].calls[0].call_id
    other = next(one.id for one in made if one.id != anchor)
    queue.claim(store, lead, other)
    assert queue.items(store, lead)[0].calls[0].claimed_by == lead.name
    queue.done(store, lead, other)
    assert {queue.state_of(store, one.id) for one in made} == {"done"}


def test_the_rule_can_be_switched_off(store, call, lead):
    source = """
format: assist-rubric/1
rubric: quiet
skills:
  opening: {criteria: [{id: identity, weight: 1}]}
  questioning: {criteria: [{id: depth, weight: 1}]}
  rejection_handling: {criteria: [{id: noticed, weight: 1}]}
flags:
  - {rule: repeated-weakness, active: false, below: 50, times: 3, of: 3}
"""
    rubrics.publish(store, source, in_force_from=now() - timedelta(days=30))
    for number in range(5):
        call(number, **WEAK)
    assert len(queue.items(store, lead)[0].calls) == 5


def test_ordinary_calls_are_drawn_and_those_with_flags_never(store, call, lead):
    store_share(store, 1.0)
    drawn, flagged = call(0, value=80), call(1, value=80, flags=(("stumbling", "minor"),))
    assert [flag.rule for flag in queue.flags_of(store, drawn.id)] == ["sample"]
    assert [flag.rule for flag in queue.flags_of(store, flagged.id)] == ["stumbling"]
    assert queue.items(store, lead) == []
    (item,) = queue.items(store, lead, Filters(kind="sample"))
    assert [one.call_id for one in item.calls] == [drawn.id]


def test_a_drawn_call_stays_drawn_when_it_is_judged_again(store, call):
    store_share(store, 0.5)
    made = [call(number, value=80) for number in range(4)]
    before = {one.id: bool(queue.flags_of(store, one.id)) for one in made}
    assert set(before.values()) == {True, False}
    for one in made:
        report = {"turns": [], "flags": [], "coaching": {"needed": False}}
        queue.put(store, one.id, report)
    assert {one.id: bool(queue.flags_of(store, one.id)) for one in made} == before


def store_share(store, share):
    from assist.analysis.rubric import DEFAULT_PATH

    source = DEFAULT_PATH.read_text("utf-8").replace("share: 0.02", f"share: {share}")
    rubrics.publish(store, source, in_force_from=now() - timedelta(days=30))
