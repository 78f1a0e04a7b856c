"""The rubric in versions: drafts, review, publishing."""

import pytest

from api.pages.rubric import shipped
from assist.people.users import User
from assist.store import Store, drafts, rubrics, second_person
from assist.store.clock import now
from assist.store.drafts import Draft
from tests.api.conftest import Browse
from tests.conftest import LIBRARY

CHANGED = shipped().replace("weight: 1", "weight: 2", 1)


@pytest.fixture
def draft(store: Store, editor: User) -> Draft:
    return drafts.create(store, editor, shipped(), "更看重开场", kind="rubric")


def test_from_the_shipped_rubric_to_a_version(browse: Browse, store: Store) -> None:
    browser = browse("editor")
    address = browser.post("/rubric/drafts").headers["location"]
    assert browser.post(address, data={"source": CHANGED, "based_on": "1"}).status_code == 303
    assert "<ins>" in browser.get(address).text
    assert browser.post(f"{address}/publish", data={"revision": "2", "note": "开场更重"}).status_code == 303
    assert rubrics.in_force(store, now()) == CHANGED
    assert "开场更重" in browser.get("/rubric").text


def test_a_mistake_is_told_with_its_line_and_the_text_stays(browse: Browse, draft: Draft) -> None:
    answer = browse("editor").post(f"/rubric/drafts/{draft.id}", data={"source": "opening: [", "based_on": "1"})
    assert answer.status_code == 422
    assert "opening: [" in answer.text


def test_two_at_once_see_both_texts(browse: Browse, store: Store, admin: User, draft: Draft) -> None:
    drafts.save(store, admin, draft.id, CHANGED, 1)
    browser = browse("editor")
    mine = shipped() + "# 我的备注\n"
    answer = browser.post(f"/rubric/drafts/{draft.id}", data={"source": mine, "based_on": "1"})
    assert answer.status_code == 409
    assert "管理员" in answer.text
    assert "我的备注" in answer.text
    assert 'name="based_on" value="2"' in answer.text
    assert drafts.source(store, admin, draft.id) == CHANGED


def test_it_is_reviewed_and_a_second_person_publishes(browse: Browse, store: Store, admin: User, draft: Draft) -> None:
    second_person.demand(store, admin, "rubric", True)
    browser = browse("editor")
    browser.post(f"/drafts/{draft.id}/submit")
    assert "更看重开场" in browse("lead").get("/rubric").text
    assert browser.post(f"/rubric/drafts/{draft.id}/publish", data={"revision": "1"}).status_code == 403
    assert (
        browse("lead").post(f"/drafts/{draft.id}/send-back", data={"note": "先不改"}).headers["location"] == "/rubric"
    )
    assert "先不改" in browser.get(f"/drafts/{draft.id}/history").text


def test_a_draft_of_a_rubric_is_no_talk_track(browse: Browse, draft: Draft) -> None:
    browser = browse("editor")
    assert browser.get(f"/drafts/{draft.id}").headers["location"] == f"/rubric/drafts/{draft.id}"
    assert browser.post(f"/drafts/{draft.id}/autosave", data={"title": "x", "based_on": "1"}).status_code == 404
    assert browser.post(f"/drafts/{draft.id}/discard").headers["location"] == "/rubric"


@pytest.mark.parametrize(("persona", "page"), [("agent", 403), ("lead", 200), ("outsider", 200), ("admin", 200)])
def test_who_reads_and_who_writes(browse: Browse, store: Store, draft: Draft, persona: str, page: int) -> None:
    browser = browse(persona)
    assert browser.get("/rubric").status_code == page
    writes = persona == "admin"
    assert (browser.post("/rubric/drafts").status_code == 303) is writes
    assert (browser.get(f"/rubric/drafts/{draft.id}").status_code == 200) is writes
    assert (browser.post(f"/rubric/drafts/{draft.id}/publish", data={"revision": "1"}).status_code == 303) is writes
    assert (rubrics.newest(store) == 1) is writes


def test_the_text_saves_by_itself_and_changes_are_undone(
    browse: Browse, store: Store, editor: User, draft: Draft
) -> None:
    browser, address = browse("editor"), f"/rubric/drafts/{draft.id}"
    saved = browser.post(f"{address}/autosave", data={"source": CHANGED.replace("\n", "\r\n"), "based_on": "1"})
    assert saved.json()["revision"] == 2
    assert drafts.source(store, editor, draft.id) == CHANGED
    undone = browser.post(f"{address}/undo", data={"to": "1", "based_on": "2"}).json()
    assert (undone["revision"], undone["text"]) == (3, shipped())
    assert drafts.source(store, editor, draft.id) == shipped()


def test_what_cannot_be_read_is_not_saved_by_itself(browse: Browse, store: Store, editor: User, draft: Draft) -> None:
    answer = browse("editor").post(f"/rubric/drafts/{draft.id}/autosave", data={"source": "a: [", "based_on": "1"})
    assert answer.status_code == 422
    assert "line 1" in answer.json()["message"]
    assert drafts.get(store, editor, draft.id).revision == 1


def test_saving_by_itself_never_writes_over_another(browse: Browse, store: Store, admin: User, draft: Draft) -> None:
    drafts.save(store, admin, draft.id, CHANGED, 1)
    mine = {"source": shipped() + "# 我的备注\n", "based_on": "1"}
    answer = browse("editor").post(f"/rubric/drafts/{draft.id}/autosave", data=mine)
    assert (answer.status_code, answer.json()["conflict"]) == (409, True)
    assert drafts.source(store, admin, draft.id) == CHANGED


def test_a_draft_of_a_talk_track_is_none_of_the_rubric(browse: Browse, store: Store, editor: User) -> None:
    other = drafts.create(store, editor, LIBRARY)
    fields = {"source": CHANGED, "based_on": "1", "to": "1"}
    for what in ("autosave", "undo"):
        assert browse("editor").post(f"/rubric/drafts/{other.id}/{what}", data=fields).status_code == 404
