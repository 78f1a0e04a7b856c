"""The agent judges their own call first."""

from collections.abc import Callable

import pytest

from assist.calls import calls
from assist.calls.calls import Call
from assist.coaching import selfscore
from assist.coaching.selfscore import NotAStep, ScoredBefore, TwoThingsMissing
from assist.errors import AccessDenied, NotFound
from assist.people.users import User
from assist.store import Store
from tests.weighing import LINES, take

STEPS = {"opening": 4, "questioning": 2, "rejection_handling": None}


@pytest.fixture
def call(store: Store, upload: Callable[..., Call], agent: User) -> Call:
    return take(store, upload(agent, *LINES))


def test_what_the_agent_thinks_is_kept(store: Store, call: Call, agent: User) -> None:
    made = selfscore.save(store, agent, call.id, STEPS, "报了姓名", "先认同再说")
    assert selfscore.of_call(store, agent, call) == made
    assert (made.steps, made.strength, made.change, made.shared_at) == (STEPS, "报了姓名", "先认同再说", None)


def test_nobody_else_sees_it_until_it_is_shared(store: Store, call: Call, agent: User, lead: User, admin: User) -> None:
    selfscore.save(store, agent, call.id, STEPS, "报了姓名", "先认同再说")
    assert [selfscore.of_call(store, user, call) for user in (lead, admin)] == [None, None]
    selfscore.share(store, agent, call.id)
    assert selfscore.of_call(store, lead, call).strength == "报了姓名"
    selfscore.share(store, agent, call.id, shared=False)
    assert selfscore.of_call(store, lead, call) is None


def test_it_stays_as_it_was_before_the_scores_were_seen(store: Store, call: Call, agent: User) -> None:
    selfscore.save(store, agent, call.id, STEPS, "报了姓名", "先认同再说")
    with pytest.raises(ScoredBefore):
        selfscore.save(store, agent, call.id, STEPS | {"opening": 1}, "没有", "都改")


@pytest.mark.parametrize(
    "steps", [{"opening": 3}, STEPS | {"opening": 6}, STEPS | {"opening": 0}, STEPS | {"overall": 3}]
)
def test_every_skill_gets_a_step(store: Store, call: Call, agent: User, steps: dict[str, int | None]) -> None:
    with pytest.raises(NotAStep):
        selfscore.save(store, agent, call.id, steps, "好", "改")


def test_one_strength_and_one_change(store: Store, call: Call, agent: User) -> None:
    with pytest.raises(TwoThingsMissing):
        selfscore.save(store, agent, call.id, STEPS, "好", " ")


def test_only_ones_own_call(store: Store, call: Call, other_agent: User, lead: User, outsider: User) -> None:
    for user, wrong in ((other_agent, NotFound), (lead, AccessDenied), (outsider, NotFound)):
        with pytest.raises(wrong):
            selfscore.save(store, user, call.id, STEPS, "好", "改")


def test_sharing_needs_something_to_share(store: Store, call: Call, agent: User) -> None:
    with pytest.raises(AccessDenied):
        selfscore.share(store, agent, call.id)
    assert selfscore.of_call(store, agent, calls.load(store, call.id)) is None
