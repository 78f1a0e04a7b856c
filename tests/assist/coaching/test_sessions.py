"""One-on-ones: whose they are, how they come about, what a signature fixes."""

import sqlite3
from datetime import timedelta

import pytest

from assist.coaching import agreements, queue, sessions
from assist.coaching.sessions import AlreadySigned, InTheFuture, Moment, NotHeld, NotYetSigned, WordsMissing
from assist.errors import NotFound
from assist.people import audit, users
from assist.store.clock import now
from tests.conftest import PASSWORD

TOMORROW = (now() + timedelta(days=1)).date()


@pytest.fixture
def session(store, lead, agent):
    return sessions.begin(store, lead, agent.id)


@pytest.fixture
def signed(store, session, lead, agent):
    sessions.note(store, lead, session.id, "先认同再回答")
    agreements.agree(store, lead, session.id, "先认同", "criterion:rejection_handling/acknowledged", TOMORROW)
    sessions.sign(store, lead, session.id)
    return sessions.sign(store, agent, session.id)


def test_a_talk_is_planned_then_held(store, lead, agent):
    at = now() + timedelta(days=2)
    session = sessions.plan(store, lead, agent.id, at)
    assert (session.state, session.held_at) == ("planned", None)
    assert abs(session.planned_for - at) < timedelta(seconds=1)
    assert sessions.hold(store, lead, session.id).state == "held"
    with pytest.raises(NotHeld):
        sessions.hold(store, lead, session.id)


def test_a_talk_can_be_written_up_later_but_not_ahead(store, lead, agent):
    then = now() - timedelta(days=3)
    assert sessions.begin(store, lead, agent.id, held_at=then).held_at < now() - timedelta(days=2)
    with pytest.raises(InTheFuture):
        sessions.begin(store, lead, agent.id, held_at=now() + timedelta(days=1))


def test_it_begins_with_the_moments_to_talk_about(store, lead, agent, ready_call):
    session = sessions.begin(store, lead, agent.id, [Moment(ready_call.id, 2.0, "终身免费")])
    (note,) = sessions.notes(store, session)
    assert (note.call_id, note.start, note.quote, note.words) == (ready_call.id, 2.0, "终身免费", "")
    sessions.rewrite(store, lead, session.id, note.id, "不能承诺")
    assert sessions.notes(store, session)[0].words == "不能承诺"
    sessions.strike(store, lead, session.id, note.id)
    assert sessions.notes(store, session) == ()


def test_only_the_agents_own_calls_are_talked_about(store, lead, session, judged, other_agent):
    call = judged(other_agent, "agent: 您好")
    with pytest.raises(NotFound):
        sessions.note(store, lead, session.id, "听听", Moment(call.id))


def test_leads_talk_with_their_own_team_only(store, lead, outsider, admin, editor, agent, session):
    for person in (outsider, admin, editor, agent):
        with pytest.raises(NotFound):
            sessions.begin(store, person, agent.id)
    with pytest.raises(NotFound):
        sessions.begin(store, lead, outsider.id)
    for person in (outsider, editor):
        with pytest.raises(NotFound):
            sessions.get(store, person, session.id)
        with pytest.raises(NotFound):
            sessions.of_agent(store, person, agent.id)


def test_agents_see_their_own_talks_only_and_write_nothing(store, agent, other_agent, session):
    assert sessions.get(store, agent, session.id) == session
    with pytest.raises(NotFound):
        sessions.get(store, other_agent, session.id)
    with pytest.raises(NotFound):
        sessions.note(store, agent, session.id, "我来写")


def test_what_an_admin_opens_leaves_a_trace(store, admin, agent, session):
    sessions.get(store, admin, session.id)
    sessions.of_agent(store, admin, agent.id)
    assert [entry.login for entry in audit.listing(store, about=f"user:{agent.id}")] == ["root"]


def test_the_lead_signs_then_the_agent(store, session, lead, agent, other_agent, admin):
    with pytest.raises(NotYetSigned):
        sessions.sign(store, agent, session.id)
    assert sessions.sign(store, lead, session.id).state == "held"
    for person in (other_agent, admin):
        with pytest.raises(NotFound):
            sessions.sign(store, person, session.id)
    done = sessions.sign(store, agent, session.id)
    assert done.state == "signed"
    assert done.lead_signed_at <= done.agent_signed_at


def test_the_lead_may_take_the_signature_back_until_the_agent_signs(store, session, lead, agent):
    sessions.sign(store, lead, session.id)
    with pytest.raises(AlreadySigned):
        sessions.note(store, lead, session.id, "还有")
    sessions.unsign(store, lead, session.id)
    sessions.note(store, lead, session.id, "还有")
    sessions.sign(store, lead, session.id)
    sessions.sign(store, agent, session.id)
    with pytest.raises(AlreadySigned):
        sessions.unsign(store, lead, session.id)


def test_a_signed_talk_never_changes(store, signed, lead):
    note, action = sessions.notes(store, signed)[0], agreements.of_session(store, signed.id)[0]
    for act in (
        lambda: sessions.note(store, lead, signed.id, "还有"),
        lambda: sessions.rewrite(store, lead, signed.id, note.id, "别的"),
        lambda: sessions.strike(store, lead, signed.id, note.id),
        lambda: sessions.summarise(store, lead, signed.id, "别的"),
        lambda: sessions.cancel(store, lead, signed.id),
        lambda: sessions.sign(store, lead, signed.id),
        lambda: agreements.withdraw(store, lead, action.id),
    ):
        with pytest.raises(AlreadySigned):
            act()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE coaching_sessions SET summary = '别的'",
        "UPDATE session_notes SET words = '别的'",
        "UPDATE actions SET behaviour = '别的'",
        "INSERT INTO session_notes SELECT 99, session_id, NULL, NULL, '', '别的', 0, written_by, '' FROM session_notes",
    ],
)
def test_not_even_a_mistake_in_the_program_changes_it(store, signed, statement):
    with pytest.raises(sqlite3.IntegrityError, match="signed session never changes"):
        store.change(statement)


def test_what_comes_to_mind_later_is_added_beneath(store, session, signed, lead, agent, other_agent):
    sessions.remark(store, agent, signed.id, "我已经试过了")
    sessions.remark(store, lead, signed.id, "很好")
    words = [(note.words, note.remark, note.written_by) for note in sessions.notes(store, signed)]
    assert words == [("先认同再回答", False, "刘洋"), ("我已经试过了", True, "陈晓"), ("很好", True, "刘洋")]
    with pytest.raises(NotFound):
        sessions.remark(store, other_agent, signed.id, "我也来")
    with pytest.raises(WordsMissing):
        sessions.remark(store, lead, signed.id, " ")


def test_with_the_leads_signature_the_calls_leave_the_queue(store, lead, agent, ready_call):
    session = sessions.begin(store, lead, agent.id, [Moment(ready_call.id)])
    assert queue.state_of(store, ready_call.id) == "open"
    sessions.sign(store, lead, session.id)
    assert queue.state_of(store, ready_call.id) == "done"


def test_a_call_that_somebody_else_works_on_stays_theirs(store, lead, agent, ready_call):
    second = users.create(store, "wu", "吴江", "lead", PASSWORD, team="一组")
    queue.claim(store, second, ready_call.id)
    session = sessions.begin(store, lead, agent.id, [Moment(ready_call.id)])
    sessions.sign(store, lead, session.id)
    assert queue.state_of(store, ready_call.id) == "open"


def test_a_talk_that_is_called_off_leaves_nothing_agreed(store, session, lead, agent):
    agreements.agree(store, lead, session.id, "先认同", "score:opening", TOMORROW)
    sessions.cancel(store, lead, session.id)
    assert agreements.of_agent(store, agent, agent.id) == ()
    with pytest.raises(NotHeld):
        sessions.note(store, lead, session.id, "还有")
