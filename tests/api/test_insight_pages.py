"""What works, what is missing, trying a draft, and what to say to a customer's sentence."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest

from assist.calls.calls import Call
from assist.engine import Case
from assist.people.users import User
from assist.pipeline import STEPS, Pipeline
from assist.scripts.library import Library
from assist.store import Store, drafts
from assist.store.drafts import Draft
from assist.transcript import Transcript
from tests import fakes
from tests.api.conftest import Browse
from tests.api.judged import EVIL, JudgedEngine


@pytest.fixture
def draft(store: Store, editor: User) -> Draft:
    return drafts.from_version(store, editor, 1, "更客气")


@pytest.mark.parametrize(("persona", "named"), [("editor", False), ("lead", True), ("admin", True)])
def test_how_often_a_point_is_said(browse: Browse, call: Call, persona: str, named: bool) -> None:
    browser = browse(persona)
    page = browser.get("/library/broadband/works").text
    for part in ("1 judged call", "确认身份", "1 / 1", "没时间"):
        assert part in page
    assert "100%" not in page  # of one call no share is told
    page = browser.get("/library/broadband/works/confirm-identity?by=agent&wording=您好，请问是王先生吗？").text
    assert ("陈晓" in page) == named
    assert "selected>您好，请问是王先生吗？" in page


def test_a_lead_of_another_team_counts_other_calls(browse: Browse, call: Call) -> None:
    assert "No judged calls here yet" in browse("outsider").get("/library/broadband/works").text


def test_a_period_without_calls(browse: Browse, call: Call) -> None:
    assert "No judged calls here yet" in browse("editor").get("/library/broadband/works?until=2001-01-01").text
    assert browse("editor").get("/library/broadband/works?since=rubbish").status_code == 200


@pytest.mark.parametrize("page", ["works", "works/confirm-identity", "gaps"])
def test_agents_see_no_figures(browse: Browse, page: str) -> None:
    assert browse("agent").get(f"/library/broadband/{page}").status_code == 403


@pytest.mark.parametrize("page", ["none/works", "none/gaps", "broadband/works/none", "broadband/works?version=99"])
def test_figures_of_what_is_not_there(browse: Browse, page: str) -> None:
    assert browse("editor").get(f"/library/{page}").status_code == 404


def test_nothing_is_missing(browse: Browse, call: Call) -> None:
    assert "No gap is known" in browse("editor").get("/library/broadband/gaps").text


@pytest.fixture
def uncovered(store: Store, upload: Callable[..., Call], agent: User) -> Call:
    """A call in which the customer objects to something no entry is about."""

    class Engine(JudgedEngine):
        def judge(self, transcript: Transcript, library: Library, case: Case) -> dict[str, Any]:
            found = super().judge(transcript, library, case)
            return found | {"objections": [one | {"id": "other"} for one in found["objections"]]}

    call = upload(agent, "agent: 您好")
    pipeline = Pipeline(store, Engine(fakes.FakeHearing()))
    for step in STEPS:
        pipeline.run(step, call.id, call.run)
    return call


def test_what_is_missing_becomes_an_entry_of_a_draft(
    browse: Browse, store: Store, editor: User, uncovered: Call, draft: Draft
) -> None:
    browser = browse("editor")
    page = browser.get("/library/broadband/gaps").text
    assert "我在开会，没空。" in page
    assert f"/calls/{uncovered.id}" not in page  # editors open no calls
    title = re.search(r'name="title" value="([^"]*)"', page)
    answer = browser.post("/library/broadband/gaps", data={"title": title[1], "draft": str(draft.id)})
    assert answer.headers["location"].startswith(f"/drafts/{draft.id}#entry:")
    made = drafts.library(store, editor, draft.id).playbook[-1]
    assert made.heard_as == ("我在开会，没空。",)


def test_a_gap_begins_a_draft_where_there_is_none(browse: Browse, store: Store, editor: User, uncovered: Call) -> None:
    browser = browse("editor")
    title = re.search(r'name="title" value="([^"]*)"', browser.get("/library/broadband/gaps").text)
    browser.post("/library/broadband/gaps", data={"title": title[1]})
    assert len(drafts.library(store, editor, drafts.listing(store, editor)[0].id).playbook) == 2
    assert browse("lead").post("/library/broadband/gaps", data={"title": title[1]}).status_code == 403
    assert browser.post("/library/broadband/gaps", data={"title": "nothing of the kind"}).status_code == 404


def test_a_draft_is_tried_on_past_calls(browse: Browse, judged: Callable[..., Call], agent: User, draft: Draft) -> None:
    judged(agent, "agent: 您好，这个终身免费")
    browser = browse("editor")
    assert "Not tried yet" in browser.get(f"/drafts/{draft.id}/trial").text
    assert browser.post(f"/drafts/{draft.id}/trial", data={"sample": "50"}).status_code == 303
    page = _once_done(browser, draft)
    assert "0 of 1 calls would be judged differently" in page


def _once_done(browser: object, draft: Draft) -> str:
    for _ in range(200):
        page: str = browser.get(f"/drafts/{draft.id}/trial", headers={"HX-Request": "true"}).text  # type: ignore[attr-defined]
        if "every 1s" not in page:
            return page
        time.sleep(0.05)
    raise AssertionError("the trial does not end")


def test_a_trial_of_no_time_is_told(browse: Browse, draft: Draft) -> None:
    answer = browse("editor").post(f"/drafts/{draft.id}/trial", data={"since": "soon"})
    assert answer.status_code == 422
    assert "is no time" in answer.text


@pytest.mark.parametrize("persona", ["agent", "lead", "outsider"])
def test_others_try_nothing(browse: Browse, draft: Draft, persona: str) -> None:
    browser = browse(persona)
    assert browser.get(f"/drafts/{draft.id}/trial").status_code in (403, 404)
    assert browser.post(f"/drafts/{draft.id}/trial").status_code in (403, 404)


@pytest.mark.parametrize("persona", ["agent", "lead", "editor"])
def test_what_to_say_by_meaning(browse: Browse, persona: str) -> None:
    page = browse(persona).get("/library/broadband/ask", params={"q": "我这会儿在忙"}).text
    assert "没时间" in page
    assert "打扰您了" in page


def test_where_it_was_handled_well_is_played_by_who_may_hear_it(browse: Browse) -> None:
    page = browse("agent").get("/library/broadband/ask", params={"q": EVIL + "我"}).text
    assert "<img src=x" not in page


def test_what_is_found_by_words_is_not_told_twice(browse: Browse) -> None:
    assert "打扰您了" not in browse("agent").get("/library/broadband/ask", params={"q": "开会"}).text


def test_a_call_that_was_handled_well_is_offered_to_who_may_hear_it(
    browse: Browse, store: Store, upload: Callable[..., Call], agent: User
) -> None:
    class Engine(JudgedEngine):
        def judge(self, transcript: Transcript, library: Library, case: Case) -> dict[str, Any]:
            found = super().judge(transcript, library, case)
            return found | {"objections": [one | {"outcome": "resolved"} for one in found["objections"]]}

    call = upload(agent, "agent: 您好")
    pipeline = Pipeline(store, Engine(fakes.FakeHearing()))
    for step in STEPS:
        pipeline.run(step, call.id, call.run)
    browse("lead").get("/library/broadband/works")
    assert f"/calls/{call.id}#t=" in browse("agent").get("/library/broadband/ask", params={"q": "我在忙"}).text
    assert (
        f"/calls/{call.id}#t=" not in browse("other_agent").get("/library/broadband/ask", params={"q": "我在忙"}).text
    )


def test_a_sentence_that_nothing_fits(browse: Browse) -> None:
    page = browse("agent").get("/library/broadband/ask", params={"q": "xyz", "alone": "1"}).text
    assert "Nothing found for “xyz”" in page


def test_the_models_are_made_ready_when_the_search_is_entered(browse: Browse, app: object) -> None:
    assert browse("agent").get("/library/broadband/ask").status_code == 204
    assert app.state.desk.warmed == "broadband"  # type: ignore[attr-defined]
    assert browse("agent").get("/library/none/ask").status_code == 404
