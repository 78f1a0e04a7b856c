"""Who did, saw, changed or took out what, when. Rows are only ever added, each chained to the one before it."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from assist.store import Store, audit_head
from assist.store.chain import ORIGIN, link
from assist.store.clock import moment, now, stamp

if TYPE_CHECKING:
    from assist.people.users import User


@dataclass(frozen=True, slots=True)
class Entry:
    """`action` is a dotted word (call.upload), `object` a kind and id (call:12); without `user_id` it was the command
    line or the worker. `hash` is None where it was not asked for."""

    id: int
    at: datetime
    user_id: int | None
    login: str
    action: str
    object: str
    detail: dict[str, Any]
    hash: bytes | None = None


def record(store: Store, user: User | None, action: str, about: str, /, **detail: Any) -> None:
    """Writes one entry about a thing such as call:12, in the open transaction if there is one.

    `user` None is the command line or the worker. `detail` holds ids, numbers and codes and no words of people: an
    entry is never taken back, also when a customer has to be forgotten.
    """
    with store.write() as db:
        last = db.conn.execute("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1").fetchone() or (0, ORIGIN)
        entry = (
            last[0] + 1,
            stamp(),
            user.id if user else None,
            user.login if user else "",
            action,
            about,
            json.dumps(detail, ensure_ascii=False, default=str),
        )
        db.conn.execute(_INSERT, (*entry, link(last[1], entry)))
        store.when_committed("audit head", audit_head.publish)


def record_once(store: Store, user: User, action: str, about: str, *, within: timedelta, **detail: Any) -> None:
    """Writes an entry unless the same one by the same user is younger than `within`."""
    at = now()  # an entry from the future is of a clock that was put right, and hides nothing
    known = store.value(
        "SELECT 1 FROM audit WHERE object = ? AND user_id = ? AND action = ? AND at > ? AND at <= ?",
        [about, user.id, action, stamp(at - within), stamp(at)],
    )
    if not known:
        record(store, user, action, about, **detail)


def fingerprint(store: Store, words: str) -> str:
    """Twelve signs that stand for words that must not be written down: the same in this folder for the same words, and
    of no use to whom the entries alone are given."""
    key = store.value("SELECT body FROM audit_key")
    return hmac.new(key, words.encode(), hashlib.sha256).hexdigest()[:12]


def listing(store: Store, *, about: str | None = None, limit: int = 200) -> list[Entry]:
    """The latest entries, of one object or of all."""
    rows = store.rows(
        f"SELECT {COLUMNS} FROM audit {'WHERE object = :object' if about else ''} ORDER BY id DESC LIMIT :limit",
        {"object": about, "limit": limit},
    )
    return [entry_from(row) for row in rows]


def entry_from(row: dict[str, Any]) -> Entry:
    """Of a row of COLUMNS."""
    return Entry(**row | {"at": moment(row["at"]), "detail": json.loads(row["detail"])})


COLUMNS = "id, at, user_id, login, action, object, detail"

_INSERT = """INSERT INTO audit (id, at, user_id, login, action, object, detail, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
