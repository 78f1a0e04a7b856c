"""The queue: the urgent first, one item a call, one lead an item."""

from datetime import timedelta

import pytest

from assist.coaching import queue
from assist.coaching.queue import AlreadyClosed, ClaimedByOther, ReasonMissing
from assist.errors import AccessDenied, NotFound
from assist.people import users
from assist.store.clock import now, stamp
from tests.conftest import PASSWORD


@pytest.fixture
def second_lead(store):
    return users.create(store, "wu", "吴江", "lead", PASSWORD, team="一组")


def test_a_flagged_call_is_in_the_leads_queue_with_its_moment(store, ready_call, lead):
    (item,) = queue.items(store, lead)
    (call,) = item.calls
    assert (item.agent, item.reasons, call.call_id) == ("陈晓", ("承诺了终身免费",), ready_call.id)
    assert (call.moment.turn, call.moment.start, call.moment.quote) == (1, 2.0, "您好，这个终身免费")


def test_an_ordinary_call_is_not_in_the_queue(store, judged, agent, lead):
    judged(agent, "agent: 您好")
    assert queue.items(store, lead) == []


def test_the_queue_is_only_for_the_team(store, ready_call, outsider, admin, agent):
    assert queue.items(store, outsider) == []
    assert len(queue.items(store, admin)) == 1
    with pytest.raises(AccessDenied):
        queue.items(store, agent)
    with pytest.raises(NotFound):
        queue.claim(store, outsider, ready_call.id)


def test_the_most_urgent_agent_and_call_come_first(store, judged, agent, other_agent, lead):
    urgency = {judged(agent, f"agent: 终身免费 {n}").id: n for n in (1, 3)}
    urgency[judged(other_agent, "agent: 终身免费 2").id] = 2
    for call_id, priority in urgency.items():
        store.change("UPDATE queue_items SET urgency = ? WHERE call_id = ?", [priority, call_id])
    items = queue.items(store, lead)
    assert [[call.priority for call in item.calls] for item in items] == [[3, 1], [2]]


def test_several_flags_of_a_call_are_one_item_the_worst_first(store, ready_call, lead):
    flags = [
        {"rule": "slow", "severity": "minor", "reason": "语速慢", "turns": []},
        {"rule": "forbidden", "severity": "critical", "reason": "禁语", "turns": [99, 1]},
    ]
    turns = [{"id": 1, "start": 2.0, "text": "终身免费"}]
    queue.put(store, ready_call.id, {"turns": turns, "flags": flags, "coaching": {"needed": True}})
    (call,) = queue.items(store, lead)[0].calls
    assert [(flag.rule, flag.start) for flag in call.flags] == [("forbidden", 2.0), ("slow", None)]


def test_of_two_leads_one_wins_and_the_other_is_told(store, ready_call, lead, second_lead):
    queue.claim(store, lead, ready_call.id)
    queue.claim(store, lead, ready_call.id)
    with pytest.raises(ClaimedByOther) as told:
        queue.claim(store, second_lead, ready_call.id)
    assert "刘洋" in told.value.text("zh-CN")
    for act in (queue.release, queue.done):
        with pytest.raises(ClaimedByOther):
            act(store, second_lead, ready_call.id)
    assert queue.items(store, second_lead)[0].calls[0].claimed_by == "刘洋"


def test_a_released_item_is_free(store, ready_call, lead, second_lead):
    queue.claim(store, lead, ready_call.id)
    queue.release(store, lead, ready_call.id)
    queue.claim(store, second_lead, ready_call.id)


def test_a_claim_lapses(store, ready_call, lead, second_lead):
    queue.claim(store, lead, ready_call.id)
    store.change("UPDATE queue_items SET claimed_until = ?", [stamp(now() - timedelta(seconds=1))])
    assert queue.items(store, second_lead)[0].calls[0].claimed_by == ""
    queue.claim(store, second_lead, ready_call.id)


def test_what_is_done_leaves_the_queue_for_good(store, ready_call, lead):
    queue.done(store, lead, ready_call.id, "谈过了")
    assert queue.items(store, lead) == []
    for act in (queue.claim, queue.done):
        with pytest.raises(AlreadyClosed):
            act(store, lead, ready_call.id)
    report = {"turns": [], "flags": [], "coaching": {"needed": True}}
    queue.put(store, ready_call.id, report)
    assert queue.items(store, lead) == []


def test_dismissing_needs_a_reason(store, ready_call, lead):
    with pytest.raises(ReasonMissing):
        queue.dismiss(store, lead, ready_call.id, "  ")
    queue.dismiss(store, lead, ready_call.id, "听错了")
    assert queue.state_of(store, ready_call.id) == "dismissed"


def test_judged_again_as_fine_a_call_leaves_the_queue(store, ready_call, lead):
    queue.put(store, ready_call.id, {"turns": [], "flags": [], "coaching": {"needed": False}})
    assert queue.items(store, lead) == []
    assert queue.flags_of(store, ready_call.id) == ()
