"""Tokens for machines that use the API in a user's name. Shown once; only the hash is kept."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from assist.people import audit
from assist.people.sessions import hash_token
from assist.people.users import COLUMNS, User, user_from
from assist.store import Store
from assist.store.clock import moment, now, stamp

PREFIX = "assist_"
USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Token:
    id: int
    name: str
    created_at: datetime
    used_at: datetime | None


def issue(store: Store, user: User, name: str) -> str:
    """A new token of the user; say what it is for in `name`."""
    token = PREFIX + secrets.token_urlsafe(32)
    values = {"token_hash": hash_token(token), "user_id": user.id, "name": name[:100], "created_at": stamp()}
    with store.write() as db:
        db.table("tokens").insert(values)
        audit.record(store, user, "token.issue", f"user:{user.id}", name=values["name"])
    return token


def user_of(store: Store, token: str | None) -> User | None:
    """Whose token it is, None where it is unknown or revoked or the user is disabled."""
    if not token or not token.startswith(PREFIX):
        return None
    row = store.row(_TOKEN_USER, [hash_token(token)])
    if row is None:
        return None
    token_id, used_at = row.pop("token_id"), row.pop("used_at")
    if used_at is None or now() - moment(used_at) > USED_EVERY:
        store.change("UPDATE tokens SET used_at = ? WHERE id = ?", [stamp(), token_id])
    return user_from(row)


def listing(store: Store, user: User) -> list[Token]:
    """The user's tokens, the newest first."""
    rows = store.rows(
        "SELECT id, name, created_at, used_at FROM tokens WHERE user_id = ? ORDER BY id DESC",
        [user.id],
    )
    return [_token(row) for row in rows]


def revoke(store: Store, user: User, token_id: int) -> None:
    """Ends one of the user's own tokens."""
    with store.write() as db:
        if db.execute("DELETE FROM tokens WHERE id = ? AND user_id = ?", [token_id, user.id]).rowcount:
            audit.record(store, user, "token.revoke", f"user:{user.id}", number=token_id)


_TOKEN_USER = f"""
    SELECT {COLUMNS}, k.id AS token_id, k.used_at
    FROM tokens k JOIN users u ON u.id = k.user_id LEFT JOIN teams t ON t.id = u.team_id
    WHERE k.token_hash = ? AND u.active
"""


def _token(row: dict[str, str]) -> Token:
    used = row["used_at"]
    return Token(int(row["id"]), row["name"], moment(row["created_at"]), moment(used) if used else None)
