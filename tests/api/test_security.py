"""Headers of every answer, requests from other sites, and that nothing comes from another host."""

import json
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import api
from tests.api.conftest import Browse

HERE = Path(api.__file__).parent


@pytest.mark.parametrize("address", ["/sign-in", "/api/health", "/api/calls", "/static/css/base.css", "/nowhere"])
def test_every_answer_carries_the_policy(stranger: TestClient, address: str) -> None:
    headers = stranger.get(address).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "unsafe-inline" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"


def test_the_nonce_is_new_every_time(stranger: TestClient) -> None:
    first, second = (stranger.get("/sign-in").headers["content-security-policy"] for _ in range(2))
    assert first != second


def test_pages_are_kept_by_no_cache(browse: Browse) -> None:
    assert browse("agent").get("/calls").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 303),
        ({"sec-fetch-site": "none"}, 303),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        # browsers on plain http send only Origin
        ({"origin": "http://testserver"}, 303),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://testserver:81"}, 403),
        ({"origin": "null"}, 403),
        # no browser at all
        ({}, 303),
    ],
)
def test_a_change_asked_for_by_another_site_is_refused(browse: Browse, headers: dict[str, str], status: int) -> None:
    assert browse("agent").post("/account/theme", data={"theme": "dark"}, headers=headers).status_code == status


def test_another_site_may_link_here(browse: Browse) -> None:
    assert browse("agent").get("/calls", headers={"sec-fetch-site": "cross-site"}).status_code == 200


def test_an_unforeseen_error_tells_nothing_and_keeps_the_headers(app: object, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("assist.people.sessions.visit_of", broken)
    browser = TestClient(app, raise_server_exceptions=False)  # type: ignore[arg-type]
    answer = browser.get("/calls")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize("path", sorted((HERE / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_no_template_loads_from_elsewhere_or_runs_inline_code(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"""(src|href|action)=["']?(https?:)?//""", text)
    assert not re.search(r"<[^>]+\son[a-z]+=", text)
    assert not re.search(r"<[^>]+\sstyle=", text)
    assert not re.search(r"<script(?![^>]*(src=|application/json))", text)
    assert "|safe" not in text or path.name == "icons.html"


def test_own_scripts_and_styles_name_no_other_host() -> None:
    for path in [*(HERE / "static/js").glob("*.js"), *(HERE / "static/css").glob("*.css")]:
        assert not re.search(r"https?://", path.read_text("utf-8")), path


def test_every_browser_library_is_there_with_its_licence() -> None:
    wanted = json.loads((HERE / "browser/package.json").read_text("utf-8"))
    for name in wanted["vendor"]:
        assert (HERE / "static/vendor" / name).stat().st_size > 0, f"run python api/browser/build.py: {name}"
    for package in wanted["dependencies"]:
        assert any(f"{package}/LICENSE" == source for source in wanted["vendor"].values())


def test_the_lock_has_a_hash_for_every_package_and_names_no_host() -> None:
    lock = json.loads((HERE / "browser/package-lock.json").read_text("utf-8"))
    packages = [entry for name, entry in lock["packages"].items() if name]
    assert packages
    assert all(entry["integrity"].startswith("sha512-") for entry in packages)
    assert all("resolved" not in entry for entry in packages)
