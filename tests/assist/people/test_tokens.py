"""What machine tokens are for, and how long."""

from datetime import timedelta

import pytest

from assist.people import scopes, tokens
from assist.people.scopes import NoScope, PersonOnly, ScopeMissing, UnknownScope
from assist.people.tokens import PastExpiry
from assist.store.clock import now, stamp


def test_a_token_keeps_what_it_was_made_for(store, agent):
    token = tokens.issue(store, agent, "recorder", ["calls:write", "calls:read", "calls:write"])
    assert tokens.bearer(store, token).scopes == ("calls:write", "calls:read")
    assert tokens.listing(store, agent)[0].scopes == ("calls:write", "calls:read")


def test_a_token_from_before_there_were_scopes_may_do_all(store, agent):
    token = tokens.issue(store, agent, "old")
    assert tokens.bearer(store, token).scopes == ("all",)
    for scope in scopes.SCOPES:
        scopes.require(("all",), scope)


@pytest.mark.parametrize(("wanted", "error"), [(["calls:everything"], UnknownScope), ([], NoScope)])
def test_what_there_is_not_cannot_be_asked_for(store, agent, wanted, error):
    with pytest.raises(error):
        tokens.issue(store, agent, "x", wanted)
    assert tokens.listing(store, agent) == []


def test_a_scope_opens_its_own_part_and_no_other():
    scopes.require(("calls:read",), "calls:read")
    scopes.require(("calls:read",), scopes.ANY)
    with pytest.raises(ScopeMissing):
        scopes.require(("calls:read",), "calls:write")


def test_what_is_for_people_no_token_does():
    with pytest.raises(PersonOnly):
        scopes.require(("all",), None)


def test_a_token_ends_when_it_was_said_to(store, agent):
    token = tokens.issue(store, agent, "x", ["calls:read"], now() + timedelta(days=1))
    assert tokens.user_of(store, token) == agent
    store.change("UPDATE tokens SET expires_at = ?", [stamp(now() - timedelta(seconds=1))])
    assert tokens.user_of(store, token) is None
    assert tokens.listing(store, agent)[0].expired


def test_a_token_does_not_end_before_it_begins(store, agent):
    with pytest.raises(PastExpiry):
        tokens.issue(store, agent, "x", ["calls:read"], now() - timedelta(days=1))
