"""Who to talk to first."""

import pytest

from assist.calls.calls import Call
from assist.coaching import queue
from assist.people import users
from assist.people.users import User
from assist.store import Store
from tests.api.conftest import Browse

HTMX = {"HX-Request": "true"}


def test_it_works(browse: Browse, call: Call, agent: User) -> None:
    page = browse("lead").get("/queue").text
    assert agent.name in page
    assert "承诺了终身免费" in page
    assert "就一分钟，这个宽带终身免费，给您办了吧。" in page
    assert f'href="/calls/{call.id}#t=8.5"' in page


@pytest.mark.parametrize(("persona", "status"), [("agent", 403), ("editor", 403), ("admin", 200)])
def test_who_works_it(browse: Browse, call: Call, persona: str, status: int) -> None:
    assert browse(persona).get("/queue").status_code == status


def test_a_lead_of_another_team_sees_nobody_and_claims_nothing(browse: Browse, call: Call, agent: User) -> None:
    browser = browse("outsider")
    assert agent.name not in browser.get("/queue").text
    assert browser.post(f"/queue/{agent.id}/claim").status_code == 404


def test_claim_give_back_done(browse: Browse, store: Store, call: Call, agent: User, lead: User) -> None:
    browser = browse("lead")
    claimed = browser.post(f"/queue/{agent.id}/claim", headers=HTMX).text
    assert "We talked" in claimed
    assert "<html" not in claimed
    browser.post(f"/queue/{agent.id}/release")
    assert queue.items(store, lead)[0].calls[0].claimed_by == ""
    browser.post(f"/queue/{agent.id}/claim")
    browser.post(f"/queue/{agent.id}/done")
    assert queue.items(store, lead) == []
    assert "Nobody is waiting for you" in browser.get("/queue").text


def test_of_two_leads_one_is_first(browse: Browse, store: Store, call: Call, agent: User) -> None:
    users.create(store, "gao", "高洁", "lead", "correct horse battery", team="一组")
    browse("lead").post(f"/queue/{agent.id}/claim")
    admin = browse("admin")
    assert "刘洋 is on it" in admin.get("/queue").text
    admin.post(f"/queue/{agent.id}/claim")
    assert "刘洋 is on it" in admin.get("/queue").text


def test_views(browse: Browse, call: Call, agent: User) -> None:
    browser = browse("lead")
    assert agent.name in browser.get("/queue?show=free").text
    assert "Nothing under this view" in browser.get("/queue?show=mine").text
    assert agent.name in browser.get("/queue?show=nonsense").text


def test_an_empty_queue_says_what_to_do(browse: Browse) -> None:
    assert 'href="/upload"' in browse("lead").get("/queue").text


def test_a_message_of_a_fragment_lands_beside_it(browse: Browse, call: Call, agent: User) -> None:
    answer = browse("agent").post(f"/queue/{agent.id}/claim", headers=HTMX)
    assert answer.status_code == 403
    assert answer.headers["hx-retarget"] == "#toasts"
    assert "<html" not in answer.text
