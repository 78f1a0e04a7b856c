"""Transcripts without names: only where the campaign lets its editors read, and nobody is to be found in them."""

import pytest

from assist.calls import nameless
from assist.calls.details import Details
from assist.errors import AccessDenied, NotFound
from assist.people import audit

LINES = (
    "agent: 您好，请问是郝蓝花女士吗？我是陈晓。",
    "customer: 是我，打我手机一三八零零一三八零零零。",
    "agent: 好的。",
)


@pytest.fixture
def call(judged, agent):
    return judged(agent, *LINES, details=Details(customer="郝蓝花", campaign="broadband"))


def test_no_campaign_lets_editors_read_by_itself(store, editor, call):
    with pytest.raises(NotFound):
        nameless.listing(store, editor, "broadband")
    with pytest.raises(NotFound):
        nameless.text(store, editor, "broadband", call.id)


def test_where_it_does_there_are_words_and_no_names(store, admin, editor, call):
    nameless.allow(store, admin, "broadband", True)
    (one,) = nameless.listing(store, editor, "broadband").calls
    text = nameless.text(store, editor, "broadband", one.number)
    said = "".join(line.text for line in text.lines)
    assert "请问是" in said
    for personal in ("郝蓝花", "陈晓", "一三八零零"):
        assert personal not in said
    assert not {"agent", "customer", "file_name"} & set(nameless.Nameless.__slots__)


def test_that_somebody_read_is_noted(store, admin, editor, call):
    nameless.allow(store, admin, "broadband", True)
    nameless.text(store, editor, "broadband", call.id)
    (entry,) = [one for one in audit.listing(store) if one.action == "call.read-nameless"]
    assert (entry.login, entry.object) == (editor.login, f"call:{call.id}")


def test_another_campaign_stays_closed(store, admin, editor, call):
    nameless.allow(store, admin, "broadband", True)
    with pytest.raises(NotFound):
        nameless.text(store, editor, "elsewhere", call.id)


@pytest.mark.parametrize("persona", ["agent", "lead", "outsider"])
def test_it_is_for_those_who_write_talk_tracks(store, admin, person, call, persona):
    nameless.allow(store, admin, "broadband", True)
    with pytest.raises(AccessDenied):
        nameless.text(store, person(persona), "broadband", call.id)


def test_only_an_administrator_lets_them_read(store, editor, admin, call):
    with pytest.raises(AccessDenied):
        nameless.allow(store, editor, "broadband", True)
    with pytest.raises(NotFound):
        nameless.allow(store, admin, "nowhere", True)
