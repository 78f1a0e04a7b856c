"""Drafts, comparisons and imports for machines."""

import time

import pytest

from assist.people.users import User
from assist.store import Store, drafts, libraries
from assist.store.drafts import Draft
from tests.api.conftest import Browse
from tests.conftest import LIBRARY

SECOND, THIRD = LIBRARY.replace("打扰您了", "抱歉"), LIBRARY.replace("打扰您了", "不好意思")
YAML = {"content-type": "application/yaml"}


@pytest.fixture
def draft(store: Store, editor: User) -> Draft:
    return drafts.from_version(store, editor, 1, "更客气")


def put(browser: object, draft: Draft, text: str, **query: object) -> object:
    return browser.put(f"/api/drafts/{draft.id}/source", content=text.encode(), params=query, headers=YAML)  # type: ignore[attr-defined]


def test_from_a_text_to_a_version(browse: Browse, store: Store) -> None:
    browser = browse("editor")
    made = browser.post("/api/drafts?name=新", content=LIBRARY.encode(), headers=YAML)
    assert (made.status_code, made.json()["campaign"], made.json()["based_on"]) == (201, "broadband", 1)
    address = f"/api/drafts/{made.json()['id']}"
    saved = browser.put(f"{address}/source?based_on=1", content=SECOND.encode(), headers=YAML).json()
    assert (saved["revision"], browser.get(f"{address}/source").text) == (2, SECOND)
    assert browser.post(f"{address}/submit", json={"note": "请看"}).json()["state"] == "in-review"
    assert [one["action"] for one in browser.get(f"{address}/history").json()] == ["submitted", "saved", "created"]
    published = browser.post(f"{address}/publish?revision=2&note=更客气")
    assert (published.status_code, published.json()["number"]) == (201, 2)
    assert libraries.source(store, published.json()["id"]) == SECOND


def test_a_stale_save_answers_with_both_texts(browse: Browse, store: Store, admin: User, draft: Draft) -> None:
    drafts.save(store, admin, draft.id, THIRD, 1)
    browser = browse("editor")
    answer = put(browser, draft, SECOND, based_on=1, merge=True)
    told = answer.json()
    assert (answer.status_code, told["error"]["code"], told["by"]) == (409, "EditedMeanwhile", "管理员")
    assert (told["mine"], told["theirs"], told["base"]) == (SECOND, THIRD, LIBRARY)
    assert [one["key"] for one in told["clashes"]] == ["entry:busy"]
    assert put(browser, draft, SECOND, based_on=1, merge=True, mine="entry:busy").status_code == 200
    assert "抱歉" in drafts.source(store, admin, draft.id)


def test_what_is_to_be_mended_is_listed(browse: Browse, draft: Draft) -> None:
    browser = browse("editor")
    put(browser, draft, LIBRARY.replace('"我在开会"', ""), based_on=1)
    problems = browser.get(f"/api/drafts/{draft.id}/problems").json()
    assert ("entry:busy", "stops") in {(one["key"], one["weight"]) for one in problems}
    assert browser.post(f"/api/drafts/{draft.id}/submit").status_code == 422


def test_two_texts_are_compared(browse: Browse, draft: Draft) -> None:
    browser = browse("editor")
    put(browser, draft, SECOND, based_on=1)
    found = browser.get(f"/api/compare?old=v1&new=d{draft.id}").json()
    assert found["counts"]["changed"] == 1
    changed = next(one for one in found["playbook"][0]["fields"] if one["name"] == "acknowledge")
    assert changed["rows"][0]["old"] == "打扰您了"


def test_a_file_is_read_and_nothing_saved(browse: Browse, store: Store, editor: User) -> None:
    content = "# 开场白\n- 您好，请问是王先生吗？\n".encode()
    found = browse("editor").post("/api/imports?name=x.md", content=content)
    assert found.status_code == 200
    assert "请问是王先生吗" in found.json()["library"]
    assert found.json()["lines"][0]["role"].startswith("stage")
    assert drafts.listing(store, editor) == []


def test_a_version_is_exported_rolled_back_and_withdrawn(browse: Browse, store: Store) -> None:
    libraries.publish(store, SECOND)
    browser = browse("editor")
    assert browser.get("/api/libraries/1/export?kind=xlsx").content.startswith(b"PK")
    later = browser.post("/api/libraries/1/roll-back?in_force_from=2999-01-01T00:00").json()
    assert later["number"] == 3
    assert browser.post(f"/api/libraries/{later['id']}/withdraw").json()["withdrawn_at"]
    assert libraries.in_force(store, "broadband").number == 2


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/drafts"),
        ("PUT", "/api/drafts/1/source?based_on=1"),
        ("POST", "/api/drafts/1/submit"),
        ("POST", "/api/drafts/1/publish?revision=1"),
        ("POST", "/api/drafts/1/discard"),
        ("POST", "/api/drafts/1/restore?revision=1"),
        ("POST", "/api/imports?name=x.md"),
        ("POST", "/api/libraries/1/roll-back"),
        ("POST", "/api/libraries/1/withdraw"),
        ("GET", "/api/drafts/1"),
        ("GET", "/api/compare?old=v1&new=d1"),
    ],
)
@pytest.mark.parametrize("persona", ["agent", "outsider"])
def test_others_get_nothing(browse: Browse, store: Store, draft: Draft, persona: str, method: str, path: str) -> None:
    takes_text = path.startswith(("/api/drafts/1/source", "/api/imports")) or path == "/api/drafts"
    sent = {"content": SECOND.encode(), "headers": YAML} if takes_text else {}
    answer = browse(persona).request(method, path, **sent)
    assert answer.status_code in (403, 404)
    assert len(libraries.versions(store, "broadband")) == 1


def test_what_will_be_confused_is_told_once_it_is_known(browse: Browse, store: Store, editor: User) -> None:
    text = LIBRARY.replace('"我在开会"', '"我在开会", "我在开会。"')
    address = f"/api/drafts/{drafts.create(store, editor, text).id}/overlaps"
    browser = browse("editor")
    answers = (browser.get(address) for _ in range(400) if time.sleep(0.025) is None)
    told = next(answer for answer in answers if answer.status_code == 200).json()
    assert {"twice"} <= {one["kind"] for one in told}
    assert browse("agent").get(address).status_code == 404
