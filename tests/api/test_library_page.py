"""The library: reading, looking things up, publishing."""

import pytest

from assist.store import Store, libraries
from tests.api.conftest import Browse
from tests.api.judged import EVIL
from tests.conftest import LIBRARY

SECOND = LIBRARY.replace("打扰您了", "不好意思打扰您")


def publish(browser: object, source: bytes, **fields: str) -> object:
    return browser.post("/library", files={"file": ("library.yaml", source)}, data=fields)  # type: ignore[attr-defined]


@pytest.mark.parametrize("persona", ["agent", "lead", "editor", "admin"])
def test_everybody_reads_it(browse: Browse, persona: str) -> None:
    page = browse(persona).get("/library/broadband").text
    for part in ("确认身份", "我在开会", "打扰您了", "终身免费", "Version 1", "In force"):
        assert part in page


@pytest.mark.parametrize(("query", "found"), [("开会", True), ("打扰", True), ("没时间 开会", True), ("太贵", False)])
def test_what_to_say_is_looked_up(browse: Browse, query: str, found: bool) -> None:
    page = browse("agent").get("/library/broadband", params={"q": query}, headers={"HX-Request": "true"}).text
    assert "<html" not in page
    assert ("打扰您了" in page) is found
    assert ("Nothing found" in page) is not found


def test_a_search_is_shown_as_text(browse: Browse) -> None:
    page = browse("agent").get("/library/broadband", params={"q": EVIL}).text
    assert "<img src=x" not in page


def test_an_earlier_version_stays_readable(browse: Browse, store: Store) -> None:
    first = libraries.in_force(store, "broadband")
    libraries.publish(store, SECOND)
    assert first
    assert "不好意思打扰您" in browse("agent").get("/library/broadband").text
    assert "不好意思打扰您" not in browse("agent").get(f"/library/broadband?version={first.id}").text


def test_the_file_comes_back_as_it_was(browse: Browse) -> None:
    assert browse("agent").get("/library/broadband/1.yaml").text == LIBRARY


@pytest.mark.parametrize("address", ["/library/none", "/library/broadband/7.yaml", "/library/broadband?version=999"])
def test_what_is_not_there(browse: Browse, address: str) -> None:
    assert browse("agent").get(address).status_code == 404


def test_an_editor_publishes(browse: Browse, store: Store) -> None:
    answer = publish(browse("editor"), SECOND.encode(), note="更客气")
    newest = libraries.versions(store, "broadband")[0]
    assert answer.headers["location"] == f"/library/broadband?version={newest.id}"
    assert (newest.number, newest.note, newest.published_by) == (2, "更客气", "钱文")


def test_a_version_may_begin_later(browse: Browse, store: Store) -> None:
    publish(browse("editor"), SECOND.encode(), in_force_from="2999-01-01T09:00")
    current = libraries.in_force(store, "broadband")
    assert current
    assert current.number == 1
    coming = libraries.versions(store, "broadband")[0]
    assert "Scheduled" in browse("lead").get(f"/library/broadband?version={coming.id}").text


@pytest.mark.parametrize("persona", ["agent", "lead"])
def test_others_publish_nothing(browse: Browse, store: Store, persona: str) -> None:
    browser = browse(persona)
    assert '<form class="form" method="post" action="/library"' not in browser.get("/library").text
    assert publish(browser, SECOND.encode()).status_code == 403
    assert len(libraries.versions(store, "broadband")) == 1


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (LIBRARY.replace("weight: 2", "wieght: 2").encode(), "line"),
        (LIBRARY.replace("ask-for-order", "confirm-identity").encode(), "line"),
        (LIBRARY.replace("company", "firm").encode(), "firm"),
        (LIBRARY.replace("星河通信", "Caf\u00e9").encode("latin-1", "replace"), "UTF-8"),
        (b"", ""),
        (b"\x00\x01\x02", ""),
        (b"a: &a [*a]", ""),
        (b"x" * (2 * 1024 * 1024 + 1), "2 MB"),
    ],
    ids=["typo", "duplicate id", "unknown key", "Latin-1", "empty", "binary", "loop", "too large"],
)
def test_a_mistake_is_told_and_nothing_changes(browse: Browse, store: Store, source: bytes, told: str) -> None:
    answer = publish(browse("editor"), source)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert told in answer.text
    assert len(libraries.versions(store, "broadband")) == 1


def test_a_version_on_paper(browse: Browse) -> None:
    page = browse("agent").get("/library/broadband/1/desk").text
    for part in ("确认身份", "您好，请问是王先生吗？", "没时间", "终身免费"):
        assert part in page
