"""Figures, gaps, trials and answers for machines."""

import time

import pytest

from assist.calls.calls import Call
from assist.people.users import User
from assist.store import Store, drafts
from tests.api.conftest import Browse


def test_figures(browse: Browse, call: Call) -> None:
    found = browse("editor").get("/api/campaigns/broadband/works").json()
    said = found["points"][0]["said"]
    assert (found["calls"], said["hits"], said["total"], said["value"]) == (1, 1, 1, None)
    assert found["points"][0]["wordings"][0]["text"] == "您好，请问是王先生吗？"


def test_gaps(browse: Browse, call: Call) -> None:
    assert browse("editor").get("/api/campaigns/broadband/gaps?since=2020-01-01T00:00").json() == []


def test_what_to_say(browse: Browse) -> None:
    found = browse("agent").get("/api/campaigns/broadband/ask", params={"q": "我在忙"}).json()
    assert found["version"] == 1
    assert found["suggested"][0]["entry"]["respond"][0]["say"] == ["打扰您了"]


def test_a_trial(browse: Browse, store: Store, editor: User, ready_call: Call) -> None:
    draft = drafts.from_version(store, editor, 1)
    browser = browse("editor")
    begun = browser.post(f"/api/drafts/{draft.id}/trials?sample=10")
    assert begun.status_code == 202
    address = f"/api/trials/{begun.json()['id']}"
    for _ in range(200):
        if browser.get(address).json()["state"] != "running":
            break
        time.sleep(0.05)
    told = browser.get(address).json()
    assert (told["state"], told["result"]["calls"], told["result"]["changed"]) == ("done", 1, 0)
    assert browser.post(f"{address}/cancel").json()["state"] == "done"
    assert browse("agent").get(address).status_code == 404


@pytest.mark.parametrize("path", ["broadband/works", "broadband/gaps"])
def test_agents_get_no_figures(browse: Browse, path: str) -> None:
    assert browse("agent").get(f"/api/campaigns/{path}").status_code == 403


@pytest.mark.parametrize("path", ["none/works", "none/gaps", "none/ask?q=x"])
def test_a_campaign_that_is_not_there(browse: Browse, path: str) -> None:
    assert browse("editor").get(f"/api/campaigns/{path}").status_code == 404
