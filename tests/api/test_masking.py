"""Seeing a call unmasked takes a reason, lasts a quarter of an hour and stands on record; what is masked is set by
campaign."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from assist.calls import calls, maskings, search, unmasking
from assist.calls.calls import Call
from assist.calls.details import Details
from assist.calls.listing import Filters, listing
from assist.errors import AccessDenied, NotFound
from assist.people import audit
from assist.people.users import User
from assist.pipeline import correct
from assist.store import Store, said, said_numbers
from assist.store.clock import now
from tests.api.conftest import Browse

NUMBER, SPOKEN = "13800001234", "幺三八零零零零幺二三四"
LINES = (
    "customer: 喂",
    "agent: 您好，请问是王建国先生吗，这个终身免费",
    f"customer: 我在开会，你打{SPOKEN}",
    "agent: 好的",
)


@pytest.fixture
def call(judged: Callable[..., Call], agent: User) -> Call:
    return judged(agent, *LINES, name=f"2024_{NUMBER}.wav", details=Details(customer=NUMBER))


def text(store: Store, call: Call, **known: bool) -> str:
    return "\n".join(turn.text for turn in calls.transcript(store, call, **known).turns)


def test_judging_reads_the_call_whole_and_people_masked(store: Store, call: Call) -> None:
    assert SPOKEN in text(store, call, whole=True)
    assert "［电话号码］" in text(store, call)
    assert "王建国" in text(store, call)  # whoever speaks with the customer knows their name


def test_details_and_file_names_are_masked_too(store: Store, lead: User, call: Call) -> None:
    shown = calls.get(store, lead, call.id)
    assert (shown.customer, shown.file_name) == ("［电话号码］", "2024_［电话号码］.wav")
    assert calls.whole(store, shown).customer == NUMBER


def test_a_lead_says_why_and_reads_it_for_a_while(store: Store, lead: User, call: Call, browse: Browse) -> None:
    browser = browse("lead")
    assert SPOKEN not in browser.get(f"/calls/{call.id}").text
    browser.post(f"/calls/{call.id}/unmask", data={"reason": "客户要求回电"})
    told = browser.get(f"/calls/{call.id}").text
    assert SPOKEN in told
    assert "客户要求回电" in told
    assert SPOKEN not in browse("agent").get(f"/calls/{call.id}").text
    browser.post(f"/calls/{call.id}/mask")
    assert SPOKEN not in browser.get(f"/calls/{call.id}").text
    assert [one.name for one in unmasking.history(store, call.id)] == [lead.name]
    assert [one.detail["reason"] for one in audit.listing(store) if one.action == "call.unmask"] == ["客户要求回电"]


def test_it_is_over_after_a_quarter_of_an_hour(store: Store, lead: User, call: Call, monkeypatch) -> None:
    unmasking.unmask(store, lead, call.id, "客户要求回电")
    assert unmasking.until(store, lead, call.id)
    later = now() + timedelta(minutes=16)
    monkeypatch.setattr(unmasking, "stamp", lambda: later.isoformat())
    assert unmasking.until(store, lead, call.id) is None


def test_agents_editors_and_other_teams_do_not_see_it(store: Store, person: Callable[[str], User], call: Call) -> None:
    for persona, error in (("agent", AccessDenied), ("editor", AccessDenied), ("outsider", NotFound)):
        with pytest.raises(error):
            unmasking.unmask(store, person(persona), call.id, "好奇")


def test_no_reason_no_number(store: Store, lead: User, call: Call) -> None:
    with pytest.raises(unmasking.WhyUnmask):
        unmasking.unmask(store, lead, call.id, "  ")


def test_the_index_of_words_holds_no_number(store: Store, call: Call) -> None:
    said.catch_up(store)
    (lines,) = said.lines(store, [call.id]).values()
    assert SPOKEN not in "".join(line.text for line in lines)


@pytest.mark.parametrize("words", [NUMBER, SPOKEN, "138 0000 1234", f"手机{NUMBER}"])
def test_a_number_finds_its_calls_for_leads_only(store: Store, agent: User, lead: User, call: Call, words: str) -> None:
    assert search.search(store, agent, words).total == 0
    found = search.search(store, lead, words)
    assert [hit.call.id for hit in found.hits] == [call.id]
    assert said_numbers.calls_with(store, NUMBER) == [call.id]


def test_a_list_is_not_filtered_by_a_number_that_one_may_not_read(
    store: Store, agent: User, lead: User, call: Call
) -> None:
    assert listing(store, agent, Filters(text=NUMBER)).total == 0
    assert listing(store, lead, Filters(text=NUMBER)).total == 1


def test_searches_show_no_names(store: Store, lead: User, call: Call) -> None:
    (hit,) = search.search(store, lead, "终身免费").hits
    told = "".join(piece.text for sentence in hit.sentences for piece in sentence.pieces)
    assert "王建国" not in told
    assert "终身免费" in told


def test_a_campaign_may_mask_nothing_or_names_too(store: Store, admin: User, lead: User, call: Call) -> None:
    maskings.change(store, admin, "broadband", {"names": "always"})
    assert "王建国" not in text(store, call)
    maskings.change(store, admin, "broadband", {"numbers": False, "names": "never"})
    assert SPOKEN in text(store, call)
    assert calls.get(store, lead, call.id).customer == NUMBER
    with pytest.raises(AccessDenied):
        maskings.change(store, lead, "broadband", {"numbers": True})


def test_who_corrects_a_turn_by_its_labels_keeps_the_number(store: Store, lead: User, call: Call) -> None:
    shown = calls.transcript(store, call).turns[2].text
    correct(store, lead, call.id, 2, shown.replace("开会", "开大会"))
    kept = store.value("SELECT new_text FROM corrections")
    assert kept == f"我在开大会，你打{SPOKEN}"


def test_a_label_that_was_moved_is_no_correction(store: Store, lead: User, call: Call, browse: Browse) -> None:
    answer = browse("lead").post(f"/api/calls/{call.id}/turns/3/correction", json={"text": "好的［电话号码］"})
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "LabelsChanged"


def test_the_settings_page_says_what_is_masked(browse: Browse, store: Store, admin: User) -> None:
    browser = browse("admin")
    assert "宽带提速" in browser.get("/privacy/masking").text
    browser.post("/privacy/masking", data={"campaign": "broadband", "names": "always", "sound": "1"})
    assert browser.get("/api/privacy/masking").json()[0] == {
        "campaign": "broadband", "numbers": False, "names": "always", "sound": True,
    }  # fmt: skip
    assert browse("lead").get("/privacy/masking").status_code == 403
