"""The second factor in the browser, showing again who one is, and what an administrator sees and ends."""

import re
from collections.abc import Callable

import pyotp
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.context import COOKIE
from assist.people import audit, lockout, second_factor, sessions, users
from assist.people.lockout import Origin
from assist.people.users import User
from assist.store import Store
from assist.store.clock import now
from tests.api.conftest import Browse
from tests.conftest import PASSWORD

RIGHT = {"login": "chen", "password": PASSWORD}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands still, and recovery codes are compared as they are."""
    at = now()
    monkeypatch.setattr("assist.people.second_factor.now", lambda: at)
    monkeypatch.setattr("assist.people.passwords.hash_code", lambda _, secret: f"hash of {secret}")
    monkeypatch.setattr("assist.people.passwords.matches", lambda _, stored, given: stored == f"hash of {given}")
    monkeypatch.setattr("assist.people.passwords.outdated", lambda *_: False)


@pytest.fixture(autouse=True)
def known(store: Store) -> None:
    store.change("UPDATE users SET password_hash = ?", [f"hash of {PASSWORD}"])


def code(secret: str, steps_off: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(second_factor.now().timestamp()) + 30 * steps_off)


def set_up(browser: TestClient) -> tuple[str, list[str]]:
    """The secret and the recovery codes, as the pages show them."""
    page = browser.post("/account/second-factor/begin").text
    secret = re.findall(r'class="secret">([A-Z2-7]+)<', page)[0]
    shown = browser.post("/account/second-factor/on", data={"code": code(secret, -1)}).text
    return secret, re.findall(r"<code>(\d+-\w+-\w+)</code>", shown)


def test_the_picture_is_drawn_here_and_the_secret_is_in_no_address(browse: Browse) -> None:
    browser = browse("agent")
    page = browser.post("/account/second-factor/begin").text
    assert "<svg" in page.split('class="qr-code"')[1].split("</div>")[0]
    secret = re.findall(r'class="secret">([A-Z2-7]+)<', page)[0]
    assert page.count(secret) == 1
    assert secret not in browser.get("/account/second-factor").text
    assert secret not in str(browser.cookies)


def test_with_a_second_factor_the_password_alone_opens_nothing(browse: Browse, stranger: TestClient) -> None:
    secret, _ = set_up(browse("agent"))
    answer = stranger.post("/sign-in", data=RIGHT | {"next": "/upload"})
    assert answer.headers["location"] == "/sign-in/code?next=/upload"
    assert COOKIE not in stranger.cookies
    assert stranger.get("/calls").headers["location"].startswith("/sign-in")
    assert stranger.post("/sign-in/code", data={"code": "1234567"}).status_code == 401
    answer = stranger.post("/sign-in/code", data={"code": code(secret), "next": "/upload"})
    assert answer.headers["location"] == "/upload"
    assert stranger.get("/upload").status_code == 200


def test_a_recovery_code_lets_one_in_once(browse: Browse, stranger: TestClient) -> None:
    _, codes = set_up(browse("agent"))
    assert len(codes) == second_factor.RECOVERY_CODES
    for status in (303, 401):
        stranger.cookies.clear()
        stranger.post("/sign-in", data=RIGHT)
        assert stranger.post("/sign-in/code", data={"code": codes[0]}).status_code == status


def test_wrong_codes_make_one_wait_and_say_how_long(browse: Browse, stranger: TestClient) -> None:
    set_up(browse("agent"))
    stranger.post("/sign-in", data=RIGHT)
    answers = [stranger.post("/sign-in/code", data={"code": "0"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 30


def test_a_half_finished_sign_in_is_no_way_around(stranger: TestClient) -> None:
    assert stranger.get("/sign-in/code").headers["location"].startswith("/sign-in?")
    assert stranger.post("/sign-in/code", data={"code": "123456"}).status_code == 401


def test_turning_it_on_signs_the_other_devices_out(browse: Browse) -> None:
    here, elsewhere = browse("agent"), browse("agent")
    set_up(here)
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303


def test_a_role_that_needs_it_sets_it_up_before_anything_else(
    browse: Browse, store: Store, lead: User, agent: User
) -> None:
    admin, browser = browse("admin"), browse("lead")
    answer = admin.post("/people/sign-in/roles", data={"role": ["lead", "admin"]})
    assert answer.status_code == 303
    assert browser.get("/queue").headers["location"] == "/account/second-factor"
    assert browser.get("/api/queue").status_code == 403
    assert browse("agent").get("/calls").status_code == 200
    set_up(browser)
    assert browser.get("/queue").status_code == 200
    assert browser.post("/account/second-factor/off").status_code == 403


@pytest.mark.parametrize(
    "step", ["/account/second-factor/begin", "/account/second-factor/off", "/account/tokens", "/api/me/tokens"]
)
def test_a_dangerous_step_wants_the_password_again(browse: Browse, store: Store, step: str) -> None:
    browser = browse("agent")
    store.change("UPDATE sessions SET confirmed_at = '2020-01-01T00:00:00.000+00:00'")
    answer = browser.post(step, headers={"referer": "http://testserver/account/tokens"})
    if step.startswith("/api"):
        assert answer.json()["error"]["code"] == "ConfirmDue"
        return
    assert answer.headers["location"] == "/confirm?next=/account/tokens"
    assert browser.post("/confirm", data={"password": "a wrong one"}).status_code == 401
    assert browser.post(step).headers["location"].startswith("/confirm")
    assert browser.post("/confirm", data={"password": PASSWORD, "next": "/account"}).headers["location"] == "/account"
    assert not browser.post(step).headers.get("location", "").startswith("/confirm")


def test_guessing_at_the_confirmation_makes_one_wait(browse: Browse) -> None:
    browser = browse("agent")
    answers = [browser.post("/confirm", data={"password": "a wrong one"}).status_code for _ in range(6)]
    assert answers == [401] * 5 + [429]


def test_an_administrator_sees_who_waits_and_lifts_it(
    browse: Browse, stranger: TestClient, store: Store, agent: User
) -> None:
    for _ in range(5):
        stranger.post("/sign-in", data={"login": "chen", "password": "a wrong one"})
    refused = stranger.post("/sign-in", data=RIGHT)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 30
    admin = browse("admin")
    assert "chen · testclient" in admin.get("/people/sign-in").text
    assert "testclient" in admin.get(f"/people/{agent.id}").text
    (waiting,) = admin.get("/api/sign-in/waits").json()
    assert waiting["login"] == "chen"
    assert admin.delete(f"/api/sign-in/waits/{waiting['id']}").status_code == 204
    assert stranger.post("/sign-in", data=RIGHT).status_code == 303
    assert "session.locked" in [entry.action for entry in audit.listing(store)]


def test_an_administrator_lifts_every_wait_of_a_person(browse: Browse, store: Store, agent: User) -> None:
    counted = lockout.tries(store, "chen", agent.id, Origin("10.1.1.1"))
    for _ in range(5):
        lockout.enter(store, counted)
    assert lockout.waiting_for(store, "chen")
    browse("admin").post(f"/people/{agent.id}/waits/lift")
    assert not lockout.waiting_for(store, "chen")


def test_sessions_are_listed_and_ended(browse: Browse, app: FastAPI, store: Store, agent: User) -> None:
    browser = TestClient(app, follow_redirects=False, headers={"user-agent": "Firefox", "accept-language": "en"})
    browser.post("/sign-in", data=RIGHT)
    other = browse("agent")
    listed = browser.get("/api/me/sessions").json()
    assert [(one["address"], one["here"]) for one in listed] == [("", False), ("testclient", True)]
    page = browser.get("/account").text
    assert page.count("this device") == 1
    assert browser.post("/account/sessions/others/end").headers["location"] == "/account?ended"
    assert other.get("/account").status_code == 303
    assert browser.delete("/api/me/sessions").json() == {"ended": 0}
    assert browser.delete("/api/me/sessions/999999").status_code == 404
    assert browser.get("/account").status_code == 200
    assert browser.delete(f"/api/me/sessions/{listed[1]['id']}").status_code == 204
    assert browser.get("/account").status_code == 303


def test_an_administrator_ends_somebodys_sessions_and_factor(
    browse: Browse, store: Store, agent: User, other_agent: User
) -> None:
    admin, browser = browse("admin"), browse("agent")
    set_up(browser)
    assert admin.get(f"/api/people/{agent.id}/second-factor").json()["codes_left"] == 10
    assert len(admin.get(f"/api/people/{agent.id}/sessions").json()) == 1
    assert admin.delete(f"/api/people/{agent.id}/sessions").json() == {"ended": 1}
    assert browser.get("/account").status_code == 303
    assert admin.delete(f"/api/people/{agent.id}/second-factor").status_code == 204
    assert not second_factor.of(store, agent).on
    admin.post(f"/people/{other_agent.id}/sessions/end")
    actions = [entry.action for entry in audit.listing(store, about=f"user:{agent.id}", limit=3)]
    assert {"people.sign-out", "factor.reset"} <= set(actions)


@pytest.mark.parametrize("persona", ["agent", "lead", "editor"])
def test_nobody_else_looks_after_signing_in(browse: Browse, agent: User, persona: str) -> None:
    browser = browse(persona)
    for address in ("/people/sign-in", f"/people/{agent.id}", f"/api/people/{agent.id}/sessions", "/api/sign-in/waits"):
        assert browser.get(address).status_code == 403
    assert browser.post(f"/people/{agent.id}/second-factor").status_code == 403
    assert browser.put("/api/sign-in/second-factor-roles", json={"roles": []}).status_code == 403


def test_another_role_is_given_on_the_persons_page_and_signs_out(
    browse: Browse, store: Store, agent: User, admin: User
) -> None:
    browser = browse("agent")
    page = browse("admin")
    page.post(f"/people/{agent.id}/place", data={"role": "lead", "team": "二组"})
    moved = users.get(store, agent.id)
    assert (moved.role, moved.team) == ("lead", "二组")
    assert browser.get("/calls").status_code == 303
    assert page.post(f"/people/{agent.id}/place", data={"role": "king", "team": ""}).status_code == 422
    page.post(f"/people/{admin.id}/place", data={"role": "agent", "team": ""})
    assert users.get(store, admin.id).role == "admin"


def test_a_browser_where_somebody_signed_in_keeps_its_own_count(
    app: FastAPI, store: Store, agent: User, make_browser: Callable[[], TestClient]
) -> None:
    mine, attacker = make_browser(), make_browser()
    mine.post("/sign-in", data=RIGHT)
    mine.post("/sign-out")
    for _ in range(6):
        last = attacker.post("/sign-in", data={"login": "chen", "password": "a wrong one"})
    assert last.status_code == 429
    assert mine.post("/sign-in", data=RIGHT).status_code == 303


@pytest.fixture
def make_browser(app: FastAPI) -> Callable[[], TestClient]:
    return lambda: TestClient(app, follow_redirects=False, headers={"accept-language": "en"})


def test_a_sign_in_ends_the_session_there_was(
    make_browser: Callable[[], TestClient], store: Store, agent: User
) -> None:
    browser = make_browser()
    browser.post("/sign-in", data=RIGHT)
    old = browser.cookies[COOKIE]
    browser.post("/sign-in", data=RIGHT)
    assert sessions.user_of(store, old) is None
    assert sessions.user_of(store, browser.cookies[COOKIE]) == agent


def test_on_https_cookies_belong_to_this_host_alone(app: FastAPI) -> None:
    browser = TestClient(app, base_url="https://assist.example", follow_redirects=False)
    answer = browser.post("/sign-in", data=RIGHT)
    kept = [cookie for cookie in answer.headers.get_list("set-cookie") if "assist_step" not in cookie]
    assert {cookie.split("=")[0] for cookie in kept} == {"__Host-assist_session", "__Host-assist_device"}
    for cookie in kept:
        assert {"httponly", "secure", "path=/", "samesite=lax"} <= {part.strip().lower() for part in cookie.split(";")}
        assert "domain" not in cookie.lower()
    assert browser.get("/calls").status_code == 200
    token = browser.cookies["__Host-assist_session"]
    fixed = TestClient(app, base_url="https://assist.example", follow_redirects=False)
    fixed.cookies.set("assist_session", token)  # as anybody on the way could set it
    assert fixed.get("/calls").status_code == 303


def test_a_site_that_people_open_over_https_sets_no_other_cookies(
    app: FastAPI, store: Store, stranger: TestClient
) -> None:
    """Also behind a proxy that does not say so."""
    app.state.settings = store.settings.model_copy(update={"public_url": "https://assist.example"})
    answer = stranger.post("/sign-in", data=RIGHT)
    assert answer.headers["set-cookie"].startswith("__Host-assist_session=")
    assert "strict-transport-security" in answer.headers


def test_what_is_secret_stands_in_no_log(
    browse: Browse, stranger: TestClient, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    secret, codes = set_up(browse("agent"))
    stranger.post("/sign-in", data=RIGHT | {"password": "a wrong one"})
    stranger.post("/sign-in", data=RIGHT)
    stranger.post("/sign-in/code", data={"code": codes[0]})
    out, errors = capfd.readouterr()
    written = out + errors + caplog.text
    for hidden in (secret, codes[0], PASSWORD, "a wrong one", stranger.cookies[COOKIE], "chen"):
        assert hidden not in written
