"""The company's own sign-in, against a provider on this machine that signs for real."""

from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from joserfc.jwk import ECKey
from pydantic import SecretStr

from api.context import COOKIE
from assist.people import audit, identity, sessions, users
from assist.people.users import User
from assist.store import Store
from tests.api.conftest import Browse
from tests.conftest import PASSWORD
from tests.identity_provider import CLIENT, SECRET, Provider, running

WithSettings = Callable[..., None]


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running() as there:
        yield there


@pytest.fixture
def company(app: FastAPI, store: Store, provider: Provider) -> WithSettings:
    """Sets the company's sign-in up, with more settings where a test gives them."""

    def settle(**more: object) -> None:
        known = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SecretStr(SECRET)}
        store.settings = app.state.settings = store.settings.model_copy(update=known | more)

    settle()
    return settle


def go(browser: TestClient, address: str = "/sign-in/identity") -> str:
    answer = browser.get(address)
    assert answer.status_code == 303
    location: str = answer.headers["location"]
    return location


def come_in(browser: TestClient, provider: Provider, **claims: object) -> int:
    """The status of the answer to the browser that comes back; 303 is in."""
    back = provider.approve(go(browser), **claims)
    return browser.get("/sign-in/identity/back", params=back).status_code


def test_somebody_known_comes_in_and_lands_where_they_wanted(
    company: WithSettings, provider: Provider, stranger: TestClient, store: Store, agent: User
) -> None:
    assert "company" in stranger.get("/sign-in").text
    back = provider.approve(go(stranger, "/sign-in/identity?next=/upload"), preferred_username="chen")
    answer = stranger.get("/sign-in/identity/back", params=back)
    assert answer.headers["location"] == "/upload"
    assert stranger.get("/upload").status_code == 200
    assert sessions.listing(store, agent)[0].method == "oidc"


def test_what_the_browser_carries_away_is_no_secret(
    company: WithSettings, provider: Provider, stranger: TestClient, store: Store
) -> None:
    asked = parse_qs(urlsplit(go(stranger)).query)
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    assert SECRET not in str(asked)
    assert "code_verifier" not in asked
    assert asked["state"][0] not in str(store.rows("SELECT * FROM identity_flows"))


WRONG: tuple[dict[str, object], ...] = (
    {"nonce": "of another sign-in"},
    {"nonce": None},
    {"aud": "another application"},
    {"aud": [CLIENT, "another"], "azp": "another"},
    {"iss": "https://elsewhere.example"},
    {"exp": 1_700_000_000},
    {"exp": None},
    {"nbf": 4_000_000_000},
    {"sub": None},
)


def test_a_token_that_was_not_made_for_this_sign_in_is_refused(
    company: WithSettings, provider: Provider, stranger: TestClient
) -> None:
    for wrong in WRONG:
        provider.wrong = wrong
        assert come_in(stranger, provider, preferred_username="chen") == 401, wrong
    assert COOKIE not in stranger.cookies
    provider.wrong = {}
    assert come_in(stranger, provider, preferred_username="chen") == 303


def test_a_token_signed_by_somebody_else_is_refused(
    company: WithSettings, provider: Provider, stranger: TestClient
) -> None:
    provider.signs_with = ECKey.generate_key("P-256", {"kid": "one"})
    assert come_in(stranger, provider, preferred_username="chen") == 401


def test_a_state_counts_once(company: WithSettings, provider: Provider, stranger: TestClient) -> None:
    address = go(stranger)
    flow = dict(stranger.cookies)
    first, second = (provider.approve(address, preferred_username="chen") for _ in range(2))
    assert stranger.get("/sign-in/identity/back", params=first).status_code == 303
    stranger.cookies.clear()
    stranger.cookies.update(flow)
    assert stranger.get("/sign-in/identity/back", params=second).status_code == 401


def test_a_state_counts_in_its_own_browser_alone(company: WithSettings, provider: Provider, app: FastAPI) -> None:
    mine, other = (TestClient(app, follow_redirects=False) for _ in range(2))
    back = provider.approve(go(mine), preferred_username="chen")
    go(other)
    assert other.get("/sign-in/identity/back", params=back).status_code == 401
    assert mine.get("/sign-in/identity/back", params=back).status_code == 303


def test_an_answer_of_another_issuer_or_without_a_code_is_refused(
    company: WithSettings, provider: Provider, stranger: TestClient
) -> None:
    mixed = provider.approve(go(stranger), preferred_username="chen") | {"iss": "https://elsewhere.example"}
    assert stranger.get("/sign-in/identity/back", params=mixed).status_code == 401
    denied = stranger.get("/sign-in/identity/back", params={"error": "access_denied", "state": mixed["state"]})
    assert denied.status_code == 401
    assert "access_denied" in denied.text
    shouting = stranger.get("/sign-in/identity/back", params={"error": "<b>pay here</b>"})
    assert "pay here" not in shouting.text


def test_an_account_is_linked_by_number_and_not_by_name(
    company: WithSettings, provider: Provider, app: FastAPI, store: Store, agent: User
) -> None:
    def browser() -> TestClient:
        return TestClient(app, follow_redirects=False)

    assert come_in(browser(), provider, sub="number-7", preferred_username="chen") == 303
    assert come_in(browser(), provider, sub="number-7", preferred_username="renamed") == 303
    assert len(sessions.listing(store, agent)) == 2
    # somebody who got the name later is somebody else
    assert come_in(browser(), provider, sub="number-8", preferred_username="chen") == 409


def test_an_address_of_mail_counts_only_when_it_was_verified(
    company: WithSettings, provider: Provider, stranger: TestClient, store: Store
) -> None:
    company(oidc_claim="email")
    users.create(store, "he@example.com", "何芳", "agent", PASSWORD)
    assert come_in(stranger, provider, email="he@example.com") == 403
    assert come_in(stranger, provider, email="he@example.com", email_verified=False) == 403
    assert come_in(stranger, provider, email="he@example.com", email_verified=True) == 303


def test_nobody_becomes_an_administrator_by_a_claim(
    company: WithSettings, provider: Provider, stranger: TestClient, store: Store, admin: User
) -> None:
    assert come_in(stranger, provider, preferred_username="root") == 403
    assert not identity.linked(store, admin)


def test_an_administrator_links_their_own_account(
    company: WithSettings, provider: Provider, browse: Browse, stranger: TestClient, store: Store, admin: User
) -> None:
    browser = browse("admin")
    back = provider.approve(go(browser, "/account/identity"), sub="number-9")
    assert browser.get("/sign-in/identity/back", params=back).headers["location"] == "/account"
    assert identity.linked(store, admin)
    assert come_in(stranger, provider, sub="number-9") == 303
    assert "identity.link" in [entry.action for entry in audit.listing(store, about=f"user:{admin.id}")]


def test_another_site_links_nothing(company: WithSettings, provider: Provider, browse: Browse) -> None:
    answer = browse("agent").get("/account/identity", headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 404


def test_who_is_not_here_is_refused_or_becomes_an_agent(
    company: WithSettings, provider: Provider, stranger: TestClient, store: Store
) -> None:
    assert come_in(stranger, provider, preferred_username="newcomer", name="新人") == 403
    company(oidc_create_team="三组")
    assert come_in(stranger, provider, preferred_username="newcomer", name="新人", role="admin") == 303
    made = users.by_login(store, "newcomer")
    assert (made.role, made.team, made.name) == ("agent", "三组", "新人")
    with pytest.raises(users.SignInRefused):
        users.authenticate(store, "newcomer", "")


def test_somebody_disabled_is_not_let_in(
    company: WithSettings, provider: Provider, stranger: TestClient, store: Store, agent: User
) -> None:
    users.set_active(store, agent, False)
    assert come_in(stranger, provider, preferred_username="chen") == 403


def test_without_passwords_only_administrators_keep_theirs(
    company: WithSettings, stranger: TestClient, store: Store
) -> None:
    company(local_sign_in=False)
    assert 'name="password"' not in stranger.get("/sign-in").text
    assert stranger.post("/sign-in", data={"login": "chen", "password": PASSWORD}).status_code == 401
    assert 'name="password"' in stranger.get("/sign-in?local=1").text
    assert stranger.post("/sign-in", data={"login": "root", "password": PASSWORD}).status_code == 303


def test_break_glass_narrows_administrators_down_but_never_to_nobody(company: WithSettings, store: Store) -> None:
    users.create(store, "second", "", "admin", PASSWORD)
    company(local_sign_in=False, break_glass="root")
    assert users.authenticate(store, "root", PASSWORD)
    with pytest.raises(users.SignInRefused):
        users.authenticate(store, "second", PASSWORD)
    company(break_glass="gone", local_sign_in=False)
    assert users.authenticate(store, "second", PASSWORD)


def test_a_provider_that_cannot_be_reached_leaves_the_password(
    company: WithSettings, provider: Provider, stranger: TestClient
) -> None:
    company(oidc_issuer="http://127.0.0.1:9")
    answer = stranger.get("/sign-in/identity")
    assert answer.status_code == 503
    assert 'name="password"' in answer.text


def test_an_issuer_is_asked_over_https_alone(company: WithSettings, stranger: TestClient) -> None:
    for issuer in ("http://login.example", "ftp://login.example", "file:///etc/passwd"):
        company(oidc_issuer=issuer)
        assert stranger.get("/sign-in/identity").status_code == 503


def test_a_dangerous_step_is_confirmed_at_the_company(
    company: WithSettings, provider: Provider, stranger: TestClient, store: Store
) -> None:
    come_in(stranger, provider, preferred_username="chen")
    store.change("UPDATE sessions SET confirmed_at = ''")
    assert stranger.post("/account/second-factor/begin").headers["location"].startswith("/confirm")
    address = go(stranger, "/confirm/identity?next=/account")
    assert "max_age=0" in address
    back = provider.approve(address, auth_time=1_700_000_000)
    assert stranger.get("/sign-in/identity/back", params=back).status_code == 401
    back = provider.approve(go(stranger, "/confirm/identity?next=/account"), sub="number-2")
    assert stranger.get("/sign-in/identity/back", params=back).status_code == 403
    back = provider.approve(go(stranger, "/confirm/identity?next=/account"))
    assert stranger.get("/sign-in/identity/back", params=back).headers["location"] == "/account"
    assert stranger.post("/account/second-factor/begin").status_code == 200
