"""The clock goes back, or was ahead and is put right: nothing is lost, hidden or locked for good."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from assist import jobs
from assist.calls import calls
from assist.calls.calls import Call
from assist.coaching import queue
from assist.fleet import upkeep
from assist.people import audit, audit_check, lockout, sessions
from assist.people.users import User
from assist.pipeline import STEPS, Pipeline
from assist.store import Store, clock
from tests import fakes


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Sets the clock by so much ahead of, or behind, the true time."""
    offset = [timedelta(0)]

    class Clock(datetime):
        @classmethod
        def now(cls, zone: object = None) -> datetime:
            return datetime.now(UTC) + offset[0]

    monkeypatch.setattr(clock, "datetime", Clock)
    return lambda by: offset.__setitem__(0, by)


DAY = timedelta(days=1)


def test_calls_of_a_day_ago_come_after_and_are_worked_on(
    store: Store, upload: Callable[..., Call], agent: User, at: Callable[[timedelta], None]
) -> None:
    first = upload(agent, "agent: 1")
    at(-DAY)
    second = upload(agent, "agent: 2")
    assert second.id > first.id
    pipeline = Pipeline(store, fakes.FakeEngine())
    for call in (first, second):
        assert [pipeline.run(step, call.id, call.run) for step in STEPS] == ["done"] * len(STEPS)
    assert upkeep.reconcile(store, thoroughly=True) == 0
    jobs.close()


def test_the_audit_stays_whole(store: Store, admin: User, at: Callable[[timedelta], None]) -> None:
    for by in (timedelta(0), -DAY, DAY, timedelta(0)):
        at(by)
        audit.record(store, admin, "user.update", "user:1")
    assert audit_check.verify(store, thorough=True).whole


def test_an_opening_is_on_record_after_the_clock_was_ahead(
    store: Store, ready_call: Call, admin: User, at: Callable[[timedelta], None]
) -> None:
    at(365 * DAY)
    calls.get(store, admin, ready_call.id)
    at(timedelta(0))
    calls.get(store, admin, ready_call.id)
    opened = [entry for entry in audit.listing(store, about=f"call:{ready_call.id}") if entry.action == "call.open"]
    assert len(opened) == 2


def test_a_session_goes_on_and_ends_when_it_is_ended(
    store: Store, agent: User, at: Callable[[timedelta], None]
) -> None:
    token = sessions.start(store, agent, "test")
    at(-DAY)
    assert sessions.user_of(store, token) == agent
    sessions.end(store, token)
    assert sessions.user_of(store, token) is None


def test_a_claim_is_given_back_and_lapses(
    store: Store, ready_call: Call, lead: User, at: Callable[[timedelta], None]
) -> None:
    at(DAY)
    queue.claim(store, lead, ready_call.id)
    at(timedelta(0))
    queue.release(store, lead, ready_call.id)
    queue.claim(store, lead, ready_call.id)
    queue.done(store, lead, ready_call.id)
    assert queue.state_of(store, ready_call.id) == "done"


def test_a_lock_of_the_door_is_no_longer_than_the_clock_was_wrong(
    store: Store, agent: User, at: Callable[[timedelta], None]
) -> None:
    wrong_by = timedelta(minutes=10)
    at(wrong_by)
    tries = lockout.tries(store, agent.login, agent.id, lockout.NOWHERE)
    while not lockout.enter(store, tries):
        pass
    at(timedelta(0))
    with pytest.raises(lockout.TooManyTries) as refused:
        lockout.refuse_while_locked(store, tries)
    assert refused.value.facts["seconds"] <= (wrong_by + lockout.FIRST_LOCK).total_seconds() + 1
