"""Published libraries: versions never change, and the one in force when the call was made counts."""

from datetime import UTC, datetime, timedelta

import pytest

from assist.errors import LibraryError, NotFound
from assist.people import audit
from assist.store import libraries
from assist.store.clock import now
from tests.conftest import LIBRARY

SECOND = LIBRARY.replace("宽带提速", "宽带提速 二版")


def test_publishing_makes_the_next_version(store, editor):
    made = libraries.publish(store, SECOND, editor, note="新标题")
    assert (made.campaign, made.number, made.published_by, made.note) == ("broadband", 2, "钱文", "新标题")
    assert libraries.campaigns(store)[0].title == "宽带提速 二版"
    assert audit.listing(store, about="library:broadband")[0].login == "qian"


def test_publishing_the_same_text_again_makes_no_version(store, editor):
    assert libraries.publish(store, LIBRARY, editor).number == 1


def test_the_text_is_kept_as_it_was_given(store):
    version = libraries.in_force(store, "broadband")
    assert libraries.source(store, version.id) == LIBRARY
    assert libraries.library(store, version.id).campaign == "broadband"


def test_a_faulty_file_publishes_nothing(store, editor):
    with pytest.raises(LibraryError) as refused:
        libraries.publish(store, LIBRARY + "\nunknown: 1\n", editor, name="draft.yaml")
    assert "draft.yaml" in str(refused.value)
    assert len(libraries.versions(store, "broadband")) == 1


def test_a_version_for_next_week_does_not_judge_todays_call(store, editor):
    later = now() + timedelta(days=7)
    libraries.publish(store, SECOND, editor, in_force_from=later)
    assert libraries.in_force(store, "broadband").number == 1
    assert libraries.in_force(store, "broadband", later + timedelta(hours=1)).number == 2
    assert libraries.campaigns(store)[0].current == 1


def test_a_call_from_before_the_first_version_is_judged_by_the_first(store):
    assert libraries.in_force(store, "broadband", datetime(2020, 1, 1, tzinfo=UTC)).number == 1


def test_an_unknown_campaign_has_no_version(store):
    assert libraries.in_force(store, "nothing") is None
    with pytest.raises(NotFound):
        libraries.source(store, 999)
