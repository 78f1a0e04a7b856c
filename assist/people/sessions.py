"""Who is signed in. The browser holds a random token; the database holds its hash, so signing out ends it for good."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from assist.people import audit
from assist.people.users import COLUMNS, User, user_from
from assist.store import Store
from assist.store.clock import moment, now, stamp

SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Session:
    id: int
    device: str
    started_at: datetime
    seen_at: datetime


def start(store: Store, user: User, device: str = "") -> str:
    """A new session; its token goes to the browser and is kept nowhere else."""
    token, at = secrets.token_urlsafe(32), now()
    values = {
        "token_hash": hash_token(token),
        "user_id": user.id,
        "device": device[:200],
        "started_at": stamp(at),
        "seen_at": stamp(at),
        "expires_at": stamp(at + timedelta(days=store.settings.session_days)),
    }
    with store.write() as db:
        db.table("sessions").delete_where("expires_at < ?", [stamp(at)])
        db.table("sessions").insert(values)
        audit.record(store, user, "session.start", f"user:{user.id}", device=values["device"])
    return token


def user_of(store: Store, token: str | None) -> User | None:
    """Who the token belongs to, None where the session ended, was idle too long or the user is disabled."""
    if not token:
        return None
    at = now()
    row = store.row(
        _SESSION_USER, [hash_token(token), stamp(at), stamp(at - timedelta(hours=store.settings.session_idle_hours))]
    )
    if row is None:
        return None
    session_id, seen_at = row.pop("session_id"), row.pop("seen_at")
    if at - moment(seen_at) > SEEN_EVERY:
        store.change("UPDATE sessions SET seen_at = ? WHERE id = ?", [stamp(at), session_id])
    return user_from(row)


def end(store: Store, token: str | None) -> None:
    """Signs out. A token that is no longer good is no error."""
    store.change("DELETE FROM sessions WHERE token_hash = ?", [hash_token(token or "")])


def end_all(store: Store, user: User) -> None:
    store.change("DELETE FROM sessions WHERE user_id = ?", [user.id])


def listing(store: Store, user: User) -> list[Session]:
    """Where the user is signed in, the latest first."""
    rows = store.rows(
        """SELECT id, device, started_at, seen_at FROM sessions WHERE user_id = ? AND expires_at > ?
           ORDER BY seen_at DESC""",
        [user.id, stamp()],
    )
    return [Session(row["id"], row["device"], moment(row["started_at"]), moment(row["seen_at"])) for row in rows]


def end_one(store: Store, user: User, session_id: int) -> None:
    """Ends one of the user's own sessions."""
    store.change("DELETE FROM sessions WHERE id = ? AND user_id = ?", [session_id, user.id])


_SESSION_USER = f"""
    SELECT {COLUMNS}, s.id AS session_id, s.seen_at
    FROM sessions s JOIN users u ON u.id = s.user_id LEFT JOIN teams t ON t.id = u.team_id
    WHERE s.token_hash = ? AND s.expires_at > ? AND s.seen_at > ? AND u.active
"""


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
