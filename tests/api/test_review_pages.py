"""Handing in, sending back, publishing; comparing two texts."""

from datetime import datetime, timedelta

import pytest

from assist.people.users import User
from assist.store import Store, drafts, libraries, second_person
from assist.store.clock import now
from assist.store.drafts import Draft
from tests.api.conftest import Browse
from tests.conftest import LIBRARY

SECOND = LIBRARY.replace("打扰您了", "不好意思打扰您")


@pytest.fixture
def draft(store: Store, editor: User) -> Draft:
    begun = drafts.from_version(store, editor, libraries.in_force(store, "broadband").id, "更客气")
    return drafts.save(store, editor, begun.id, SECOND, 1)


@pytest.fixture
def handed_in(store: Store, editor: User, draft: Draft) -> Draft:
    return drafts.submit(store, editor, draft.id, "看看异议部分")


def test_before_publishing_it_shows_what_changes(browse: Browse, draft: Draft) -> None:
    page = browse("editor").get(f"/drafts/{draft.id}/publish").text
    assert "<ins>不好意思</ins>" in page
    assert "没时间" in page
    assert "确认身份" not in page


def test_a_draft_is_handed_in_and_seen_by_reviewers(browse: Browse, draft: Draft) -> None:
    assert browse("editor").post(f"/drafts/{draft.id}/submit", data={"note": "请看"}).status_code == 303
    for persona in ("lead", "outsider", "admin"):
        assert "更客气" in browse(persona).get("/library").text
        assert "In review" in browse(persona).get(f"/drafts/{draft.id}").text
    assert browse("agent").get(f"/drafts/{draft.id}").status_code == 404
    assert "更客气" not in browse("agent").get("/library").text


def test_what_is_in_review_cannot_be_changed(browse: Browse, handed_in: Draft) -> None:
    browser = browse("editor")
    assert 'id="draft"' not in browser.get(f"/drafts/{handed_in.id}").text
    assert browser.post(f"/drafts/{handed_in.id}/autosave", data={"title": "x", "based_on": "2"}).status_code == 409


def test_a_lead_sends_it_back_with_a_reason(browse: Browse, handed_in: Draft) -> None:
    assert browse("lead").post(f"/drafts/{handed_in.id}/send-back", data={"note": "太长了"}).status_code == 303
    assert "太长了" in browse("editor").get(f"/drafts/{handed_in.id}/history").text
    assert browse("lead").get(f"/drafts/{handed_in.id}").status_code == 404


def test_an_incomplete_draft_is_not_handed_in(browse: Browse, store: Store, editor: User, draft: Draft) -> None:
    drafts.save(store, editor, draft.id, SECOND.replace('"我在开会"', ""), 2)
    answer = browse("editor").post(f"/drafts/{draft.id}/submit")
    assert answer.status_code == 422
    assert "To mend before publishing" in answer.text


def test_it_is_published_for_tomorrow(browse: Browse, store: Store, draft: Draft) -> None:
    form = {"revision": "2", "begin": "tomorrow", "note": "更客气的开场"}
    assert browse("editor").post(f"/drafts/{draft.id}/publish", data=form).status_code == 303
    newest = libraries.versions(store, "broadband")[0]
    midnight = newest.in_force_from.astimezone(store.settings.zone)
    assert (midnight.hour, midnight.minute, newest.note) == (0, 0, "更客气的开场")
    assert libraries.in_force(store, "broadband").number == 1
    assert libraries.in_force(store, "broadband", now() + timedelta(days=1)).number == 2


def test_it_is_published_from_a_time(browse: Browse, store: Store, draft: Draft) -> None:
    form = {"revision": "2", "begin": "at", "in_force_from": "2999-01-01T09:00"}
    browse("editor").post(f"/drafts/{draft.id}/publish", data=form)
    assert libraries.versions(store, "broadband")[0].in_force_from == datetime(
        2999, 1, 1, 9, tzinfo=store.settings.zone
    )


def test_what_changed_since_it_was_looked_at_is_not_published(browse: Browse, store: Store, draft: Draft) -> None:
    answer = browse("editor").post(f"/drafts/{draft.id}/publish", data={"revision": "1"})
    assert answer.status_code == 409
    assert len(libraries.versions(store, "broadband")) == 1


@pytest.mark.parametrize("persona", ["agent", "lead", "outsider"])
def test_others_publish_nothing(browse: Browse, store: Store, handed_in: Draft, persona: str) -> None:
    assert browse(persona).post(f"/drafts/{handed_in.id}/publish", data={"revision": "2"}).status_code in (403, 404)
    assert len(libraries.versions(store, "broadband")) == 1


def test_a_second_person_publishes(browse: Browse, store: Store, admin: User, draft: Draft) -> None:
    second_person.demand(store, admin, "library:broadband", True)
    writer = browse("editor")
    page = writer.get(f"/drafts/{draft.id}/publish").text
    assert "a second person publishes" in page
    assert f'action="/drafts/{draft.id}/publish"' not in page
    writer.post(f"/drafts/{draft.id}/submit")
    refused = writer.post(f"/drafts/{draft.id}/publish", data={"revision": "2"})
    assert refused.status_code == 403
    assert "second person" in refused.text
    assert browse("admin").post(f"/drafts/{draft.id}/publish", data={"revision": "2"}).status_code == 303


def test_what_came_out_meanwhile_is_taken_in(browse: Browse, store: Store, draft: Draft) -> None:
    libraries.publish(store, LIBRARY.replace("请问是王先生吗", "是王先生吧"))
    browser = browse("editor")
    refused = browser.post(f"/drafts/{draft.id}/publish", data={"revision": "2"})
    assert refused.status_code == 409
    assert "Take its changes in" in refused.text
    assert browser.post(f"/drafts/{draft.id}/rebase").status_code == 303
    assert browser.post(f"/drafts/{draft.id}/publish", data={"revision": "3"}).status_code == 303
    text = libraries.source(store, libraries.in_force(store, "broadband").id)
    assert "是王先生吧" in text
    assert "不好意思" in text


def test_what_both_changed_is_chosen_when_it_is_taken_in(
    browse: Browse, store: Store, editor: User, draft: Draft
) -> None:
    libraries.publish(store, LIBRARY.replace("打扰您了", "耽误您了"))
    browser = browse("editor")
    assert "耽误您了" in browser.post(f"/drafts/{draft.id}/rebase").text
    browser.post(f"/drafts/{draft.id}/rebase", data={"revision": "2", "choice:entry:busy": "mine"})
    assert "不好意思打扰您" in drafts.source(store, editor, draft.id)


def test_a_draft_put_aside_can_be_begun_again(browse: Browse, store: Store, editor: User, draft: Draft) -> None:
    browser = browse("editor")
    browser.post(f"/drafts/{draft.id}/discard")
    assert "更客气" not in browser.get("/library/broadband/versions").text
    assert "Put aside" in browser.get("/library/broadband/versions?closed=1").text
    again = browser.post(f"/drafts/{draft.id}/again").headers["location"]
    assert drafts.source(store, editor, int(again.rpartition("/")[2])) == SECOND


def test_a_version_and_a_draft_are_compared_by_words(browse: Browse, store: Store, draft: Draft) -> None:
    first = libraries.in_force(store, "broadband").id
    browser = browse("editor")
    page = browser.get(f"/compare?old=v{first}&new=d{draft.id}").text
    assert "<ins>不好意思</ins>" in page
    assert "确认身份" not in page
    assert "确认身份" in browser.get(f"/compare?old=v{first}&new=d{draft.id}&all=1").text
    assert "Both say the same" in browser.get(f"/compare?old=v{first}&new=d{draft.id}.1").text


@pytest.mark.parametrize("ref", ["v999", "d999", "x1", "d1.77", "v" + "9" * 30, ""])
def test_a_comparison_with_what_is_not_there(browse: Browse, draft: Draft, ref: str) -> None:
    assert browse("editor").get(f"/compare?old={ref}&new=d{draft.id}").status_code == 404


def test_agents_compare_no_drafts(browse: Browse, draft: Draft) -> None:
    assert browse("agent").get(f"/compare?old=v1&new=d{draft.id}").status_code == 404
