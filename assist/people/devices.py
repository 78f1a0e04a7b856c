"""Browsers in which somebody signed in before (OWASP's device cookies): their wrong passwords are counted apart."""

import hashlib
import secrets
from datetime import timedelta

from assist.store import Store
from assist.store.clock import now, stamp

KEPT = timedelta(days=180)
MOST = 20
"""Browsers remembered of one person."""


def is_of(store: Store, token: str | None, user_id: int | None) -> bool:
    """Whether this person signed in before in the browser that holds the token."""
    known = store.value(
        "SELECT 1 FROM devices WHERE token_hash = ? AND user_id = ? AND expires_at > ?",
        [hashed(token or ""), user_id or 0, stamp()],
    )
    return known is not None


def remember(store: Store, token: str | None, user_id: int) -> str:
    """The token of a browser in which the person just signed in: the one it has, or a new one. Several people may
    share a browser."""
    at = now()
    with store.write() as db:
        db.execute("DELETE FROM devices WHERE expires_at < ?", [stamp(at)])
        known = token and store.value("SELECT 1 FROM devices WHERE token_hash = ?", [hashed(token)])
        kept = token if token and known else secrets.token_urlsafe(32)
        db.execute(_KEEP, [hashed(kept), user_id, stamp(at + KEPT)])
        db.execute(_TOO_MANY, [user_id, user_id, MOST])
    return kept


def forget_all(store: Store, user_id: int) -> None:
    store.change("DELETE FROM devices WHERE user_id = ?", [user_id])


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


_KEEP = """
    INSERT INTO devices (token_hash, user_id, expires_at) VALUES (?, ?, ?)
    ON CONFLICT (token_hash, user_id) DO UPDATE SET expires_at = excluded.expires_at
"""

_TOO_MANY = """
    DELETE FROM devices WHERE user_id = ? AND token_hash NOT IN
        (SELECT token_hash FROM devices WHERE user_id = ? ORDER BY expires_at DESC LIMIT ?)
"""
