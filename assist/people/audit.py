"""Who did what, when. Rows are only ever added."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from assist.store import Store
from assist.store.clock import moment, now, stamp

if TYPE_CHECKING:
    from assist.people.users import User


@dataclass(frozen=True, slots=True)
class Entry:
    """`action` is a dotted word (call.upload), `object` a kind and id (call:12)."""

    id: int
    at: datetime
    login: str
    action: str
    object: str
    detail: dict[str, Any]


def record(store: Store, user: User | None, action: str, about: str, **detail: Any) -> None:
    """Writes one entry about a thing such as call:12, in the open transaction if there is one.

    `user` None is the command line or the worker.
    """
    values = {
        "at": stamp(),
        "user_id": user.id if user else None,
        "login": user.login if user else "",
        "action": action,
        "object": about,
        "detail": json.dumps(detail, ensure_ascii=False, default=str),
    }
    with store.write() as db:
        db.table("audit").insert(values)


def record_once(store: Store, user: User, action: str, about: str, *, within: timedelta) -> None:
    """Writes an entry unless the same one by the same user is younger than `within`."""
    since = stamp(now() - within)
    known = store.value(
        "SELECT 1 FROM audit WHERE object = ? AND user_id = ? AND action = ? AND at > ?",
        [about, user.id, action, since],
    )
    if not known:
        record(store, user, action, about)


def listing(store: Store, *, about: str | None = None, limit: int = 200) -> list[Entry]:
    """The latest entries, of one object or of all."""
    rows = store.rows(
        """SELECT id, at, login, action, object, detail FROM audit
           WHERE (:object IS NULL OR object = :object) ORDER BY id DESC LIMIT :limit""",
        {"object": about, "limit": limit},
    )
    return [Entry(**row | {"at": moment(row["at"]), "detail": json.loads(row["detail"])}) for row in rows]
