"""Wrong passwords make one wait: by who guesses whom, and, farther off, by name and by address.

A try is counted before the password is looked at, so that many at once are no way around it, and taken back when it
was right. Counts leak away with time. A browser in which somebody signed in before is counted by itself: whoever
guesses from elsewhere makes nobody wait at their own desk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from assist.errors import AccessDenied
from assist.people import audit, devices, sealing
from assist.store import Store
from assist.store.clock import moment, now, stamp
from assist.texts import N_

if TYPE_CHECKING:
    from assist.people.users import User

FAILURES_BEFORE_LOCK = 5
FIRST_LOCK, LONGEST_LOCK = timedelta(seconds=30), timedelta(minutes=15)
_KEPT = timedelta(days=7)


class TooManyTries(AccessDenied):
    message = N_("Too many wrong passwords. Wait %(seconds)s seconds and try again.")


@dataclass(frozen=True, slots=True)
class Limit:
    """After `failures` one waits `first`, then twice as long each time, up to `longest`; one failure is forgotten
    every `leak`."""

    failures: int
    first: timedelta
    longest: timedelta
    leak: timedelta


LIMITS = {
    # one address at one name, or one browser that the person used before
    "pair": Limit(FAILURES_BEFORE_LOCK, FIRST_LOCK, LONGEST_LOCK, timedelta(hours=3)),
    "device": Limit(FAILURES_BEFORE_LOCK, FIRST_LOCK, LONGEST_LOCK, timedelta(hours=3)),
    # the code of the second factor: whoever tries it knows the password
    "code": Limit(FAILURES_BEFORE_LOCK, FIRST_LOCK, LONGEST_LOCK, timedelta(hours=3)),
    # many addresses at one name; leaks faster than a single address that waits for its lock can fill it
    "login": Limit(25, FIRST_LOCK, LONGEST_LOCK, timedelta(minutes=10)),
    # one address at many names; an office shares one
    "address": Limit(60, timedelta(seconds=10), timedelta(minutes=5), timedelta(minutes=1)),
}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a try comes from: an address, and the token that this browser was given when somebody signed in."""

    address: str = ""
    device: str | None = None


NOWHERE = Origin()


@dataclass(frozen=True, slots=True)
class Try:
    """One count that a try adds to. `login` is empty where nobody has the name: it may be a mistyped password."""

    kind: str
    key: str
    who: str
    login: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """Who waits, for an administrator to see."""

    id: int
    kind: str
    login: str
    address: str
    failures: int
    until: datetime


def tries(store: Store, login: str, user_id: int | None, origin: Origin) -> list[Try]:
    """What a try to sign in as `login` (of `user_id`, None: nobody's) counts for."""
    who, known = _who(store, login), login if user_id is not None else ""
    if devices.is_of(store, origin.device, user_id):
        return [_try(store, "device", f"{who} {devices.hashed(origin.device or '')}", who, known)]
    return [
        _try(store, "pair", f"{who} {origin.address}", who, known, origin.address),
        _try(store, "login", who, who, known),
        *([_try(store, "address", origin.address, "", "", origin.address)] if origin.address else []),
    ]


def code_tries(store: Store, login: str, user_id: int, origin: Origin) -> list[Try]:
    """What a try at the second factor counts for."""
    who = _who(store, login)
    own = devices.is_of(store, origin.device, user_id)
    return [_try(store, "code", f"{who} {devices.hashed(origin.device or '') if own else ''}", who, login)]


def enter(store: Store, counted: Sequence[Try]) -> bool:
    """Counts one try everywhere; whether a lock begins with it. Raises TooManyTries where one must wait."""
    with store.write() as db:
        db.execute("DELETE FROM sign_in_waits WHERE at < ?", [stamp(now() - _KEPT)])
        refuse_while_locked(store, counted)
        begun = [_count(store, one) for one in counted]
        return any(begun)


def refuse_while_locked(store: Store, counted: Sequence[Try]) -> None:
    """Raises TooManyTries."""
    keys = [one.key for one in counted]
    marks = ", ".join("?" * len(keys))
    until = store.value(f"SELECT max(locked_until) FROM sign_in_waits WHERE key IN ({marks})", keys)
    wait = (moment(until) - now()).total_seconds() if until else 0.0
    if wait > 0:
        raise TooManyTries(seconds=int(wait) + 1)


def succeeded(store: Store, counted: Sequence[Try]) -> None:
    """The try was right: what this person or browser failed before is forgotten, and this one counts nowhere."""
    with store.write() as db:
        for one in counted:
            if one.kind in ("login", "address"):
                db.execute("UPDATE sign_in_waits SET level = max(0, level - 1) WHERE key = ?", [one.key])
                _unlock_below(store, one)
            else:
                db.execute("DELETE FROM sign_in_waits WHERE key = ?", [one.key])


def forget(store: Store, login: str) -> None:
    """Nobody waits for this name any longer, wherever they are."""
    store.change("DELETE FROM sign_in_waits WHERE who = ?", [_who(store, login)])


def lift(store: Store, admin: User, wait_id: int) -> bool:
    """Ends a wait; whether there was one."""
    with store.write() as db:
        found = db.execute("DELETE FROM sign_in_waits WHERE id = ?", [wait_id]).rowcount > 0
        if found:
            audit.record(store, admin, "session.unlocked", "sign-in", number=wait_id)
    return found


def waiting(store: Store, limit: int = 100) -> list[Wait]:
    """Who must wait now, the longest first."""
    return _waits(store, "locked_until > ? ORDER BY locked_until DESC LIMIT ?", [stamp(), limit])


def waiting_for(store: Store, login: str) -> list[Wait]:
    """Waits of one name."""
    return _waits(store, "who = ? AND locked_until > ? ORDER BY locked_until DESC", [_who(store, login), stamp()])


def _waits(store: Store, where: str, parameters: list[object]) -> list[Wait]:
    rows = store.rows(
        f"SELECT id, kind, login, address, level, locked_until FROM sign_in_waits WHERE {where}", parameters
    )
    return [
        Wait(row["id"], row["kind"], row["login"], row["address"], round(row["level"]), moment(row["locked_until"]))
        for row in rows
    ]


def _count(store: Store, one: Try) -> bool:
    """Whether the lock of this count begins now."""
    limit, at = LIMITS[one.kind], now()
    row = store.row("SELECT level, at FROM sign_in_waits WHERE key = ?", [one.key])
    level = 1 + (max(0.0, row["level"] - max(0.0, (at - moment(row["at"])) / limit.leak)) if row else 0.0)
    over = round(level) - limit.failures
    wait = min(limit.first * 2 ** min(over, 10), limit.longest) if over >= 0 else timedelta(0)
    store.change(_COUNT, asdict(one) | {"level": level, "at": stamp(at), "locked_until": stamp(at + wait)})
    return over == 0


_COUNT = """
    INSERT INTO sign_in_waits (key, kind, who, login, address, level, at, locked_until)
    VALUES (:key, :kind, :who, :login, :address, :level, :at, :locked_until)
    ON CONFLICT (key) DO UPDATE SET level = :level, at = :at, locked_until = :locked_until
"""


def _unlock_below(store: Store, one: Try) -> None:
    store.change(
        "UPDATE sign_in_waits SET locked_until = at WHERE key = ? AND level < ?",
        [one.key, LIMITS[one.kind].failures - 0.5],
    )


def _try(store: Store, kind: str, key: str, who: str, login: str, address: str = "") -> Try:
    return Try(kind, sealing.fingerprint(store.settings, f"{kind} {key}"), who, login, address)


def _who(store: Store, login: str) -> str:
    return sealing.fingerprint(store.settings, f"login {login.casefold()}")
