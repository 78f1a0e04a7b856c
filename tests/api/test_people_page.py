"""For administrators: people and health. And everybody's own account."""

import pytest
from fastapi.testclient import TestClient

from assist.people import sessions, tokens, users
from assist.people.users import User
from assist.store import Store
from tests.api.conftest import Browse
from tests.api.judged import EVIL

NEW = {"name": "何芳", "login": "he", "role": "agent", "team": "一组", "password": "a first password"}


@pytest.mark.parametrize("address", ["/people", "/status"])
@pytest.mark.parametrize(("persona", "status"), [("admin", 200), ("lead", 403), ("agent", 403), ("editor", 403)])
def test_only_administrators_manage(browse: Browse, persona: str, status: int, address: str) -> None:
    assert browse(persona).get(address).status_code == status


def test_a_person_is_added_and_must_choose_a_password(browse: Browse, store: Store) -> None:
    browser = browse("admin")
    answer = browser.post("/people", data=NEW)
    made = users.by_login(store, "he")
    assert made.must_change
    assert made.team == "一组"
    assert "何芳" in browser.get(answer.headers["location"]).text


@pytest.mark.parametrize(
    "wrong",
    [{"login": "chen"}, {"login": "two words"}, {"role": "king"}, {"password": "short"}],
    ids=lambda wrong: str(wrong),
)
def test_a_person_that_cannot_be_added(browse: Browse, store: Store, wrong: dict[str, str]) -> None:
    before = len(users.listing(store))
    answer = browse("admin").post("/people", data=NEW | wrong)
    assert answer.status_code in (409, 422)
    assert 'value="何芳"' in answer.text  # what was typed is kept
    assert "a first password" not in answer.text
    assert len(users.listing(store)) == before


def test_a_lead_adds_nobody(browse: Browse, store: Store) -> None:
    assert browse("lead").post("/people", data=NEW).status_code == 403


def test_a_person_is_disabled_and_enabled(browse: Browse, store: Store, agent: User, admin: User) -> None:
    browser = browse("admin")
    browser.post(f"/people/{agent.id}/active", data={"active": "0"})
    assert not users.get(store, agent.id).active
    browser.post(f"/people/{agent.id}/active", data={"active": "1"})
    assert users.get(store, agent.id).active


def test_a_forgotten_password_is_replaced_by_one_for_the_next_sign_in(
    browse: Browse, stranger: TestClient, store: Store, agent: User
) -> None:
    page = browse("admin").post(f"/people/{agent.id}/password").text
    password = page.split("for the next sign-in: ")[1].split("<")[0]
    assert stranger.post("/sign-in", data={"login": agent.login, "password": password}).status_code == 303
    assert stranger.get("/calls").headers["location"] == "/account"
    assert browse("lead").post(f"/people/{agent.id}/password").status_code == 403


def test_nobody_locks_themselves_out(browse: Browse, store: Store, admin: User) -> None:
    browse("admin").post(f"/people/{admin.id}/active", data={"active": "0"})
    assert users.get(store, admin.id).active


def test_health_shows_checks_and_the_audit(browse: Browse) -> None:
    browser = browse("admin")
    browser.post("/people", data=NEW)
    page = browser.get("/status").text
    assert "Disk" in page
    assert "added a person" in page
    assert "people.add" not in page


def test_a_theme_is_kept_on_the_device(browse: Browse) -> None:
    browser = browse("agent")
    browser.post("/account/theme", data={"theme": "dark"})
    assert 'data-theme="dark"' in browser.get("/account").text
    browser.post("/account/theme", data={"theme": EVIL})
    assert 'data-theme="auto"' in browser.get("/account").text


def test_a_password_needs_the_present_one(browse: Browse) -> None:
    answer = browse("agent").post("/account/password", data={"now": "wrong", "new": "another good one"})
    assert answer.status_code == 401
    assert browse("agent").post("/account/password", data={"now": "", "new": ""}).status_code in (401, 422)


def test_a_session_of_ones_own_can_be_ended(browse: Browse, store: Store, agent: User) -> None:
    here, elsewhere = browse("agent"), browse("agent")
    other = sessions.listing(store, agent)[0]
    browse("other_agent").post(f"/account/sessions/{other.id}/end")
    assert len(sessions.listing(store, agent)) == 2
    here.post(f"/account/sessions/{other.id}/end")
    assert len(sessions.listing(store, agent)) == 1
    assert {here.get("/account").status_code, elsewhere.get("/account").status_code} == {200, 303}


def test_a_token_is_shown_once_works_and_is_revoked(browse: Browse, store: Store, agent: User) -> None:
    browser = browse("agent")
    shown = browser.post("/account/tokens", data={"name": "录音系统", "scope": ["calls:write"]}).text
    token = shown.split('value="assist_')[1].split('"')[0]
    assert token not in browser.get("/account/tokens").text
    assert tokens.user_of(store, f"assist_{token}") == users.get(store, agent.id)
    browser.post(f"/account/tokens/{tokens.listing(store, agent)[0].id}/revoke")
    assert tokens.user_of(store, f"assist_{token}") is None
