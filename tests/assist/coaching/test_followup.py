"""After a talk the agent's own calls say whether what was agreed is done; it is decided once."""

from datetime import timedelta

import pytest

from assist.coaching import agreements, followup, sessions
from assist.coaching.agreements import BehaviourMissing, EndsTooEarly, EndsTooLate, NotDue, ReasonMissing
from assist.coaching.measures import UnknownMeasure
from assist.coaching.sessions import Moment
from assist.errors import NotFound
from assist.store.clock import now, stamp
from tests.assist.coaching import past

MEASURE = "criterion:opening/purpose"
BAD, GOOD = [[0.0, 0.0, 1.0]] * 6, [[1.0, 1.0]] * 6


def agreed(store, lead, agent, *, days_ago=10, lasts=8, measure=MEASURE, moments=(), follows=None):
    """An agreement of a talk so many days ago, signed by the lead."""
    held = now() - timedelta(days=days_ago)
    session = sessions.begin(store, lead, agent.id, moments, held_at=held)
    until = (held + timedelta(days=lasts)).astimezone(store.settings.zone).date()
    action = agreements.agree(store, lead, session.id, "先说来意", measure, until, follows)
    sessions.sign(store, lead, session.id)
    return agreements.get(store, lead, action.id)


def decided(store, lead, action):
    followup.settle(store, [action.agent_id])
    return agreements.get(store, lead, action.id)


def test_a_behaviour_that_came_is_kept(store, lead, agent):
    past.calls(store, agent, BAD, "purpose", from_day=-20)
    past.calls(store, agent, GOOD, "purpose", from_day=-8)
    action = decided(store, lead, agreed(store, lead, agent))
    found = followup.progress(store, action)
    assert (action.state, action.returned) == ("kept", False)
    assert (found.change.before.hits, found.change.before.calls) == (6, 18)
    assert (found.change.after.hits, found.change.after.calls) == (12, 12)
    assert 0 < found.change.low < 2 / 3 < found.change.high


def test_a_behaviour_that_did_not_come_is_back_with_the_lead(store, lead, agent):
    hardly = [[0.0, 0.0, 0.0, 0.0, 1.0]] * 7
    past.calls(store, agent, hardly, "purpose", from_day=-25)
    past.calls(store, agent, hardly, "purpose", from_day=-9)
    action = decided(store, lead, agreed(store, lead, agent))
    assert (action.state, action.returned) == ("not-kept", True)


def test_too_few_calls_are_said_to_be_too_few(store, lead, agent):
    past.calls(store, agent, BAD, "purpose", from_day=-20)
    past.calls(store, agent, [[1.0]] * 4, "purpose", from_day=-8)
    action = decided(store, lead, agreed(store, lead, agent))
    found = followup.progress(store, action)
    assert (action.state, action.returned, found.change.few, found.change.after.calls) == ("unclear", True, True, 4)


def test_until_its_end_only_counts_are_shown(store, lead, agent):
    past.calls(store, agent, BAD, "purpose", from_day=-20)
    past.calls(store, agent, GOOD, "purpose", from_day=-8)
    action = agreed(store, lead, agent, lasts=12)
    assert followup.settle(store, [agent.id]) == 0
    found = followup.progress(store, action)
    assert (found.decided, len(found.before), len(found.after)) == (False, 18, 12)


def test_it_is_decided_once_whatever_comes_later(store, lead, agent):
    past.calls(store, agent, BAD, "purpose", from_day=-20)
    past.calls(store, agent, GOOD, "purpose", from_day=-8)
    action = decided(store, lead, agreed(store, lead, agent))
    before = followup.progress(store, action)
    past.calls(store, agent, [[0.0] * 9] * 5, "purpose", from_day=-8)
    assert followup.settle(store, [agent.id]) == 0
    assert followup.progress(store, agreements.get(store, lead, action.id)) == before


def test_calls_that_were_talked_about_and_other_peoples_do_not_count(store, lead, agent, other_agent):
    talked = past.calls(store, agent, BAD, "purpose", from_day=-20)
    past.calls(store, other_agent, GOOD, "purpose", from_day=-8)
    action = agreed(store, lead, agent, moments=[Moment(talked[0]), Moment(talked[1])])
    found = followup.progress(store, action)
    assert {reading.call_id for reading in found.before} == set(talked[2:])
    assert found.after == ()


def test_before_is_never_less_than_four_weeks(store, lead, agent):
    past.calls(store, agent, [[1.0]], "purpose", from_day=-37)
    past.calls(store, agent, [[0.0]], "purpose", from_day=-39)
    found = followup.progress(store, agreed(store, lead, agent, lasts=3))
    assert [reading.value for reading in found.before] == [1.0]


def test_calls_that_are_still_heard_are_waited_for_a_week_at_most(store, lead, agent):
    (waiting,) = past.calls(store, agent, [[1.0]], "purpose", from_day=-8, state="transcribing")
    action = agreed(store, lead, agent, days_ago=10, lasts=5)
    assert followup.settle(store, [agent.id]) == 0
    assert followup.settle(store, [agent.id], now() + timedelta(days=7)) == 1
    assert waiting not in [reading.call_id for reading in followup.progress(store, action).after]


def test_what_the_lead_has_not_signed_is_not_decided(store, lead, agent):
    action = agreed(store, lead, agent)
    sessions.unsign(store, lead, action.session_id)
    assert followup.settle(store, [agent.id]) == 0


@pytest.mark.parametrize(
    ("measure", "rows"),
    [
        ("score:opening", []),
        ("never:forbidden", []),
        ("point:broadband/ask-for-order", [("spoken_points", {"point": "ask-for-order", "status": "said"})]),
        ("step:broadband/busy/acknowledge", [("objection_steps", {"objection": "busy", "step": "acknowledge"})]),
    ],
)
def test_all_that_can_be_measured_is_counted_from_its_rows(store, lead, agent, measure, rows):
    more = {
        "spoken_points": {"wording": "", "stays": 0, "objection_next": 0},
        "objection_steps": {"done": 1, "turn": 1},
    }
    for number in past.calls(store, agent, GOOD, "forbidden", from_day=-8, opening=70):
        for table, row in rows:
            store.db.table(table).insert({"call_id": number, "start": 1.0} | more[table] | row)
    store.db.conn.commit()
    found = followup.progress(store, agreed(store, lead, agent, measure=measure))
    assert [reading.value for reading in found.after] == [70.0 if measure.startswith("score") else 1.0] * 12


def test_a_follow_up_settles_what_came_back(store, lead, agent):
    first = decided(store, lead, agreed(store, lead, agent, days_ago=20))
    assert first.returned
    again = agreed(store, lead, agent, days_ago=5, follows=first.id)
    assert again.follows == first.id
    assert not agreements.get(store, lead, first.id).returned
    sessions.unsign(store, lead, again.session_id)
    agreements.withdraw(store, lead, again.id)
    assert agreements.get(store, lead, first.id).returned


def test_the_lead_may_lay_it_to_rest_with_a_reason(store, lead, agent, outsider):
    action = decided(store, lead, agreed(store, lead, agent))
    with pytest.raises(ReasonMissing):
        agreements.rest(store, lead, action.id, " ")
    for person in (outsider, agent):
        with pytest.raises(NotFound):
            agreements.rest(store, person, action.id, "不用了")
    assert agreements.rest(store, lead, action.id, "换了项目").settled_note == "换了项目"
    with pytest.raises(NotDue):
        agreements.rest(store, lead, action.id, "再来")


def test_an_agreement_needs_a_behaviour_a_measure_and_an_end(store, lead, agent):
    session = sessions.begin(store, lead, agent.id)
    today = now().astimezone(store.settings.zone).date()
    for error, behaviour, measure, until in (
        (BehaviourMissing, " ", MEASURE, today),
        (UnknownMeasure, "做", "criterion:opening/nonsense", today),
        (UnknownMeasure, "做", "mood", today),
        (EndsTooEarly, "做", MEASURE, today - timedelta(days=1)),
        (EndsTooLate, "做", MEASURE, today + timedelta(days=120)),
    ):
        with pytest.raises(error):
            agreements.agree(store, lead, session.id, behaviour, measure, until)


def test_days_are_those_of_the_teams_zone(store, lead, agent):
    action = agreed(store, lead, agent)
    assert stamp(action.until)[11:16] == "16:00"  # midnight in Shanghai
