"""Signing in, signing out, and what somebody without a session gets to see."""

import pytest
from fastapi.testclient import TestClient

from api.context import COOKIE
from assist.people import sessions, users
from assist.people.users import User
from assist.store import Store
from tests.api.conftest import Browse
from tests.conftest import PASSWORD

PAGES = (
    "/",
    "/calls",
    "/calls/1",
    "/upload",
    "/queue",
    "/library",
    "/library/broadband",
    "/people",
    "/status",
    "/account",
)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_asks_a_stranger_to_sign_in_and_leads_back(stranger: TestClient, address: str) -> None:
    answer = stranger.get(address)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/sign-in?next={address}"


def test_a_fragment_sends_the_whole_page_to_sign_in(stranger: TestClient) -> None:
    answer = stranger.get("/calls", headers={"HX-Request": "true"})
    assert answer.headers["hx-redirect"].startswith("/sign-in")


@pytest.mark.parametrize(
    ("persona", "start"),
    [("agent", "/me"), ("lead", "/queue"), ("editor", "/library"), ("admin", "/queue")],
)
def test_every_role_starts_where_its_work_is(browse: Browse, persona: str, start: str) -> None:
    assert browse(persona).get("/").headers["location"] == start


def test_the_right_password_opens_a_session(stranger: TestClient) -> None:
    answer = stranger.post("/sign-in", data={"login": "chen", "password": PASSWORD, "next": "/upload"})
    cookie = answer.headers["set-cookie"].lower()
    assert answer.headers["location"] == "/upload"
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert stranger.get("/upload").status_code == 200


def test_the_session_cookie_is_secure_on_https(app: object) -> None:
    browser = TestClient(app, base_url="https://assist.example", follow_redirects=False)  # type: ignore[arg-type]
    answer = browser.post("/sign-in", data={"login": "chen", "password": PASSWORD})
    assert "secure" in answer.headers["set-cookie"].lower()
    assert "strict-transport-security" in answer.headers


def test_a_wrong_password_keeps_the_name_and_says_why(stranger: TestClient) -> None:
    answer = stranger.post("/sign-in", data={"login": "chen", "password": "not this one"})
    assert answer.status_code == 401
    assert "wrong" in answer.text
    assert 'value="chen"' in answer.text
    assert COOKIE not in stranger.cookies


def test_many_wrong_passwords_make_one_wait(stranger: TestClient) -> None:
    for _ in range(5):
        stranger.post("/sign-in", data={"login": "chen", "password": "not this one"})
    assert stranger.post("/sign-in", data={"login": "chen", "password": PASSWORD}).status_code == 429


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_a_sign_in_leads_to_no_other_site(stranger: TestClient, elsewhere: str) -> None:
    answer = stranger.post("/sign-in", data={"login": "chen", "password": PASSWORD, "next": elsewhere})
    assert answer.headers["location"] == "/"


def test_signing_out_ends_the_session_for_good(browse: Browse) -> None:
    browser = browse("agent")
    token = browser.cookies[COOKIE]
    browser.post("/sign-out")
    browser.cookies.set(COOKIE, token)
    assert browser.get("/calls").status_code == 303


def test_a_disabled_person_is_out_at_once(browse: Browse, store: Store, agent: User) -> None:
    browser = browse("agent")
    users.set_active(store, agent, False)
    assert browser.get("/calls").status_code == 303


def test_a_first_password_must_be_changed_before_anything_else(browse: Browse, store: Store, agent: User) -> None:
    users.change_password(store, agent, "first password", must_change=True)
    browser = browse("agent")
    assert browser.get("/calls").headers["location"] == "/account"
    answer = browser.post("/account/password", data={"now": "first password", "new": "my own password"})
    assert answer.headers["location"] == "/account?changed"
    assert browser.get("/calls").status_code == 200


def test_the_language_is_kept_with_the_person_and_the_device(browse: Browse, store: Store, agent: User) -> None:
    browser = browse("agent")
    answer = browser.post("/language", data={"language": "zh-CN", "next": "/calls"})
    assert answer.headers["location"] == "/calls"
    assert "我的通话" in browser.get("/calls").text
    assert users.get(store, agent.id).language == "zh-CN"
    browser.post("/sign-out")
    assert "登录" in browser.get("/sign-in", headers={"accept-language": "en"}).text


def test_a_password_change_signs_out_the_other_devices(browse: Browse, store: Store, agent: User) -> None:
    here, elsewhere = browse("agent"), browse("agent")
    here.post("/account/password", data={"now": PASSWORD, "new": "another good one"})
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    assert len(sessions.listing(store, agent)) == 1
