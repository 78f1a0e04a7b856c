"""Agents accept or dispute findings; a lead of the team decides and says why."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from assist import pipeline
from assist.analysis.verdicts import KEPT, Ruling
from assist.calls import calls
from assist.calls.calls import Call
from assist.coaching import disputes, verdicts
from assist.coaching.disputes import DisputedBefore, Filters, NotOpen, TooLate, Withdrawn
from assist.coaching.verdicts import HitRate, WhyMissing
from assist.errors import AccessDenied, NotFound
from assist.people import audit
from assist.people.users import User
from assist.store import Store
from assist.store.clock import now, stamp
from tests.weighing import LINES, take

PROMISE, BUSY = "forbidden:free-for-life@6.0", "objection:busy@4.0"
GONE = Ruling(gone=True)


@pytest.fixture
def call(store: Store, upload: Callable[..., Call], agent: User) -> Call:
    return take(store, upload(agent, *LINES))


@pytest.fixture
def disputed(store: Store, call: Call, agent: User) -> disputes.Dispute:
    return disputes.raise_dispute(store, agent, call.id, PROMISE, "我说的是终身维护")


def test_an_upheld_dispute_moves_the_score(store: Store, call: Call, disputed: disputes.Dispute, lead: User) -> None:
    disputes.decide(store, lead, disputed.id, GONE, "听了，确实是终身维护")
    assert calls.load(store, call.id).overall > call.overall
    (shown,) = disputes.of_call(store, call.id)
    assert (shown.state, shown.decided_by, shown.answer) == ("changed", lead.name, "听了，确实是终身维护")
    assert verdicts.hit_rate(store, "forbidden") == HitRate(0, 1)
    assert verdicts.history(store, call.id)[0].dispute_id == disputed.id


def test_a_finding_that_is_kept_stays(store: Store, call: Call, disputed: disputes.Dispute, lead: User) -> None:
    disputes.decide(store, lead, disputed.id, KEPT, "6 秒处说的是终身免费")
    assert calls.load(store, call.id).overall == call.overall
    assert disputes.of_call(store, call.id)[0].state == "kept"
    assert verdicts.hit_rate(store, "forbidden") == HitRate(1, 0)


def test_agent_and_lead_read_the_whole_history(
    store: Store, disputed: disputes.Dispute, agent: User, lead: User
) -> None:
    disputes.decide(store, lead, disputed.id, KEPT, "说了")
    told = [disputes.get(store, user, disputed.id) for user in (agent, lead)]
    assert told[0] == told[1]
    assert (told[0].reason, told[0].answer) == ("我说的是终身维护", "说了")


def test_the_list_of_those_who_decide(
    store: Store, disputed: disputes.Dispute, agent: User, lead: User, outsider: User, admin: User
) -> None:
    assert [disputes.to_decide(store, user) for user in (agent, lead, outsider, admin)] == [0, 1, 0, 1]
    found = disputes.listing(store, lead, Filters(state="open"))
    assert ([one.id for one in found.disputes], found.total) == ([disputed.id], 1)
    assert disputes.listing(store, outsider).total == 0
    disputes.decide(store, lead, disputed.id, KEPT, "说了")
    assert disputes.to_decide(store, lead) == 0


def test_of_two_leads_one_decides_and_the_other_is_told(
    store: Store, disputed: disputes.Dispute, lead: User, admin: User
) -> None:
    disputes.decide(store, lead, disputed.id, GONE, "误听")
    with pytest.raises(NotOpen, match=lead.name):
        disputes.decide(store, admin, disputed.id, KEPT, "说了")
    assert len(verdicts.history(store, disputed.call_id)) == 1


def test_what_is_taken_back_cannot_be_decided_and_may_be_raised_again(
    store: Store, call: Call, disputed: disputes.Dispute, agent: User, lead: User
) -> None:
    disputes.withdraw(store, agent, disputed.id)
    with pytest.raises(Withdrawn):
        disputes.decide(store, lead, disputed.id, GONE, "误听")
    assert disputes.raise_dispute(store, agent, call.id, PROMISE, "再想想还是不对").state == "open"


class TestJudgedAgain:
    def test_a_finding_that_is_gone_ends_its_dispute(
        self, store: Store, call: Call, disputed: disputes.Dispute, lead: User
    ) -> None:
        take(store, pipeline.correct(store, lead, call.id, 3, text="这个宽带有优惠。"))
        assert disputes.decide(store, lead, disputed.id, KEPT, "更正后没有了") is None
        assert disputes.get(store, lead, disputed.id).state == "changed"
        assert verdicts.history(store, call.id) == []

    def test_one_that_only_moved_is_the_same(
        self, store: Store, call: Call, disputed: disputes.Dispute, lead: User
    ) -> None:
        store.change("UPDATE disputes SET start = start + 0.5, until = until - 0.3")
        ruled = disputes.decide(store, lead, disputed.id, GONE, "误听")
        assert ruled.about.start == 6.0
        assert calls.load(store, call.id).overall > call.overall


class TestWhoMay:
    def test_only_the_agent_disputes(
        self, store: Store, call: Call, other_agent: User, lead: User, outsider: User, admin: User
    ) -> None:
        for user, wrong in (
            (other_agent, NotFound), (lead, AccessDenied), (outsider, NotFound), (admin, AccessDenied),
        ):  # fmt: skip
            with pytest.raises(wrong):
                disputes.raise_dispute(store, user, call.id, PROMISE, "不对")

    def test_nobody_decides_on_their_own_call(self, store: Store, call: Call, lead: User) -> None:
        store.change("UPDATE calls SET agent_id = ?", [lead.id])
        own = disputes.raise_dispute(store, lead, call.id, PROMISE, "我说的是终身维护")
        with pytest.raises(AccessDenied):
            disputes.decide(store, lead, own.id, GONE, "误听")
        assert disputes.to_decide(store, lead) == 0

    def test_neither_the_agent_nor_another_teams_lead_decides(
        self, store: Store, disputed: disputes.Dispute, agent: User, outsider: User
    ) -> None:
        for user, wrong in ((agent, AccessDenied), (outsider, NotFound)):
            with pytest.raises(wrong):
                disputes.decide(store, user, disputed.id, GONE, "误听")

    def test_an_admin_leaves_a_trace(self, store: Store, disputed: disputes.Dispute, admin: User) -> None:
        disputes.decide(store, admin, disputed.id, KEPT, "说了")
        found = [(entry.action, entry.login) for entry in audit.listing(store, about=f"call:{disputed.call_id}")]
        assert ("dispute.decide", admin.login) in found

    def test_a_call_that_is_not_released_cannot_be_disputed(self, store: Store, call: Call, agent: User) -> None:
        store.change("UPDATE calls SET held = 1")
        with pytest.raises(NotFound):
            disputes.raise_dispute(store, agent, call.id, PROMISE, "不对")


class TestWhatIsRefused:
    def test_without_a_reason(
        self, store: Store, call: Call, disputed: disputes.Dispute, agent: User, lead: User
    ) -> None:
        with pytest.raises(WhyMissing):
            disputes.raise_dispute(store, agent, call.id, BUSY, " ")
        with pytest.raises(WhyMissing):
            disputes.decide(store, lead, disputed.id, GONE, "")
        assert disputes.get(store, lead, disputed.id).state == "open"

    def test_twice(self, store: Store, call: Call, disputed: disputes.Dispute, agent: User) -> None:
        with pytest.raises(DisputedBefore):
            disputes.raise_dispute(store, agent, call.id, PROMISE, "还是不对")

    def test_after_the_time_for_it(self, store: Store, call: Call, agent: User) -> None:
        store.change("UPDATE calls SET ready_at = ?", [stamp(now() - timedelta(days=31))])
        with pytest.raises(TooLate, match="30 days"):
            disputes.raise_dispute(store, agent, call.id, PROMISE, "不对")
        store.change("UPDATE calls SET released_at = ?", [stamp(now() - timedelta(days=2))])
        assert disputes.raise_dispute(store, agent, call.id, PROMISE, "不对").state == "open"


def test_a_finding_is_accepted_until_it_is_disputed(store: Store, call: Call, agent: User) -> None:
    disputes.accept(store, agent, call.id, PROMISE)
    disputes.accept(store, agent, call.id, PROMISE)
    assert disputes.accepted(store, call.id) == {PROMISE}
    disputes.raise_dispute(store, agent, call.id, PROMISE, "再听一遍不对")
    assert disputes.accepted(store, call.id) == set()
