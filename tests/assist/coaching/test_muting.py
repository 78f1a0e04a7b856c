"""In a clip nobody hears a customer's number."""

from collections.abc import Callable

import pytest

from assist.calls import maskings
from assist.calls.calls import Call
from assist.coaching import clips, muting
from assist.people.users import User
from assist.store import Store

MARGIN = 0.15


@pytest.fixture
def call(judged: Callable[..., Call], agent: User) -> Call:
    """Each turn begins two seconds after the one before and lasts 1.5 s."""
    return judged(agent, "customer: 王建国", "agent: 请问是王建国先生吗", "customer: 13800001234", "agent: 好的")


def test_the_seconds_of_a_number_are_silent(store: Store, lead: User, call: Call) -> None:
    clip = clips.add(store, lead, call.id, 2.0, 7.0, "核对号码", shared="team")
    ((start, end),) = muting.silent(store, clip)
    assert (start, end) == pytest.approx((4.0 - MARGIN, 5.5 + MARGIN), abs=0.01)


def test_where_names_are_hidden_they_are_silent_too(store: Store, lead: User, call: Call) -> None:
    clip = clips.add(store, lead, call.id, 2.0, 7.0, "核对号码", hide_names=True, shared="team")
    assert len(muting.silent(store, clip)) == 3


def test_a_campaign_may_leave_the_sound_as_it_is(store: Store, admin: User, lead: User, call: Call) -> None:
    clip = clips.add(store, lead, call.id, 2.0, 7.0, "核对号码")
    maskings.change(store, admin, "broadband", {"sound": False})
    assert muting.silent(store, clip) == ()
