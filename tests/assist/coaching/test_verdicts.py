"""Leads keep and change findings; the call stands with the new scores and the machine's stay beside it."""

from collections.abc import Callable

import pytest

from assist import pipeline
from assist.analysis.verdicts import KEPT, About, Ruling
from assist.calls import calls
from assist.calls.calls import Call
from assist.coaching import queue, verdicts
from assist.coaching.judged import NotJudgedYet
from assist.coaching.rulings import BadRuling
from assist.coaching.verdicts import DecidedMeanwhile, DoesNotFit, HitRate, WhyMissing
from assist.errors import AccessDenied, NotFound
from assist.people import audit
from assist.people.users import User
from assist.store import Store, results
from tests.weighing import LINES, WeighingEngine, take

PROMISE, BUSY, IDENTITY = "forbidden:free-for-life@6.0", "objection:busy@4.0", "point:confirm-identity"
GONE = Ruling(gone=True)


@pytest.fixture
def call(store: Store, upload: Callable[..., Call], agent: User) -> Call:
    return take(store, upload(agent, *LINES))


def loaded(store: Store, call: Call) -> Call:
    return calls.load(store, call.id)


class TestAChangedFinding:
    def test_the_call_stands_with_the_new_score(self, store: Store, call: Call, lead: User) -> None:
        verdicts.rule(store, lead, call.id, PROMISE, GONE, "他说的是终身维护")
        now = loaded(store, call)
        assert now.overall > call.overall
        assert now.machine_key == call.analysis_key
        assert calls.machine_analysis(store, now) == results.analysis(store, call.analysis_key)
        assert calls.analysis(store, now)["forbidden"] == []

    def test_its_flag_leaves_the_queue(self, store: Store, call: Call, lead: User) -> None:
        assert "forbidden" in {flag.rule for flag in queue.flags_of(store, call.id)}
        verdicts.rule(store, lead, call.id, PROMISE, GONE, "他说的是终身维护")
        assert "forbidden" not in {flag.rule for flag in queue.flags_of(store, call.id)}

    def test_what_is_kept_again_gives_the_machines_word_back(self, store: Store, call: Call, lead: User) -> None:
        verdicts.rule(store, lead, call.id, PROMISE, GONE, "误听")
        verdicts.rule(store, lead, call.id, PROMISE, KEPT, "再听一遍，确实说了")
        now = loaded(store, call)
        assert (now.overall, now.analysis_key, now.machine_key) == (call.overall, call.analysis_key, None)
        assert [one.stands for one in verdicts.history(store, call.id)] == [True, False]

    def test_it_can_be_changed_under_its_new_name(self, store: Store, call: Call, lead: User) -> None:
        verdicts.rule(store, lead, call.id, BUSY, Ruling(id="other"), "不是没时间")
        verdicts.rule(store, lead, call.id, "objection:other@4.0", GONE, "其实不是异议")
        assert calls.analysis(store, loaded(store, call))["objections"] == []
        assert {one.about.id for one in verdicts.standing(store, call.id)} == {"busy"}

    def test_something_that_was_not_found_can_be_added_and_taken_out(
        self, store: Store, call: Call, lead: User
    ) -> None:
        about = About("objection", "busy", 8.0, 9.5)
        verdicts.add(store, lead, call.id, about, Ruling(outcome="ended"), "这里也是")
        assert len(calls.analysis(store, loaded(store, call))["objections"]) == 2
        verdicts.rule(store, lead, call.id, "objection:busy@8.0", GONE, "看错了")
        assert loaded(store, call).analysis_key == call.analysis_key

    def test_both_reports_are_kept_byte_for_byte(self, store: Store, call: Call, lead: User) -> None:
        verdicts.rule(store, lead, call.id, PROMISE, GONE, "误听")
        first = loaded(store, call).analysis_key
        verdicts.rule(store, lead, call.id, PROMISE, KEPT, "改回")
        verdicts.rule(store, lead, call.id, PROMISE, GONE, "还是误听")
        now = loaded(store, call)
        told = calls.analysis(store, now)
        assert now.analysis_key != first  # another verdict, told by its number
        assert told | {"verdicts": []} == results.analysis(store, first) | {"verdicts": []}


class TestJudgedAgain:
    def test_a_verdict_that_still_fits_is_applied_again(self, store: Store, call: Call, lead: User) -> None:
        verdicts.rule(store, lead, call.id, PROMISE, GONE, "误听")
        changed = loaded(store, call).overall
        again = take(store, pipeline.rejudge(store, lead, call.id), WeighingEngine(judge_name="weigh-2"))
        assert again.overall == changed
        assert again.machine_key not in (None, call.analysis_key)

    def test_one_that_fits_no_longer_is_said_to(self, store: Store, call: Call, lead: User) -> None:
        verdicts.rule(store, lead, call.id, PROMISE, GONE, "误听")
        corrected = pipeline.correct(store, lead, call.id, 3, text="这个宽带有优惠，您平时上网觉得卡不卡？")
        again = take(store, corrected)
        (one,) = verdicts.history(store, call.id)
        assert (one.fits, one.stands) == (False, True)
        assert again.machine_key is None

    def test_none_can_be_ruled_meanwhile(self, store: Store, call: Call, lead: User) -> None:
        pipeline.rejudge(store, lead, call.id)
        with pytest.raises(NotJudgedYet):
            verdicts.rule(store, lead, call.id, PROMISE, GONE, "误听")


class TestWhoMay:
    def test_the_lead_of_the_team_and_admins(self, store: Store, call: Call, lead: User, admin: User) -> None:
        for user in (lead, admin):
            assert verdicts.rule(store, user, call.id, PROMISE, KEPT, "确实说了").made_by == user.name
        assert audit.listing(store, about=f"call:{call.id}")[0].action == "finding.rule"

    def test_nobody_else(
        self, store: Store, call: Call, agent: User, other_agent: User, outsider: User, editor: User
    ) -> None:
        for user, wrong in ((agent, AccessDenied), (other_agent, NotFound), (outsider, NotFound), (editor, NotFound)):
            with pytest.raises(wrong):
                verdicts.rule(store, user, call.id, PROMISE, GONE, "误听")
        assert verdicts.history(store, call.id) == []

    def test_no_lead_on_a_call_of_their_own(self, store: Store, upload: Callable[..., Call], lead: User) -> None:
        own = take(store, upload(lead, *LINES))
        store.change("UPDATE calls SET agent_id = ?", [lead.id])
        with pytest.raises(AccessDenied):
            verdicts.rule(store, lead, own.id, PROMISE, GONE, "误听")

    def test_of_two_at_once_one_wins_and_the_other_is_told(
        self, store: Store, call: Call, lead: User, admin: User
    ) -> None:
        verdicts.rule(store, lead, call.id, PROMISE, GONE, "误听", seen=0)
        with pytest.raises(DecidedMeanwhile, match=lead.name):
            verdicts.rule(store, admin, call.id, PROMISE, KEPT, "确实说了", seen=0)
        assert len(verdicts.history(store, call.id)) == 1


class TestWhatIsRefused:
    def test_without_a_reason(self, store: Store, call: Call, lead: User) -> None:
        with pytest.raises(WhyMissing):
            verdicts.rule(store, lead, call.id, PROMISE, GONE, "  ")

    @pytest.mark.parametrize("name", ["forbidden:free-for-life@1.0", "point:none", "nonsense", "flag:@x"])
    def test_a_finding_that_is_not_there(self, store: Store, call: Call, lead: User, name: str) -> None:
        with pytest.raises(NotFound):
            verdicts.rule(store, lead, call.id, name, GONE, "误听")

    @pytest.mark.parametrize(
        ("name", "ruling"),
        [
            (BUSY, Ruling(id="no-such-entry")),
            (BUSY, Ruling(status="said")),
            (IDENTITY, GONE),
            (IDENTITY, Ruling(status="uncertain")),
            ("criterion:opening/courteous", Ruling(value=1.5)),
        ],
    )
    def test_what_cannot_be_ruled(self, store: Store, call: Call, lead: User, name: str, ruling: Ruling) -> None:
        with pytest.raises(BadRuling):
            verdicts.rule(store, lead, call.id, name, ruling, "不对")

    def test_a_turn_of_the_wrong_person(self, store: Store, call: Call, lead: User) -> None:
        with pytest.raises(DoesNotFit):
            verdicts.rule(store, lead, call.id, "point:ask-for-order", Ruling(status="said", start=0.1, end=1.0), "有")
        assert verdicts.history(store, call.id) == []


class TestHitRate:
    def test_a_changed_finding_counts_against_its_rule(self, store: Store, call: Call, lead: User) -> None:
        verdicts.rule(store, lead, call.id, PROMISE, GONE, "误听")
        for rule in ("forbidden", "forbidden:free-for-life"):
            assert verdicts.hit_rate(store, rule) == HitRate(0, 1)

    def test_a_kept_one_counts_for_it(self, store: Store, call: Call, lead: User) -> None:
        verdicts.rule(store, lead, call.id, PROMISE, KEPT, "确实说了")
        assert verdicts.hit_rate(store, "forbidden") == HitRate(1, 0)
        assert verdicts.hit_rate(store, "forbidden").share == 1.0

    def test_only_the_last_word_counts(self, store: Store, call: Call, lead: User) -> None:
        verdicts.rule(store, lead, call.id, PROMISE, GONE, "误听")
        verdicts.rule(store, lead, call.id, PROMISE, KEPT, "确实说了")
        assert verdicts.hit_rate(store, "forbidden") == HitRate(1, 0)

    def test_a_criterion_that_moves_with_it_counts(self, store: Store, call: Call, lead: User) -> None:
        verdicts.rule(store, lead, call.id, BUSY, Ruling(steps=("acknowledge",), outcome="resolved"), "认同了")
        assert verdicts.hit_rate(store, "rejection_handling/acknowledged") == HitRate(0, 1)
        assert verdicts.hit_rate(store, "unanswered-objection") == HitRate(0, 1)

    def test_every_rate_leads_to_its_verdicts(self, store: Store, call: Call, lead: User, outsider: User) -> None:
        verdicts.rule(store, lead, call.id, PROMISE, GONE, "误听")
        for rule, rate in verdicts.hit_rates(store).items():
            assert len(verdicts.behind(store, lead, rule)) == rate.kept + rate.overturned
            assert verdicts.behind(store, outsider, rule) == []
            assert verdicts.hit_rate(store, rule, user=lead) == rate
            assert verdicts.hit_rate(store, rule, user=outsider) == HitRate()
