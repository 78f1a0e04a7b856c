"""Leads and agents are reminded of what is theirs to do, in the order of doing."""

from datetime import timedelta

import pytest

from assist.coaching import agreements, overview, queue, reminders, sessions
from assist.store.clock import now
from tests.api import judged
from tests.assist.coaching import past

MEASURE = "criterion:opening/purpose"


def kinds(store, user):
    return [one.kind for one in reminders.listing(store, user)]


def agreed(store, lead, agent, held, last_day):
    session = sessions.begin(store, lead, agent.id, held_at=held)
    day = last_day.astimezone(store.settings.zone).date()
    action = agreements.agree(store, lead, session.id, "先说来意", MEASURE, day)
    sessions.sign(store, lead, session.id)
    sessions.sign(store, agent, session.id)
    return action


@pytest.mark.parametrize(("days", "due"), [(1, ["planned"]), (30, [])])
def test_a_talk_is_told_of_in_the_week_before(store, lead, agent, days, due):
    sessions.plan(store, lead, agent.id, now() + timedelta(days=days))
    assert kinds(store, lead) == kinds(store, agent) == due


def test_a_planned_talk_that_did_not_take_place_is_overdue(store, lead, agent):
    sessions.plan(store, lead, agent.id, now() - timedelta(days=1))
    (one,) = reminders.listing(store, lead)
    assert one.overdue


def test_a_signature_waits_for_its_person(store, lead, agent):
    session = sessions.begin(store, lead, agent.id)
    assert (kinds(store, lead), kinds(store, agent)) == (["to-sign"], [])
    sessions.sign(store, lead, session.id)
    assert (kinds(store, lead), kinds(store, agent)) == (["unsigned"], ["to-sign"])
    sessions.sign(store, agent, session.id)
    assert (kinds(store, lead), kinds(store, agent)) == ([], [])


def test_an_agreement_is_told_of_before_its_end(store, lead, agent):
    agreed(store, lead, agent, now(), now() + timedelta(days=1))
    agreed(store, lead, agent, now(), now() + timedelta(days=20))
    assert kinds(store, lead) == kinds(store, agent) == ["ending"]


def test_what_came_back_is_the_leads_and_comes_first(store, lead, agent):
    sessions.begin(store, lead, agent.id)
    action = agreed(store, lead, agent, now() - timedelta(days=9), now() - timedelta(days=5))
    assert (kinds(store, lead), kinds(store, agent)) == (["returned", "to-sign"], [])
    agreements.rest(store, lead, action.id, "换了项目")
    assert kinds(store, lead) == ["to-sign"]


def test_nobody_is_reminded_of_other_peoples_talks(store, lead, agent, other_agent, outsider, admin, editor):
    sessions.begin(store, lead, agent.id)
    for person in (other_agent, outsider, admin, editor):
        assert reminders.listing(store, person) == ()


def test_the_overview_counts_what_runs_waits_and_came_back(store, lead, agent, other_agent, outsider):
    agreed(store, lead, agent, now(), now() + timedelta(days=5))
    agreed(store, lead, agent, now() - timedelta(days=9), now() - timedelta(days=5))
    reminders.listing(store, lead)
    queue.put(store, past.call(store, agent, now(), {"purpose": 0.0}), judged.report())
    first, second = overview.overview(store, lead)
    assert (first.agent_id, first.last_at, first.running, first.returned, first.queued) == (
        other_agent.id,
        None,
        0,
        0,
        0,
    )
    assert (second.agent_id, second.running, second.returned, second.queued) == (agent.id, 1, 1, 1)
    assert overview.overview(store, outsider) == ()
