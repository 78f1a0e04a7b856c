"""Drafts: nothing anybody wrote is lost, and everybody sees who changed what."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from assist.errors import AccessDenied, LibraryError, NotFound
from assist.people import audit
from assist.scripts.formats import yaml_format
from assist.scripts.library import Point
from assist.store import draft_history, drafts, libraries
from assist.store.clock import stamp
from tests.assist.scripts.libraries import in_stage, point, with_point
from tests.conftest import LIBRARY

BASE = yaml_format.loads(LIBRARY)


@pytest.fixture
def draft(store, editor):
    return drafts.create(store, editor, LIBRARY, "春节版")


def test_a_draft_begins_with_the_text_as_it_was_given(store, editor, draft):
    assert (draft.campaign, draft.name, draft.state, draft.revision) == ("broadband", "春节版", "draft", 1)
    assert drafts.source(store, editor, draft.id) == LIBRARY


def test_several_drafts_lie_side_by_side(store, editor, admin, draft):
    other = drafts.create(store, admin, with_point(BASE, "confirm-identity", title="核实身份"))
    assert {one.id for one in drafts.listing(store, editor, "broadband")} == {draft.id, other.id}


def test_a_draft_may_be_incomplete_and_says_so_only_when_handed_in(store, editor, draft):
    half = in_stage(BASE, 0, lambda points: (*points, Point("new", "", ())))
    saved = drafts.save(store, editor, draft.id, half, 1)
    assert point(drafts.library(store, editor, draft.id), "new").say == ()
    with pytest.raises(LibraryError) as refused:
        drafts.submit(store, editor, draft.id)
    assert saved.revision == 2
    assert refused.value.facts["line"]


def test_saving_the_same_text_is_no_revision(store, editor, draft):
    assert drafts.save(store, editor, draft.id, LIBRARY, 1).revision == 1


def test_a_stale_save_overwrites_nothing_and_holds_both_texts(store, editor, admin, draft):
    theirs = with_point(BASE, "confirm-identity", title="核实身份")
    mine = with_point(BASE, "confirm-identity", title="确认本人")
    drafts.save(store, admin, draft.id, theirs, 1)
    with pytest.raises(drafts.EditedMeanwhile) as stale:
        drafts.save(store, editor, draft.id, mine, 1)
    clash = stale.value
    assert (yaml_format.loads(clash.mine), yaml_format.loads(clash.theirs), clash.by) == (mine, theirs, "管理员")
    assert clash.base == LIBRARY
    assert [each.key for each in clash.merge.clashes] == ["point:confirm-identity"]
    assert drafts.library(store, editor, draft.id) == theirs


def test_two_editors_on_different_points_lose_nothing(store, editor, admin, draft):
    drafts.save(store, admin, draft.id, with_point(BASE, "confirm-identity", title="核实身份"), 1)
    saved = drafts.save(store, editor, draft.id, with_point(BASE, "ask-for-order", weight=3), 1, merge=True)
    both = drafts.library(store, editor, draft.id)
    assert saved.revision == 3
    assert (point(both, "confirm-identity").title, point(both, "ask-for-order").weight) == ("核实身份", 3)


def test_saves_at_the_same_moment_lose_nothing(store, editor, admin, draft):
    texts = {editor: with_point(BASE, "ask-for-order", weight=3), admin: with_point(BASE, "confirm-identity", weight=3)}
    save = lambda user: drafts.save(store, user, draft.id, texts[user], 1, merge=True)  # noqa: E731
    with ThreadPoolExecutor() as pool:
        revisions = sorted(saved.revision for saved in pool.map(save, (editor, admin)))
    both = drafts.library(store, editor, draft.id)
    assert revisions == [2, 3]
    assert [point.weight for _, point in both.points()] == [3, 3]


def test_a_clash_is_settled_by_choosing(store, editor, admin, draft):
    drafts.save(store, admin, draft.id, with_point(BASE, "confirm-identity", title="核实身份"), 1)
    mine = with_point(BASE, "confirm-identity", title="确认本人")
    choices = {"point:confirm-identity": "mine"}
    drafts.save(store, editor, draft.id, mine, 1, merge=True, choices=choices)
    assert drafts.library(store, editor, draft.id) == mine


def test_an_older_revision_comes_back_as_a_new_one(store, editor, draft):
    drafts.save(store, editor, draft.id, with_point(BASE, "ask-for-order", weight=3), 1)
    restored = drafts.restore(store, editor, draft.id, 1)
    assert restored.revision == 3
    assert drafts.source(store, editor, draft.id) == LIBRARY


def test_a_published_version_can_become_a_draft_again(store, editor):
    version = libraries.in_force(store, "broadband")
    draft = drafts.from_version(store, editor, version.id, "回到第一版")
    assert (draft.based_on, drafts.source(store, editor, draft.id)) == (version.id, LIBRARY)


def test_history_tells_who_what_when_and_why(store, editor, admin, draft):
    drafts.save(store, editor, draft.id, with_point(BASE, "ask-for-order", weight=2), 1)
    drafts.save(store, editor, draft.id, with_point(BASE, "ask-for-order", weight=3), 2)
    drafts.save(store, admin, draft.id, with_point(BASE, "ask-for-order", title="促成"), 3, note="口径统一")
    told = [
        (c.action, c.by, c.note, c.first_revision, c.revision) for c in draft_history.history(store, admin, draft.id)
    ]
    assert told == [
        ("saved", "管理员", "口径统一", 4, 4),
        ("saved", "钱文", "", 2, 3),
        ("created", "钱文", "", 1, 1),
    ]


def test_saves_far_apart_are_changes_of_their_own(store, editor, draft):
    drafts.save(store, editor, draft.id, with_point(BASE, "ask-for-order", weight=2), 1)
    earlier = stamp(draft.changed_at - timedelta(hours=1))
    store.change("UPDATE draft_changes SET made_at = ? WHERE revision = 2", [earlier])
    drafts.save(store, editor, draft.id, with_point(BASE, "ask-for-order", weight=3), 2)
    assert [change.revision for change in draft_history.history(store, editor, draft.id)] == [3, 2, 1]


def test_every_change_is_in_the_audit(store, editor, draft):
    drafts.save(store, editor, draft.id, with_point(BASE, "ask-for-order", weight=2), 1)
    drafts.discard(store, editor, draft.id, "不用了")
    told = [entry.action for entry in audit.listing(store, about=f"draft:{draft.id}")]
    assert told == ["draft.discarded", "draft.saved", "draft.created"]


def test_in_review_nothing_is_changed_until_it_is_sent_back(store, editor, lead, draft):
    drafts.submit(store, editor, draft.id)
    with pytest.raises(drafts.InReview):
        drafts.save(store, editor, draft.id, with_point(BASE, "ask-for-order", weight=2), 1)
    back = drafts.send_back(store, lead, draft.id, "开场太长")
    assert back.state == "draft"
    assert draft_history.history(store, editor, draft.id)[0].note == "开场太长"
    assert drafts.save(store, editor, draft.id, with_point(BASE, "ask-for-order", weight=2), 1).revision == 2


def test_what_is_discarded_stays_readable_for_editors(store, editor, draft):
    drafts.discard(store, editor, draft.id)
    assert drafts.listing(store, editor, "broadband") == []
    assert drafts.source(store, editor, draft.id) == LIBRARY
    with pytest.raises(drafts.Closed):
        drafts.save(store, editor, draft.id, replace(BASE, title="新"), 1)


def test_a_draft_does_not_exist_for_agents(store, agent, editor, draft):
    drafts.submit(store, editor, draft.id)
    with pytest.raises(NotFound):
        drafts.get(store, agent, draft.id)
    assert drafts.listing(store, agent, "broadband") == []
    with pytest.raises(AccessDenied):
        drafts.create(store, agent, LIBRARY)


def test_leads_see_a_draft_once_it_is_in_review_and_do_not_write_it(store, lead, editor, draft):
    with pytest.raises(NotFound):
        drafts.get(store, lead, draft.id)
    drafts.submit(store, editor, draft.id)
    assert [one.id for one in drafts.listing(store, lead, "broadband")] == [draft.id]
    with pytest.raises(AccessDenied):
        drafts.save(store, lead, draft.id, LIBRARY, 1)


def test_a_draft_stays_with_its_campaign(store, editor, draft):
    with pytest.raises(LibraryError):
        drafts.save(store, editor, draft.id, LIBRARY.replace("campaign: broadband", "campaign: other"), 1)


def test_what_is_no_library_changes_nothing(store, editor, draft):
    with pytest.raises(LibraryError):
        drafts.save(store, editor, draft.id, "campaign: [", 1)
    assert drafts.get(store, editor, draft.id).revision == 1
