"""Correcting the transcript: on the call page, through the JSON API, and what the library page makes of it."""

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from assist.calls import calls, corrections
from assist.calls.calls import Call
from assist.people.users import User
from assist.store import Store, drafts
from tests.api.conftest import Browse, judge
from tests.api.judged import EVIL

HTMX = {"HX-Request": "true"}
SAID = "您好，请问是王先生吗？我是星火通信的陈晓。"
HEARD = "您好"


def correct(browser: TestClient, call: Call, text: str = SAID, speaker: str = "agent", htmx: bool = False) -> Response:
    form = {"text": text, "speaker": speaker}
    return browser.post(f"/calls/{call.id}/turns/0/correction", data=form, headers=HTMX if htmx else {})


class TestOnThePage:
    def test_only_leads_and_admins_are_offered_it(self, browse: Browse, call: Call) -> None:
        offered = {
            who: "Correct this turn" in browse(who).get(f"/calls/{call.id}").text for who in ("agent", "lead", "admin")
        }
        assert offered == {"agent": False, "lead": True, "admin": True}

    def test_the_form_holds_what_stands_there(self, browse: Browse, call: Call) -> None:
        form = browse("lead").get(f"/calls/{call.id}/turns/0/correction", headers=HTMX).text
        assert f">{HEARD}</textarea>" in form
        assert '<option value="agent" selected>' in form
        assert "<html" not in form

    def test_a_correction_shows_at_once_and_the_call_is_judged_again(
        self, browse: Browse, call: Call, store: Store, submitted: list[int]
    ) -> None:
        answer = correct(browse("lead"), call, speaker="customer", htmx=True).text
        assert f'id="words-0" hx-swap-oob="true">{SAID}<' in answer
        assert 'id="who-0" hx-swap-oob="true">Customer<' in answer
        assert "being judged again" in answer
        assert f"<q>{HEARD}</q>" in answer
        assert submitted == [call.id]
        assert calls.load(store, call.id).state == "received"

    def test_everybody_who_sees_the_call_reads_who_corrected_it(
        self, browse: Browse, call: Call, store: Store, lead: object
    ) -> None:
        correct(browse("lead"), call)
        page = browse("agent").get(f"/calls/{call.id}").text
        assert f"corrected by {lead.name}" in page
        assert SAID in page
        assert f"<q>{HEARD}</q>" in page
        assert "being judged again" in page
        assert "Take back" not in page

    def test_the_wait_ends_with_a_link_to_the_new_result(self, browse: Browse, call: Call, store: Store) -> None:
        correct(browse("lead"), call)
        address = f"/calls/{call.id}/rejudging"
        assert f'hx-get="{address}"' in browse("lead").get(address, headers=HTMX).text
        judge(store, calls.load(store, call.id))
        told = browse("lead").get(address, headers=HTMX).text
        assert f'href="/calls/{call.id}"' in told
        assert "hx-get" not in told

    def test_it_can_be_taken_back(self, browse: Browse, call: Call, store: Store, submitted: list[int]) -> None:
        browser = browse("lead")
        correct(browser, call)
        (made,) = corrections.history(store, call.id)
        address = f"/calls/{call.id}/turns/0/corrections/{made.id}/revert"
        assert address in browser.get(f"/calls/{call.id}").text
        answer = browser.post(address, headers=HTMX).text
        assert f'id="words-0" hx-swap-oob="true">{HEARD}<' in answer
        assert "corrected by" not in answer
        assert submitted == [call.id, call.id]

    def test_without_a_script_the_page_comes_back(self, browse: Browse, call: Call) -> None:
        assert correct(browse("lead"), call).headers["location"] == f"/calls/{call.id}"

    def test_markup_stays_text(self, browse: Browse, call: Call) -> None:
        answer = correct(browse("lead"), call, EVIL, htmx=True).text
        for page in (answer, browse("lead").get(f"/calls/{call.id}").text):
            assert "&lt;img src=x" in page
            assert "<img src=x" not in page

    @pytest.mark.parametrize(
        ("persona", "status"), [("agent", 403), ("other_agent", 404), ("outsider", 404), ("editor", 404)]
    )
    def test_nobody_else_may(self, browse: Browse, call: Call, store: Store, persona: str, status: int) -> None:
        browser = browse(persona)
        assert correct(browser, call).status_code == status
        assert browser.get(f"/calls/{call.id}/turns/0/correction").status_code == status
        assert browser.post(f"/calls/{call.id}/turns/0/corrections/1/revert").status_code == status
        assert corrections.history(store, call.id) == []

    def test_a_turn_that_is_not_there(self, browse: Browse, call: Call) -> None:
        browser = browse("lead")
        assert browser.get(f"/calls/{call.id}/turns/99").status_code == 404
        assert browser.post(f"/calls/{call.id}/turns/99/correction", data={"text": "x"}).status_code == 404


class TestThroughTheApi:
    def test_a_correction_is_made_listed_and_taken_back(self, browse: Browse, call: Call, submitted: list[int]) -> None:
        browser = browse("lead")
        answer = browser.post(f"/api/calls/{call.id}/turns/0/correction", json={"text": SAID})
        assert answer.json()["state"] == "received"
        (made,) = browser.get(f"/api/calls/{call.id}/corrections").json()
        assert (made["heard_text"], made["old_text"], made["new_text"]) == (HEARD, HEARD, SAID)
        assert (made["old_speaker"], made["new_speaker"], made["reverted_at"]) == ("agent", "agent", None)
        browser.post(f"/api/calls/{call.id}/corrections/{made['id']}/revert")
        assert browser.get(f"/api/calls/{call.id}/corrections").json()[0]["reverted_by"] == made["corrected_by"]
        assert submitted == [call.id, call.id]

    @pytest.mark.parametrize("given", [{"speaker": "boss"}, {"text": "长" * 2001}, {"text": 3}])
    def test_what_makes_no_sense_is_refused(self, browse: Browse, call: Call, given: dict[str, object]) -> None:
        assert browse("lead").post(f"/api/calls/{call.id}/turns/0/correction", json=given).status_code == 422

    @pytest.mark.parametrize(("persona", "status"), [("agent", 403), ("outsider", 404), ("editor", 404)])
    def test_nobody_else_may(self, browse: Browse, call: Call, persona: str, status: int) -> None:
        address = f"/api/calls/{call.id}/turns/0/correction"
        assert browse(persona).post(address, json={"text": SAID}).status_code == status

    def test_suggested_terms_are_for_leads_and_editors(self, browse: Browse, call: Call) -> None:
        correct(browse("lead"), call, "您耗吧")
        assert browse("editor").get("/api/campaigns/broadband/suggested-terms").json() == []
        assert browse("lead").get("/api/campaigns/nothing/suggested-terms").status_code == 404
        assert browse("agent").get("/api/campaigns/broadband/suggested-terms").status_code == 403


@pytest.fixture
def misheard(store: Store, lead: object, agent: object, judged: object) -> Call:
    call: Call = judged(agent, "agent: 我是行图通信的")  # type: ignore[operator]
    corrections.add(store, lead, call, 0, "我是星途通信的")  # type: ignore[arg-type]
    return call


def test_the_library_page_says_what_is_heard_wrongly(browse: Browse, misheard: Call) -> None:
    seen = {who: browse(who).get("/library/broadband").text for who in ("lead", "editor", "agent")}
    assert "星途" in seen["lead"]
    assert f'href="/calls/{misheard.id}"' in seen["lead"]
    assert "星途" in seen["editor"]
    assert f'href="/calls/{misheard.id}"' not in seen["editor"]
    assert "Heard wrongly" not in seen["agent"]


def test_the_api_says_it_too(browse: Browse, misheard: Call) -> None:
    (term,) = browse("lead").get("/api/campaigns/broadband/suggested-terms").json()
    assert (term["said"], term["times"], term["calls"]) == ("星途", 1, [misheard.id])


def test_a_term_heard_wrongly_goes_into_a_draft_with_one_click(
    browse: Browse, store: Store, editor: User, misheard: Call
) -> None:
    browser = browse("editor")
    assert 'name="said" value="星途"' in browser.get("/library/broadband").text
    made = browser.post("/library/broadband/terms", data={"said": "星途"})
    draft = drafts.listing(store, editor, "broadband")[0]
    assert made.headers["location"] == f"/drafts/{draft.id}#about"
    again = browser.post("/library/broadband/terms", data={"said": "星途", "draft": str(draft.id)})
    assert again.status_code == 303
    assert drafts.library(store, editor, draft.id).terms.count("星途") == 1
    assert [one.id for one in drafts.listing(store, editor, "broadband")] == [draft.id]


def test_only_what_was_suggested_and_only_by_editors(browse: Browse, misheard: Call) -> None:
    assert browse("editor").post("/library/broadband/terms", data={"said": "别的词"}).status_code == 404
    assert browse("lead").post("/library/broadband/terms", data={"said": "星途"}).status_code == 403
    assert 'name="said"' not in browse("lead").get("/library/broadband").text
