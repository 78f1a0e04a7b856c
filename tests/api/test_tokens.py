"""Machine tokens on the account page and in the API: what for, until when, last used."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from assist.calls import nameless
from assist.calls.calls import Call
from assist.people import tokens
from assist.people.users import User
from assist.store import Store
from assist.store.clock import now
from tests.api.conftest import Browse


def test_a_token_is_made_for_something_and_until_a_day(browse: Browse, store: Store, agent: User) -> None:
    until = (now() + timedelta(days=30)).date()
    given = {"name": "录音系统", "scope": ["calls:write"], "until": until.isoformat()}
    page = browse("agent").post("/account/tokens", data=given).text
    (made,) = tokens.listing(store, agent)
    assert (made.name, made.scopes) == ("录音系统", ("calls:write",))
    assert made.expires_at is not None
    assert made.expires_at.astimezone(store.settings.zone).date() == until + timedelta(days=1)
    assert "never used" in page


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"name": "x"}, "Choose what the token may do."),
        ({"name": "x", "scope": ["root"]}, "There is no scope root."),
        ({"name": "x", "scope": ["calls:read"], "until": "2001-01-01"}, "A token ends in the future."),
    ],
)
def test_what_cannot_be_is_said_beside_what_was_typed(browse: Browse, given: dict[str, str], told: str) -> None:
    answer = browse("agent").post("/account/tokens", data=given)
    assert answer.status_code == 422
    assert told in answer.text
    assert 'value="x"' in answer.text


def test_tokens_through_the_api(browse: Browse, store: Store, agent: User, stranger: TestClient) -> None:
    browser = browse("agent")
    made = browser.post("/api/me/tokens", json={"name": "x", "scopes": ["library:read"]}).json()["token"]
    bearer = {"authorization": f"Bearer {made}"}
    assert stranger.get("/api/campaigns", headers=bearer).status_code == 200
    refused = stranger.get("/api/calls", headers=bearer)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "ScopeMissing")
    (listed,) = browser.get("/api/me/tokens").json()
    assert (listed["scopes"], listed["expires_at"]) == (["library:read"], None)
    assert listed["used_at"] is not None
    assert made not in str(listed)
    assert browser.delete(f"/api/me/tokens/{listed['id']}").status_code == 204
    assert stranger.get("/api/campaigns", headers=bearer).status_code == 401


def test_no_token_makes_another(browse: Browse, store: Store, agent: User, stranger: TestClient) -> None:
    bearer = {"authorization": f"Bearer {tokens.issue(store, agent, 'x')}"}
    answer = stranger.post("/api/me/tokens", json={"name": "y", "scopes": ["all"]}, headers=bearer)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "PersonOnly")


def test_a_token_does_no_more_than_its_owner_does_now(store: Store, admin: User, stranger: TestClient) -> None:
    bearer = {"authorization": f"Bearer {tokens.issue(store, admin, 'x', ['people:read'])}"}
    assert stranger.get("/api/people", headers=bearer).status_code == 200
    store.change("UPDATE users SET role = 'editor' WHERE id = ?", [admin.id])
    assert stranger.get("/api/people", headers=bearer).status_code == 403


def test_editors_read_where_an_administrator_lets_them(browse: Browse, store: Store, call: Call) -> None:
    editor = browse("editor")
    assert "Transcripts without names" not in editor.get("/library/broadband/versions").text
    browse("admin").post("/library/broadband/transcripts", data={"on": "1"})
    assert nameless.allowed(store, "broadband")
    assert "Transcripts without names" in editor.get("/library/broadband/versions").text
    assert f"/library/broadband/transcripts/{call.id}" in editor.get("/library/broadband/transcripts").text
    page = editor.get(f"/library/broadband/transcripts/{call.id}").text
    assert "plain-turns" in page
    assert "陈晓" not in page
    browse("admin").post("/library/broadband/transcripts", data={})
    assert editor.get(f"/library/broadband/transcripts/{call.id}").status_code == 404
