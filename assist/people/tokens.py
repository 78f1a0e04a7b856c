"""Tokens for machines that use the API in a user's name. Shown once; only the hash is kept."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from assist.errors import RequestError
from assist.people import audit
from assist.people.scopes import ALL, checked
from assist.people.sessions import hash_token
from assist.people.users import COLUMNS, User, user_from
from assist.store import Store
from assist.store.clock import moment, now, stamp
from assist.texts import N_

PREFIX = "assist_"
USED_EVERY = timedelta(minutes=1)


class PastExpiry(RequestError):
    message = N_("A token ends in the future. Choose a later day.")


@dataclass(frozen=True, slots=True)
class Token:
    """`scopes` are those of `assist.people.scopes`; without `expires_at` it holds until somebody ends it."""

    id: int
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    used_at: datetime | None
    expires_at: datetime | None

    @property
    def expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= now()


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who comes with a token, and what the token is for. It may never do more than its owner."""

    user: User
    scopes: tuple[str, ...]


def issue(
    store: Store,
    user: User,
    name: str,
    scopes: Collection[str] = (ALL,),
    expires_at: datetime | None = None,
) -> str:
    """A new token of the user; say what it is for in `name`. Raises UnknownScope, NoScope, PastExpiry."""
    if expires_at is not None and expires_at <= now():
        raise PastExpiry
    token, chosen = PREFIX + secrets.token_urlsafe(32), checked(scopes)
    values = {
        "token_hash": hash_token(token),
        "user_id": user.id,
        "name": name[:100],
        "scopes": " ".join(chosen),
        "created_at": stamp(),
        "expires_at": stamp(expires_at) if expires_at else None,
    }
    with store.write() as db:
        db.table("tokens").insert(values)
        audit.record(store, user, "token.issue", f"user:{user.id}", scopes=values["scopes"])
    return token


def bearer(store: Store, token: str | None) -> Bearer | None:
    """Whose token it is, None where it is unknown, revoked or expired or the user is disabled."""
    if not token or not token.startswith(PREFIX):
        return None
    row = store.row(_TOKEN_USER, [hash_token(token), stamp()])
    if row is None:
        return None
    token_id, used_at, scopes = (row.pop(name) for name in ("token_id", "used_at", "scopes"))
    if used_at is None or now() - moment(used_at) > USED_EVERY:
        store.change("UPDATE tokens SET used_at = ? WHERE id = ?", [stamp(), token_id])
    return Bearer(user_from(row), tuple(scopes.split()))


def user_of(store: Store, token: str | None) -> User | None:
    """Whose token it is, as `bearer` says."""
    found = bearer(store, token)
    return found.user if found else None


def listing(store: Store, user: User) -> list[Token]:
    """The user's tokens, the newest first."""
    rows = store.rows(
        "SELECT id, name, scopes, created_at, used_at, expires_at FROM tokens WHERE user_id = ? ORDER BY id DESC",
        [user.id],
    )
    return [_token(row) for row in rows]


def revoke(store: Store, user: User, token_id: int) -> bool:
    """Ends one of the user's own tokens; whether there was one."""
    with store.write() as db:
        found = db.execute("DELETE FROM tokens WHERE id = ? AND user_id = ?", [token_id, user.id]).rowcount > 0
        if found:
            audit.record(store, user, "token.revoke", f"user:{user.id}", number=token_id)
    return found


_TOKEN_USER = f"""
    SELECT {COLUMNS}, k.id AS token_id, k.used_at, k.scopes
    FROM tokens k JOIN users u ON u.id = k.user_id LEFT JOIN teams t ON t.id = u.team_id
    WHERE k.token_hash = ? AND (k.expires_at IS NULL OR k.expires_at > ?) AND u.active
"""


def _token(row: dict[str, Any]) -> Token:
    times = {name: moment(row[name]) if row[name] else None for name in ("used_at", "expires_at")}
    return Token(**row | times | {"created_at": moment(row["created_at"]), "scopes": tuple(row["scopes"].split())})
