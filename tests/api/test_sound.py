"""Recordings are played under the session, in pieces as players ask for them, and kept by no cache."""

import pytest
from fastapi.testclient import TestClient

from assist.calls.calls import Call
from assist.calls.recordings import path_of
from assist.store import Store
from tests.api.conftest import Browse

ADDRESSES = ("/calls/{}/audio", "/api/calls/{}/audio")


@pytest.mark.parametrize("address", ADDRESSES)
def test_sound_is_for_who_may_see_the_call(browse: Browse, stranger: TestClient, call: Call, address: str) -> None:
    assert browse("agent").get(address.format(call.id)).status_code == 200
    for persona in ("other_agent", "outsider", "editor"):
        assert browse(persona).get(address.format(call.id)).status_code == 404
    assert stranger.get(address.format(call.id)).status_code in (303, 401)


@pytest.mark.parametrize("address", ADDRESSES)
def test_pieces_are_answered_as_players_ask(browse: Browse, store: Store, call: Call, address: str) -> None:
    browser, at = browse("agent"), address.format(call.id)
    whole = path_of(store.settings, call.sha256).read_bytes()
    size = len(whole)
    for asked, first, last in (("0-9", 0, 9), ("5-", 5, size - 1), ("-4", size - 4, size - 1)):
        answer = browser.get(at, headers={"range": f"bytes={asked}"})
        assert answer.status_code == 206
        assert answer.headers["content-range"] == f"bytes {first}-{last}/{size}"
        assert answer.content == whole[first : last + 1]
    beyond = browser.get(at, headers={"range": f"bytes={size + 5}-"})
    assert beyond.status_code == 416
    assert beyond.headers["content-range"] == f"bytes */{size}"
    assert browser.get(at, headers={"range": "pages=1-2"}).status_code == 400


def test_a_piece_of_something_else_is_not_given(browse: Browse, call: Call) -> None:
    browser, at = browse("agent"), f"/calls/{call.id}/audio"
    tag = browser.get(at).headers["etag"]
    same = browser.get(at, headers={"range": "bytes=0-9", "if-range": tag})
    changed = browser.get(at, headers={"range": "bytes=0-9", "if-range": '"another"'})
    assert (same.status_code, changed.status_code) == (206, 200)


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_cache_keeps_a_recording(browse: Browse, call: Call, address: str) -> None:
    answer = browse("agent").get(address.format(call.id), headers={"range": "bytes=0-9"})
    assert "no-store" in answer.headers["cache-control"]
    assert answer.headers["content-disposition"] == "inline"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_no_address_of_the_app_takes_a_token(app: object) -> None:
    """What stands in an address ends in histories, logs and referrers."""
    secret = ("token", "session_token", "password", "secret", "access_token")
    routes = app.openapi()["paths"]  # type: ignore[attr-defined]
    asked = [part["name"] for path in routes.values() for way in path.values() for part in way.get("parameters", [])]
    assert len(asked) > 100
    assert [name for name in asked if name.lower() in secret] == []
