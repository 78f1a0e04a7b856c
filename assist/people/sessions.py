"""Who is signed in. The browser holds a random token; the database holds its hash, so signing out ends it for good."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from assist.people import audit
from assist.people.users import COLUMNS, User, sign_out, user_from
from assist.store import Store
from assist.store.clock import moment, now, stamp

SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Session:
    """`method` is how the person came in: password, or oidc for the company's own sign-in."""

    id: int
    device: str
    address: str
    method: str
    started_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """A session in use. `enrol`: the role asks for a second factor and there is none yet. Until `confirmed_until`
    nobody is asked for the password again."""

    id: int
    user: User
    method: str
    confirmed_until: datetime
    enrol: bool

    @property
    def confirmed(self) -> bool:
        return self.confirmed_until > now()


def start(store: Store, user: User, device: str = "", *, address: str = "", method: str = "password") -> str:
    """A new session; its token goes to the browser and is kept nowhere else."""
    token, at = secrets.token_urlsafe(32), now()
    values = {
        "token_hash": hash_token(token),
        "user_id": user.id,
        "device": device[:200],
        "address": address[:100],
        "method": method,
        "started_at": stamp(at),
        "seen_at": stamp(at),
        "confirmed_at": stamp(at),
        "expires_at": stamp(at + timedelta(days=store.settings.session_days)),
    }
    with store.write() as db:
        db.table("sessions").delete_where("expires_at < ?", [stamp(at)])
        db.table("sessions").insert(values)
        detail = {name: values[name] for name in ("device", "address", "method")}
        audit.record(store, user, "session.start", f"user:{user.id}", **detail)
    return token


def visit_of(store: Store, token: str | None) -> Visit | None:
    """The session of the token, None where it ended, was idle too long or the user is disabled."""
    if not token:
        return None
    at, settings = now(), store.settings
    idle = stamp(at - timedelta(hours=settings.session_idle_hours))
    row = store.row(_VISIT, {"token": hash_token(token), "at": stamp(at), "idle": idle})
    if row is None:
        return None
    session_id, seen_at, method, confirmed_at, enrol = (row.pop(name) for name in _OF_SESSION)
    if at - moment(seen_at) > SEEN_EVERY:
        store.change("UPDATE sessions SET seen_at = ? WHERE id = ?", [stamp(at), session_id])
    until = moment(confirmed_at) + timedelta(minutes=settings.confirm_minutes) if confirmed_at else at
    return Visit(session_id, user_from(row), method, until, bool(enrol))


def user_of(store: Store, token: str | None) -> User | None:
    """Who the token belongs to, as `visit_of` says."""
    visit = visit_of(store, token)
    return visit.user if visit else None


def confirm(store: Store, session_id: int) -> None:
    """The person of the session has just shown again who they are."""
    store.change("UPDATE sessions SET confirmed_at = ? WHERE id = ?", [stamp(), session_id])


def end(store: Store, token: str | None) -> None:
    """Signs out. A token that is no longer good is no error."""
    store.change("DELETE FROM sessions WHERE token_hash = ?", [hash_token(token or "")])


def end_all(store: Store, user: User) -> None:
    store.change("DELETE FROM sessions WHERE user_id = ?", [user.id])


def end_others(store: Store, user: User, session_id: int | None) -> int:
    """Ends all sessions of the user but this one (None: all of them); how many there were."""
    with store.write() as db:
        ended = db.execute("DELETE FROM sessions WHERE user_id = ? AND id IS NOT ?", [user.id, session_id]).rowcount
        db.execute("DELETE FROM sign_in_steps WHERE user_id = ?", [user.id])
        audit.record(store, user, "session.end-others", f"user:{user.id}", ended=ended)
    return ended


def end_by(store: Store, admin: User | None, user: User) -> int:
    """Ends all sessions of somebody else; how many there were. `admin` None is the command line."""
    with store.write():
        ended = len(listing(store, user))
        sign_out(store, user)
        if ended:
            audit.record(store, admin, "people.sign-out", f"user:{user.id}", ended=ended)
    return ended


def listing(store: Store, user: User) -> list[Session]:
    """Where the user is signed in, the latest first."""
    at = now()
    rows = store.rows(
        """SELECT id, device, address, method, started_at, seen_at FROM sessions
           WHERE user_id = ? AND expires_at > ? AND seen_at > ? ORDER BY seen_at DESC, id DESC""",
        [user.id, stamp(at), stamp(at - timedelta(hours=store.settings.session_idle_hours))],
    )
    return [Session(**row | {name: moment(row[name]) for name in ("started_at", "seen_at")}) for row in rows]


def end_one(store: Store, user: User, session_id: int) -> bool:
    """Ends one of the user's own sessions; whether there was one."""
    with store.write() as db:
        found = db.execute("DELETE FROM sessions WHERE id = ? AND user_id = ?", [session_id, user.id]).rowcount > 0
        if found:
            audit.record(store, user, "session.end", f"user:{user.id}", number=session_id)
    return found


_OF_SESSION = ("session_id", "seen_at", "method", "confirmed_at", "enrol")

_VISIT = f"""
    SELECT {COLUMNS}, s.id AS session_id, s.seen_at, s.method, s.confirmed_at,
        s.method = 'password' AND u.role IN (SELECT role FROM second_factor_roles) AND NOT EXISTS
            (SELECT 1 FROM second_factors f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL) AS enrol
    FROM sessions s JOIN users u ON u.id = s.user_id LEFT JOIN teams t ON t.id = u.team_id
    WHERE s.token_hash = :token AND s.expires_at > :at AND s.seen_at > :idle AND u.active
"""


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
