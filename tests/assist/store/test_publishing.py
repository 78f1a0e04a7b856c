"""From draft to version: at a moment, by one person or two, and back again."""

import sqlite3
from datetime import timedelta

import pytest

from assist.analysis import rubric
from assist.calls.details import Details
from assist.errors import LibraryError, NotFound
from assist.people import audit
from assist.scripts.formats import yaml_format
from assist.store import drafts, libraries, publishing, rubrics, second_person
from assist.store.clock import now
from tests.assist.scripts.libraries import point, with_point
from tests.conftest import LIBRARY

BASE = yaml_format.loads(LIBRARY)
SECOND = with_point(BASE, "ask-for-order", title="促成")
TOMORROW = timedelta(days=1)


@pytest.fixture
def draft(store, editor):
    return drafts.create(store, editor, SECOND)


def test_a_published_draft_is_the_next_version(store, editor, draft):
    made = publishing.publish(store, editor, draft.id, 1, note="新促成")
    assert (made.number, made.note) == (2, "新促成")
    assert libraries.library(store, made.id) == SECOND
    assert drafts.get(store, editor, draft.id).state == "published"
    with pytest.raises(drafts.Closed):
        publishing.publish(store, editor, draft.id, 1)


def test_published_for_tomorrow_judges_the_calls_of_tomorrow(store, editor, draft):
    made = publishing.publish(store, editor, draft.id, 1, now() + TOMORROW)
    assert libraries.in_force(store, "broadband", now()).number == 1
    assert libraries.in_force(store, "broadband", now() + 2 * TOMORROW).id == made.id


def test_agents_read_a_version_only_from_its_moment_on(store, editor, agent, draft):
    made = publishing.publish(store, editor, draft.id, 1, now() + TOMORROW)
    with pytest.raises(NotFound):
        libraries.seen_version(store, agent, made.id)
    assert [one.number for one in libraries.seen(store, agent, "broadband")] == [1]
    assert libraries.seen_version(store, editor, made.id) == made


def test_a_new_campaigns_first_version_is_not_for_agents_before_its_moment(store, editor, agent):
    libraries.publish(store, LIBRARY.replace("broadband", "later"), editor, now() + TOMORROW)
    assert libraries.in_force_for(store, agent, "later") is None
    assert libraries.in_force_for(store, editor, "later").number == 1


def test_how_versions_stand(store, editor, draft):
    libraries.publish(store, LIBRARY.replace("宽带提速", "二版"), editor)
    publishing.publish(store, editor, draft.id, 1, now() + TOMORROW, anyway=True)
    versions = libraries.versions(store, "broadband")
    assert list(libraries.standings(versions).values()) == ["scheduled", "in-force", "retired"]
    libraries.withdraw(store, editor, versions[0].id)
    versions = libraries.versions(store, "broadband")
    assert list(libraries.standings(versions).values()) == ["withdrawn", "in-force", "retired"]


def test_a_withdrawn_version_is_never_in_force(store, editor, draft):
    made = publishing.publish(store, editor, draft.id, 1, now() + TOMORROW)
    libraries.withdraw(store, editor, made.id)
    assert libraries.in_force(store, "broadband", now() + 2 * TOMORROW).number == 1


def test_what_has_begun_cannot_be_withdrawn(store, editor):
    with pytest.raises(libraries.Begun):
        libraries.withdraw(store, editor, libraries.in_force(store, "broadband").id)


def test_rolling_back_publishes_the_old_text_as_a_new_version(store, editor, draft):
    first = libraries.in_force(store, "broadband")
    publishing.publish(store, editor, draft.id, 1)
    back = libraries.roll_back(store, editor, first.id, note="退回")
    assert (back.number, libraries.source(store, back.id)) == (3, LIBRARY)
    assert libraries.in_force(store, "broadband").id == back.id


def test_a_second_person_publishes_where_the_campaign_wants_one(store, editor, admin, draft):
    second_person.demand(store, admin, "library:broadband", True)
    with pytest.raises(publishing.NotReviewed):
        publishing.publish(store, editor, draft.id, 1)
    drafts.submit(store, editor, draft.id)
    with pytest.raises(second_person.SecondPerson):
        publishing.publish(store, editor, draft.id, 1)
    assert publishing.publish(store, admin, draft.id, 1).published_by == "管理员"


def test_the_second_person_cannot_be_passed_by_with_a_file(store, editor, admin):
    second_person.demand(store, admin, "library:broadband", True)
    with pytest.raises(second_person.SecondPerson):
        libraries.publish(store, yaml_format.dumps(SECOND), editor)
    assert libraries.in_force(store, "broadband").number == 1


def test_only_what_was_looked_at_is_published(store, editor, admin, draft):
    drafts.save(store, admin, draft.id, BASE, 1)
    with pytest.raises(publishing.Moved):
        publishing.publish(store, editor, draft.id, 1)


def test_a_draft_does_not_undo_what_was_published_meanwhile(store, editor, draft):
    other = drafts.create(store, editor, with_point(BASE, "confirm-identity", weight=3))
    publishing.publish(store, editor, other.id, 1)
    with pytest.raises(publishing.NewerPublished):
        publishing.publish(store, editor, draft.id, 1)
    rebased = publishing.rebase(store, editor, draft.id)
    made = publishing.publish(store, editor, draft.id, rebased.revision)
    both = libraries.library(store, made.id)
    assert (point(both, "confirm-identity").weight, point(both, "ask-for-order").title) == (3, "促成")


def test_taking_in_what_clashes_asks(store, editor, draft):
    libraries.publish(store, yaml_format.dumps(with_point(BASE, "ask-for-order", title="成交")), editor)
    with pytest.raises(drafts.EditedMeanwhile) as clash:
        publishing.rebase(store, editor, draft.id)
    choices = {clash.value.merge.clashes[0].key: "theirs"}
    rebased = publishing.rebase(store, editor, draft.id, choices)
    assert point(drafts.library(store, editor, rebased.id), "ask-for-order").title == "成交"


def test_an_incomplete_draft_is_not_published(store, editor, draft):
    drafts.save(store, editor, draft.id, with_point(BASE, "ask-for-order", say=()), 1)
    with pytest.raises(LibraryError):
        publishing.publish(store, editor, draft.id, 2)
    assert libraries.in_force(store, "broadband").number == 1


def test_a_published_version_cannot_be_changed_by_anybody(store, editor, draft):
    made = publishing.publish(store, editor, draft.id, 1)
    with pytest.raises(sqlite3.IntegrityError):
        store.change("UPDATE library_versions SET source = '' WHERE id = ?", [made.id])
    assert libraries.library(store, made.id) == SECOND


def test_publishing_is_in_the_audit(store, editor, draft):
    publishing.publish(store, editor, draft.id, 1)
    assert audit.listing(store, about="library:broadband")[0].action == "library.publish"
    assert audit.listing(store, about=f"draft:{draft.id}")[0].action == "draft.published"


def test_the_same_text_from_an_earlier_moment_is_a_version_of_its_own(store, editor):
    later = libraries.publish(store, yaml_format.dumps(SECOND), editor, now() + TOMORROW)
    assert libraries.publish(store, yaml_format.dumps(SECOND), editor).number == later.number + 1


def test_the_rubric_is_drafted_and_published_alike(store, editor):
    text = rubric.DEFAULT_PATH.read_text("utf-8")
    draft = drafts.create(store, editor, text, "更严", kind="rubric")
    drafts.save(store, editor, draft.id, text + "\n# 2027\n", 1)
    assert publishing.publish(store, editor, draft.id, 2) == 1
    assert rubrics.in_force(store, now()).endswith("# 2027\n")
    with pytest.raises(LibraryError):
        drafts.create(store, editor, "id: x", kind="rubric")


def test_a_call_of_today_is_judged_by_the_old_and_one_of_tomorrow_by_the_new(store, editor, agent, judged, draft):
    publishing.publish(store, editor, draft.id, 1, now() + TOMORROW)
    today = judged(agent, "agent: 您好", details=Details(called_at=now()))
    tomorrow = judged(agent, "agent: 您好。", details=Details(called_at=now() + TOMORROW + timedelta(hours=1)))
    assert (today.library_version, tomorrow.library_version) == (1, 2)
