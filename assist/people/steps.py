"""Between the password and the second factor: a short-lived token, so that the password is not asked for twice."""

import secrets
from datetime import timedelta

from assist.errors import AccessDenied
from assist.people import second_factor
from assist.people.lockout import NOWHERE, Origin
from assist.people.sessions import hash_token
from assist.people.users import COLUMNS, User, user_from
from assist.store import Store
from assist.store.clock import now, stamp
from assist.texts import N_

LASTS = timedelta(minutes=5)


class StepOver(AccessDenied):
    message = N_("This sign-in took too long. Begin again with your password.")


def begin(store: Store, user: User) -> str:
    """For somebody whose password was right; the token goes to the browser and opens nothing but the next step."""
    token, at = secrets.token_urlsafe(32), now()
    values = {"token_hash": hash_token(token), "user_id": user.id, "expires_at": stamp(at + LASTS)}
    with store.write() as db:
        db.table("sign_in_steps").delete_where("expires_at < ?", [stamp(at)])
        db.table("sign_in_steps").insert(values)
    return token


def user_of(store: Store, token: str | None) -> User:
    """Who is half signed in. Raises StepOver."""
    row = store.row(_STEP, [hash_token(token or ""), stamp()])
    if row is None:
        raise StepOver
    return user_from(row)


def finish(store: Store, token: str | None, code: str, origin: Origin = NOWHERE) -> User:
    """Who is signed in now. Raises StepOver, CodeRefused, TooManyTries."""
    user = user_of(store, token)
    second_factor.check(store, user, code, origin)
    if not store.change("DELETE FROM sign_in_steps WHERE token_hash = ?", [hash_token(token or "")]):
        raise StepOver
    return user


_STEP = f"""
    SELECT {COLUMNS} FROM sign_in_steps p JOIN users u ON u.id = p.user_id LEFT JOIN teams t ON t.id = u.team_id
    WHERE p.token_hash = ? AND p.expires_at > ? AND u.active
"""
