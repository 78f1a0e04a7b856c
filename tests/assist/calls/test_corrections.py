"""Corrections of a call: who may make them, what is kept, what they suggest."""

import pytest

from assist.calls import calls, corrections
from assist.calls.corrections import CorrectionTooLong, NotHeardYet, UnknownSpeaker
from assist.calls.suggestions import suggested_terms
from assist.errors import AccessDenied, NotFound
from assist.people import audit

SAID = "您好，这个终身有优惠"


def test_a_correction_keeps_who_when_and_both_texts(store, ready_call, lead):
    made = corrections.add(store, lead, ready_call, 1, SAID)
    assert (made.heard_text, made.old_text, made.new_text) == ("您好，这个终身免费", "您好，这个终身免费", SAID)
    assert (made.corrected_by, made.new_speaker, made.reverted_at) == (lead.name, "agent", None)
    assert corrections.history(store, ready_call.id) == [made]
    assert audit.listing(store, about=f"call:{ready_call.id}")[0].action == "call.correct"


def test_a_later_correction_keeps_the_earlier_one_as_old(store, ready_call, lead):
    corrections.add(store, lead, ready_call, 1, SAID)
    later = corrections.add(store, lead, ready_call, 1, speaker="customer")
    assert (later.old_text, later.new_text, later.heard_text) == (SAID, SAID, "您好，这个终身免费")
    assert corrections.standing(store, ready_call.id) == {1: later}


def test_taking_back_the_latest_leaves_the_one_before(store, ready_call, lead, admin):
    first = corrections.add(store, lead, ready_call, 1, SAID)
    later = corrections.add(store, lead, ready_call, 1, "别的")
    assert corrections.revert(store, admin, ready_call, later.id)
    assert not corrections.revert(store, admin, ready_call, later.id)
    assert corrections.standing(store, ready_call.id) == {1: first}
    assert corrections.history(store, ready_call.id)[0].reverted_by == admin.name


def test_what_stands_there_already_is_no_correction(store, ready_call, lead):
    assert corrections.add(store, lead, ready_call, 1, " 您好，这个终身免费\n", "agent") is None
    assert corrections.history(store, ready_call.id) == []


def test_only_leads_and_admins_correct(store, ready_call, agent, editor):
    for user in (agent, editor):
        with pytest.raises(AccessDenied):
            corrections.add(store, user, ready_call, 1, SAID)


def test_what_cannot_be_corrected(store, ready_call, lead, upload, agent):
    with pytest.raises(NotFound):
        corrections.add(store, lead, ready_call, 99, SAID)
    with pytest.raises(CorrectionTooLong):
        corrections.add(store, lead, ready_call, 1, "长" * 2001)
    with pytest.raises(UnknownSpeaker):
        corrections.add(store, lead, ready_call, 1, SAID, "manager")
    with pytest.raises(NotHeardYet):
        corrections.add(store, lead, upload(agent, "agent: 早"), 0, SAID)


def test_a_correction_of_another_call_cannot_be_taken_back_here(store, ready_call, lead, agent, judged):
    made = corrections.add(store, lead, ready_call, 1, SAID)
    with pytest.raises(NotFound):
        corrections.revert(store, lead, judged(agent, "agent: 早"), made.id)


class TestSuggestedTerms:
    @pytest.fixture
    def corrected(self, store, lead, agent, judged):
        made = []
        for heard in ("agent: 我们送心路由的", "agent: 这个心路由很快"):
            call = judged(agent, heard)
            text = calls.transcript(store, call).turns[0].text
            made.append(corrections.add(store, lead, call, 0, text.replace("心路由", "星路由")))
        return made

    def test_they_name_the_calls_that_one_may_open(self, store, corrected, lead, outsider, editor):
        (term,) = suggested_terms(store, lead, "broadband")
        assert (term.times, term.calls) == (2, tuple(made.call_id for made in corrected))
        assert [one.calls for user in (outsider, editor) for one in suggested_terms(store, user, "broadband")] == [
            (),
            (),
        ]

    def test_what_was_taken_back_suggests_nothing(self, store, corrected, lead):
        for made in corrected:
            corrections.revert(store, lead, calls.load(store, made.call_id), made.id)
        assert suggested_terms(store, lead, "broadband") == ()

    def test_agents_see_none(self, store, agent):
        with pytest.raises(AccessDenied):
            suggested_terms(store, agent, "broadband")
