"""The audit for who reads it: by person, action, object and time, page by page or all of it as a stream."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assist.people import access, audit
from assist.people.audit import COLUMNS, Entry, entry_from
from assist.people.users import User
from assist.store import Store
from assist.store.clock import stamp
from assist.store.paging import cut, size_of

MOST_COUNTED = 10_000
"""Later pages are reached by narrowing the time: nobody reads so many entries one by one."""
MOST_PER_PAGE = 200
NOBODY = 0
"""As `user_id`: the command line and the worker."""

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Filters:
    """All optional. `since` ≤ at < `until`; `user_id` may be NOBODY."""

    user_id: int | None = None
    action: str | None = None
    object: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    page: int = 1
    per_page: int = 50


@dataclass(frozen=True, slots=True)
class Page:
    """The latest entry first. `total` is how many match; with `more` there are more than that."""

    entries: list[Entry]
    total: int
    more: bool
    page: int
    pages: int


def listing(store: Store, user: User, filters: Filters | None = None) -> Page:
    """One page. Raises AccessDenied."""
    access.require(user, "audit.read")
    filters = filters or Filters()
    where, values = _where(filters)
    counted = int(store.value(f"SELECT count(*) FROM (SELECT 1 FROM audit {where} LIMIT {MOST_COUNTED + 1})", values))
    part = cut(min(counted, MOST_COUNTED), filters.page, size_of(filters.per_page, MOST_PER_PAGE))
    rows = store.rows(
        f"SELECT {COLUMNS} FROM audit {where} ORDER BY at DESC, id DESC LIMIT :size OFFSET :skip",
        values | {"size": part.size, "skip": part.skip},
    )
    more = counted > MOST_COUNTED
    return Page([entry_from(row) for row in rows], min(counted, MOST_COUNTED), more, part.number, part.pages)


def export(store: Store, user: User | None, filters: Filters | None = None, *, kind: str) -> Iterator[Entry]:
    """All entries that match, the first one first, each with its hash; that they are taken out is the last entry.

    `kind` is the file's. `user` None is the command line. Raises AccessDenied, at once.
    """
    if user is not None:
        access.require(user, "audit.read")
    filters = filters or Filters()
    given = {"user": filters.user_id, "action": filters.action, "about": filters.object}
    times = {"since": filters.since and stamp(filters.since), "until": filters.until and stamp(filters.until)}
    narrowed = {name: value for name, value in (given | times).items() if value is not None}
    audit.record(store, user, "audit.export", "audit", kind=kind, **narrowed)
    return _stream(store, filters)


def actions(store: Store) -> list[str]:
    """All that was ever written down, by its code: one look-up an action, however many entries there are."""
    found: list[str] = []
    while action := store.value("SELECT min(action) FROM audit WHERE action > ?", [found[-1] if found else ""]):
        found.append(action)
    return found


def _stream(store: Store, filters: Filters) -> Iterator[Entry]:
    """In chunks of their own: whoever reads slowly keeps no reading of the database open."""
    last = int(store.value("SELECT coalesce(max(id), 0) FROM audit"))
    where, values = _where(filters, "+")
    bounded = f"{where} {'AND' if where else 'WHERE'} id > :after AND id <= :last"
    after = 0
    while True:
        rows = store.rows(
            f"SELECT {COLUMNS}, hash FROM audit {bounded} ORDER BY id LIMIT {_CHUNK}",
            values | {"after": after, "last": last},
        )
        if not rows:
            return
        yield from map(entry_from, rows)
        after = rows[-1]["id"]


def _where(filters: Filters, sign: str = "") -> tuple[str, dict[str, Any]]:
    """The condition and its parameters; with the sign + no index is used, for one walk through all in order. Of a
    thing there are few entries: where one is named, its index is taken and no other."""
    other = sign or ("+" if filters.object else "")
    conditions: dict[str, tuple[str, Any]] = {
        f"{other}user_id IS nullif(:user, 0)": ("user", filters.user_id),
        f"{other}action = :action": ("action", filters.action),
        f"{sign}object = :object": ("object", filters.object),
        f"{sign}at >= :since": ("since", filters.since and stamp(filters.since)),
        f"{sign}at < :until": ("until", filters.until and stamp(filters.until)),
    }
    used = {condition: pair for condition, pair in conditions.items() if pair[1] is not None}
    return ("WHERE " + " AND ".join(used) if used else ""), dict(used.values())
