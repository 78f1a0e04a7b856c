"""The versions of a campaign: who sees what, rolling back, withdrawing, the second person."""

from datetime import timedelta

import pytest

from assist.people.users import User
from assist.store import Store, drafts, libraries, second_person
from assist.store.clock import now
from assist.store.libraries import LibraryVersion
from tests.api.conftest import Browse
from tests.conftest import LIBRARY

SECOND = LIBRARY.replace("打扰您了", "不好意思打扰您")
HOME = "/library/broadband/versions"


@pytest.fixture
def scheduled(store: Store, editor: User) -> LibraryVersion:
    return libraries.publish(store, SECOND, editor, now() + timedelta(days=1), "更客气")


@pytest.mark.parametrize("persona", ["editor", "lead", "outsider", "admin"])
def test_who_plans_sees_what_comes(browse: Browse, scheduled: LibraryVersion, persona: str) -> None:
    page = browse(persona).get(HOME).text
    for part in ("Version 1", "In force", "Version 2", "Scheduled", "更客气"):
        assert part in page


def test_an_agent_sees_only_what_is_in_force(browse: Browse, scheduled: LibraryVersion) -> None:
    browser = browse("agent")
    assert browser.get(HOME).status_code == 403
    assert browser.get(f"/library/broadband?version={scheduled.id}").status_code == 404
    assert browser.get("/library/broadband/2.yaml").status_code == 404
    assert "Versions and drafts" not in browser.get("/library/broadband").text
    assert browser.get(f"/api/libraries/{scheduled.id}").status_code == 404
    assert [one["number"] for one in browser.get("/api/campaigns/broadband/versions").json()] == [1]


def test_a_scheduled_version_is_withdrawn(browse: Browse, store: Store, scheduled: LibraryVersion) -> None:
    browser = browse("editor")
    assert browser.post(f"{HOME}/{scheduled.id}/withdraw").status_code == 303
    assert "Withdrawn" in browser.get(HOME).text
    assert browser.post(f"{HOME}/{libraries.in_force(store, 'broadband').id}/withdraw").status_code == 409


def test_an_old_version_is_rolled_back_to(browse: Browse, store: Store) -> None:
    first = libraries.in_force(store, "broadband")
    libraries.publish(store, SECOND)
    browser = browse("editor")
    browser.post(f"{HOME}/{first.id}/roll-back", data={"note": "退回"})
    current = libraries.in_force(store, "broadband")
    assert (current.number, current.note) == (3, "退回")
    assert libraries.source(store, current.id) == LIBRARY


@pytest.mark.parametrize(("begin", "at", "status"), [("at", "", 422), ("at", "soon", 422), ("tomorrow", "", 303)])
def test_when_it_begins(browse: Browse, store: Store, begin: str, at: str, status: int) -> None:
    first = libraries.in_force(store, "broadband")
    libraries.publish(store, SECOND)
    form = {"begin": begin, "in_force_from": at}
    assert browse("editor").post(f"{HOME}/{first.id}/roll-back", data=form).status_code == status
    assert libraries.in_force(store, "broadband").number == 2


@pytest.mark.parametrize("persona", ["agent", "lead", "outsider"])
@pytest.mark.parametrize("act", ["roll-back", "withdraw"])
def test_others_change_nothing(browse: Browse, store: Store, scheduled: LibraryVersion, persona: str, act: str) -> None:
    before = libraries.versions(store, "broadband")
    assert browse(persona).post(f"{HOME}/{scheduled.id}/{act}").status_code in (403, 404)
    assert libraries.versions(store, "broadband") == before


@pytest.mark.parametrize(("persona", "status"), [("admin", 303), ("editor", 403), ("lead", 403), ("agent", 403)])
def test_the_admin_asks_for_a_second_person(browse: Browse, store: Store, persona: str, status: int) -> None:
    assert browse(persona).post("/library/broadband/rules", data={"on": "1"}).status_code == status
    assert second_person.needed(store, "library:broadband") is (status == 303)


def test_a_campaign_that_has_only_a_draft_leads_to_it(browse: Browse, store: Store, editor: User) -> None:
    drafts.create(store, editor, LIBRARY.replace("campaign: broadband", "campaign: fresh"), "第一稿")
    browser = browse("editor")
    assert browser.get("/library/fresh").headers["location"] == "/library/fresh/versions"
    assert "第一稿" in browser.get("/library/fresh/versions").text
    assert browse("agent").get("/library/fresh").status_code == 404


def test_what_does_not_exist(browse: Browse) -> None:
    assert browse("editor").get("/library/none/versions").status_code == 404
