"""Sessions and machine tokens: only hashes are kept, and an end is an end."""

from datetime import timedelta

import pytest

from assist.people import audit, sessions, tokens, users
from assist.store.clock import now, stamp


def test_a_session_knows_its_user(store, agent):
    token = sessions.start(store, agent, "Firefox on Linux")
    assert sessions.user_of(store, token) == agent
    assert [session.device for session in sessions.listing(store, agent)] == ["Firefox on Linux"]


def test_the_token_itself_is_kept_nowhere(store, agent):
    token = sessions.start(store, agent)
    assert token not in str(store.rows("SELECT * FROM sessions"))


def test_signing_out_ends_the_session(store, agent):
    token, other = sessions.start(store, agent), sessions.start(store, agent)
    sessions.end(store, token)
    assert sessions.user_of(store, token) is None
    assert sessions.user_of(store, other) == agent
    sessions.end_all(store, agent)
    assert sessions.user_of(store, other) is None


def test_nobody_ends_the_session_of_somebody_else(store, agent, other_agent):
    token = sessions.start(store, agent)
    sessions.end_one(store, other_agent, sessions.listing(store, agent)[0].id)
    assert sessions.user_of(store, token) == agent


def test_an_idle_session_ends(store, agent):
    token = sessions.start(store, agent)
    idle = stamp(now() - timedelta(hours=store.settings.session_idle_hours, minutes=1))
    store.change("UPDATE sessions SET seen_at = ?", [idle])
    assert sessions.user_of(store, token) is None


def test_a_used_session_ends_after_its_days(store, agent):
    token = sessions.start(store, agent)
    store.change("UPDATE sessions SET expires_at = ?", [stamp(now() - timedelta(seconds=1))])
    assert sessions.user_of(store, token) is None
    assert sessions.listing(store, agent) == []


def test_being_used_is_noted_once_a_minute(store, agent):
    token = sessions.start(store, agent)
    earlier = now() - timedelta(minutes=5)
    store.change("UPDATE sessions SET seen_at = ?", [stamp(earlier)])
    sessions.user_of(store, token)
    seen = sessions.listing(store, agent)[0].seen_at
    assert seen > earlier
    sessions.user_of(store, token)
    assert sessions.listing(store, agent)[0].seen_at == seen


def test_strange_tokens_belong_to_nobody(store, agent):
    sessions.start(store, agent)
    for token in (None, "", "x" * 43, "' OR 1=1 --"):
        assert sessions.user_of(store, token) is None
        assert tokens.user_of(store, token) is None


def test_a_machine_token_acts_for_its_user_until_revoked(store, agent, other_agent):
    token = tokens.issue(store, agent, "CRM")
    assert tokens.user_of(store, token) == agent
    listed = tokens.listing(store, agent)[0]
    assert listed.name == "CRM"
    assert listed.used_at is not None
    tokens.revoke(store, other_agent, listed.id)
    assert tokens.user_of(store, token) == agent
    tokens.revoke(store, agent, listed.id)
    assert tokens.user_of(store, token) is None


def test_the_token_of_a_disabled_user_is_dead(store, agent):
    token = tokens.issue(store, agent, "CRM")
    users.set_active(store, agent, False)
    assert tokens.user_of(store, token) is None


def test_coming_going_and_failing_leave_a_trace(store, agent):
    sessions.start(store, agent, "Firefox")
    token = tokens.issue(store, agent, "CRM")
    tokens.revoke(store, agent, tokens.listing(store, agent)[0].id)
    for login in ("chen", "my secret password"):
        with pytest.raises(users.SignInRefused):
            users.authenticate(store, login, "wrong password")
    entries = audit.listing(store, about=f"user:{agent.id}")
    assert [(entry.action, entry.object) for entry in reversed(entries)] == [
        ("session.start", f"user:{agent.id}"),
        ("token.issue", f"user:{agent.id}"),
        ("token.revoke", f"user:{agent.id}"),
        ("session.refused", f"user:{agent.id}"),
    ]
    assert token not in str(entries)
    assert "my secret password" not in str(entries)
