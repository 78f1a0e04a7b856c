"""Who has a draft open at this moment."""

import pytest

from assist.errors import AccessDenied, NotFound
from assist.store import drafts, visits
from tests.conftest import LIBRARY


@pytest.fixture
def draft(store, editor):
    return drafts.create(store, editor, LIBRARY)


def test_two_who_have_a_draft_open_see_each_other(store, editor, admin, draft):
    assert visits.visit(store, editor, draft.id) == ()
    assert visits.visit(store, admin, draft.id) == (editor.name,)
    assert visits.visit(store, editor, draft.id) == (admin.name,)


def test_another_draft_is_not_this_one(store, editor, admin, draft):
    visits.visit(store, admin, drafts.create(store, editor, LIBRARY).id)
    assert visits.visit(store, editor, draft.id) == ()


def test_who_leaves_is_gone_at_once(store, editor, admin, draft):
    visits.visit(store, admin, draft.id)
    visits.leave(store, admin, draft.id)
    assert visits.visit(store, editor, draft.id) == ()


def test_who_says_nothing_any_more_lapses(store, editor, admin, draft):
    visits.visit(store, admin, draft.id)
    store.change("UPDATE draft_visits SET seen_at = '2020-01-01T00:00:00.000+00:00'")
    assert visits.visit(store, editor, draft.id) == ()


def test_only_who_may_write_is_there(store, editor, lead, agent, draft):
    for user in (lead, agent):
        with pytest.raises((AccessDenied, NotFound)):
            visits.visit(store, user, draft.id)
    with pytest.raises(NotFound):
        visits.visit(store, editor, draft.id + 1)
