"""What can be done with an item besides talking: assigning, putting off, dismissing; what is counted of it."""

from datetime import timedelta

import pytest

from assist.coaching import queue, rules, waiting
from assist.coaching.queue import AlreadyClosed, BadDay, Filters, NoSuchDismissal, NotALeadHere, WhyLater
from assist.errors import NotFound
from assist.people import users
from assist.store.clock import now, stamp
from tests.assist.coaching.scored import scored
from tests.conftest import PASSWORD


@pytest.fixture
def second_lead(store):
    return users.create(store, "wu", "吴江", "lead", PASSWORD, team="一组")


@pytest.fixture
def call(store, upload, agent):
    return lambda number, **parts: scored(store, upload, agent, number, **parts)


def shown(store, user, **filters):
    return [one.call_id for item in queue.items(store, user, Filters(**filters)) for one in item.calls]


def test_an_item_is_given_to_a_lead_of_the_team_and_to_nobody_else(store, ready_call, lead, second_lead, outsider):
    queue.claim(store, lead, ready_call.id)
    queue.assign(store, lead, ready_call.id, second_lead.id)
    assert shown(store, second_lead, view="mine") == [ready_call.id]
    assert shown(store, lead, view="mine") == []
    assert shown(store, lead, view="free") == []
    with pytest.raises(NotALeadHere):
        queue.assign(store, lead, ready_call.id, outsider.id)
    with pytest.raises(NotFound):
        queue.assign(store, outsider, ready_call.id, outsider.id)
    queue.assign(store, lead, ready_call.id, None)
    assert shown(store, lead, view="free") == [ready_call.id]


def test_what_is_put_off_comes_back_by_itself(store, ready_call, lead):
    queue.snooze(store, lead, ready_call.id, now() + timedelta(days=3), "休假")
    assert shown(store, lead) == []
    assert shown(store, lead, view="later") == [ready_call.id]
    assert queue.item(store, lead, ready_call.id).snooze_reason == "休假"
    store.change("UPDATE queue_items SET snoozed_until = ?", [stamp(now() - timedelta(seconds=1))])
    assert shown(store, lead) == [ready_call.id]


def test_putting_off_needs_a_reason_and_a_day_not_too_far(store, ready_call, lead):
    with pytest.raises(WhyLater):
        queue.snooze(store, lead, ready_call.id, now() + timedelta(days=1), " ")
    for days in (-1, 61):
        with pytest.raises(BadDay):
            queue.snooze(store, lead, ready_call.id, now() + timedelta(days=days), "出差")


def test_what_is_put_off_can_be_brought_back_at_once(store, ready_call, lead):
    queue.snooze(store, lead, ready_call.id, now() + timedelta(days=3), "休假")
    queue.wake(store, lead, ready_call.id)
    assert shown(store, lead) == [ready_call.id]


def test_filters_narrow_the_queue_and_views_count_the_same(store, call, lead):
    grave = call(0, flags=(("forbidden", "critical"),))
    other = call(1, flags=(("unanswered-objection", "major"),))
    store.change("UPDATE queue_items SET queued_at = ? WHERE call_id = ?", [stamp(now() - timedelta(days=9)), other.id])
    assert shown(store, lead, rule="forbidden") == [grave.id]
    assert shown(store, lead, severity="major") == [other.id]
    assert shown(store, lead, days=7) == [other.id]
    queue.claim(store, lead, grave.id)
    assert shown(store, lead, holder_id=lead.id) == [grave.id]
    assert queue.page(store, lead).views == {"all": 2, "free": 1, "mine": 1, "later": 0}


def test_agents_come_in_pages_and_calls_beyond_the_first_are_counted(store, upload, agent, other_agent, lead):
    for number in range(3):
        scored(store, upload, agent, number, value=50, priority=40)
    scored(store, upload, other_agent, 5, value=50, priority=60)
    first = queue.page(store, lead, Filters(per_page=1))
    second = queue.page(store, lead, Filters(per_page=1, page=2, per_agent=2))
    assert [item.agent for item in (*first.agents, *second.agents)] == ["赵敏", "陈晓"]
    assert (first.pages, first.people, first.items) == (2, 2, 4)
    assert (len(second.agents[0].calls), second.agents[0].total) == (2, 3)


def test_whom_somebody_else_has_comes_last(store, upload, agent, other_agent, lead, second_lead):
    urgent = scored(store, upload, agent, 0, value=50, priority=90)
    scored(store, upload, other_agent, 1, value=50, priority=30)
    queue.claim(store, second_lead, urgent.id)
    assert [item.agent for item in queue.items(store, lead)] == ["赵敏", "陈晓"]
    assert [item.agent for item in queue.items(store, second_lead)] == ["陈晓", "赵敏"]


def test_a_grave_flag_brings_a_call_in_that_needs_no_coaching_and_a_minor_one_does_not(store, call, lead):
    grave = call(0, value=80, flags=(("complaint", "critical"),))
    call(1, value=80, flags=(("stumbling", "minor"),))
    assert shown(store, lead) == [grave.id]


def test_a_call_without_flags_says_what_is_weakest_and_where(store, call, lead):
    call(0, value=52)
    (flag,) = queue.items(store, lead)[0].calls[0].flags
    assert (flag.rule, flag.start) == ("", 0.0)
    assert "identity 没有做到" in flag.reason


def test_good_calls_stand_apart(store, call, lead):
    good = call(0, value=95, flags=(("excellent", "minor"),), overall=95)
    assert shown(store, lead) == []
    assert [one.call_id for one in queue.latest(store, lead, "good")] == [good.id]


def test_newcomers_are_spared_where_the_bar_of_their_weeks_is_lower(store, call, agent, lead):
    from assist.analysis.rubric import DEFAULT_PATH
    from assist.store import rubrics

    text = DEFAULT_PATH.read_text("utf-8")
    milder = text.replace("major, below: 50}", "major, below: 50, tenure: [{weeks: 8, below: 35}]}")
    assert milder != text
    rubrics.publish(store, milder, in_force_from=now() - timedelta(days=30))
    store.change(
        "UPDATE users SET joined_on = ? WHERE id = ?", [(now() - timedelta(days=20)).date().isoformat(), agent.id]
    )
    call(0, value=45)
    assert shown(store, lead) == []
    store.change("UPDATE users SET joined_on = '2020-01-01' WHERE id = ?", [agent.id])
    assert shown(store, lead) == []
    stays = call(1, value=45)
    assert shown(store, lead) == [stays.id]


def test_a_false_alarm_counts_against_its_rules_and_a_talk_for_them(store, call, lead):
    right = call(0, flags=(("forbidden", "critical"), ("stumbling", "minor")))
    wrong = call(1, flags=(("forbidden", "critical"), ("stumbling", "minor")))
    neither = call(2, flags=(("forbidden", "critical"),))
    queue.done(store, lead, right.id)
    queue.dismiss(store, lead, wrong.id, "是在说不能承诺", "false-alarm", ["forbidden"])
    queue.dismiss(store, lead, neither.id, "上周谈过", "already-discussed")
    hits = rules.hit_rates(store, lead)
    assert (hits["forbidden"].useful, hits["forbidden"].false_alarms) == (1, 1)
    assert (hits["stumbling"].useful, hits["stumbling"].false_alarms) == (1, 0)
    assert hits["forbidden"].value is None
    behind = rules.behind(store, lead, "forbidden")
    assert {(one.call_id, one.useful, one.note) for one in behind} == {
        (right.id, True, ""), (wrong.id, False, "是在说不能承诺"),
    }  # fmt: skip


def test_another_teams_judgements_are_not_shown_to_a_lead(store, call, lead, outsider, editor):
    made = call(0, flags=(("forbidden", "critical"),))
    queue.done(store, lead, made.id)
    assert rules.hit_rates(store, outsider) == {}
    assert rules.hit_rates(store, editor)["forbidden"].useful == 1
    assert [one.call_id for one in rules.behind(store, editor, "forbidden")] == [None]


def test_an_unknown_kind_of_dismissal_is_refused_and_a_closed_item_stays_closed(store, ready_call, lead):
    with pytest.raises(NoSuchDismissal):
        queue.dismiss(store, lead, ready_call.id, "x", "because")
    queue.dismiss(store, lead, ready_call.id, "不值得")
    for act in (queue.wake, queue.done):
        with pytest.raises(AlreadyClosed):
            act(store, lead, ready_call.id)


def test_loads_say_who_holds_how_much_since_when(store, call, lead, second_lead):
    mine, theirs, free = (call(number, value=50) for number in range(3))
    queue.claim(store, lead, mine.id)
    queue.assign(store, lead, theirs.id, second_lead.id)
    closed = call(4, value=50)
    queue.done(store, lead, closed.id)
    loads = {load.name: load for load in waiting.loads(store, lead, now() - timedelta(days=7))}
    assert [(name, load.items, load.done) for name, load in loads.items()] == [
        ("", 1, 0),
        ("刘洋", 1, 1),
        ("吴江", 1, 0),
    ]
    assert loads[""].oldest is not None
    assert shown(store, lead, view="free") == [free.id]


def test_flags_keep_the_version_of_the_rules_that_made_them(store, call):
    made = call(0, flags=(("forbidden", "critical"),))
    assert [flag.rubric for flag in queue.flags_of(store, made.id)] == ["default@test"]
