"""Campaigns and the published versions of their libraries. A version never changes; its text is kept as given."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from assist.errors import NotFound
from assist.people import audit
from assist.people.users import User
from assist.scripts.formats import yaml_format
from assist.scripts.library import Library
from assist.store import Store
from assist.store.clock import moment, now, stamp


@dataclass(frozen=True, slots=True)
class Campaign:
    """`current` is the number of the version in force now, None where none is yet."""

    id: str
    title: str
    current: int | None


@dataclass(frozen=True, slots=True)
class LibraryVersion:
    """`published_by` is a person's name, empty for the command line."""

    id: int
    campaign: str
    title: str
    number: int
    sha256: str
    in_force_from: datetime
    note: str
    published_by: str
    published_at: datetime


_SELECT = """
    SELECT v.id, v.campaign, c.title, v.number, v.sha256, v.in_force_from, v.note, coalesce(u.name, '') AS published_by,
           v.published_at
    FROM library_versions v JOIN campaigns c ON c.id = v.campaign LEFT JOIN users u ON u.id = v.published_by
"""


def publish(
    store: Store,
    source: str | bytes,
    by: User | None = None,
    in_force_from: datetime | None = None,
    note: str = "",
    name: str = "library.yaml",
) -> LibraryVersion:
    """A new version of the campaign the file names, in force from the given moment (now without one).

    Publishing what the latest version already says makes no new one. Raises LibraryError with file and line.
    """
    library = yaml_format.loads(source, name)
    text = source.decode("utf-8-sig") if isinstance(source, bytes) else source
    digest = hashlib.sha256(text.encode()).hexdigest()
    with store.write() as db:
        title = {"id": library.campaign, "title": library.title}
        db.table("campaigns").insert(title | {"created_at": stamp()}, pk="id", ignore=True)
        db.table("campaigns").update(library.campaign, title)
        latest = store.row(_SELECT + "WHERE v.campaign = ? ORDER BY v.number DESC LIMIT 1", [library.campaign])
        if latest and latest["sha256"] == digest:
            return _version(latest)
        values = {
            "campaign": library.campaign,
            "number": latest["number"] + 1 if latest else 1,
            "source": text,
            "sha256": digest,
            "in_force_from": stamp(in_force_from),
            "note": note[:500],
            "published_by": by.id if by else None,
            "published_at": stamp(),
        }
        identity = int(str(db.table("library_versions").insert(values).last_pk))
        audit.record(store, by, "library.publish", f"library:{library.campaign}", version=values["number"])
    return version(store, identity)


def campaigns(store: Store) -> list[Campaign]:
    """All campaigns by title."""
    rows = store.rows(
        """SELECT c.id, c.title, (
               SELECT v.number FROM library_versions v WHERE v.campaign = c.id AND v.in_force_from <= ?
               ORDER BY v.in_force_from DESC, v.number DESC LIMIT 1
           ) AS current
           FROM campaigns c ORDER BY c.title, c.id""",
        [stamp()],
    )
    return [Campaign(**row) for row in rows]


def campaign(store: Store, name: str) -> Campaign:
    """Raises NotFound."""
    found = next((one for one in campaigns(store) if one.id == name), None)
    if found is None:
        raise NotFound
    return found


def versions(store: Store, campaign: str) -> list[LibraryVersion]:
    """All versions of a campaign, the newest first."""
    return [_version(row) for row in store.rows(_SELECT + "WHERE v.campaign = ? ORDER BY v.number DESC", [campaign])]


def version(store: Store, version_id: int) -> LibraryVersion:
    """Raises NotFound."""
    row = store.row(_SELECT + "WHERE v.id = ?", [version_id])
    if row is None:
        raise NotFound
    return _version(row)


def in_force(store: Store, campaign: str, at: datetime | None = None) -> LibraryVersion | None:
    """The version a call of that moment is judged against; None where the campaign has none.

    A call from before the first version is judged against the first: its team had the talk track before Assist did.
    """
    row = store.row(
        _SELECT + "WHERE v.campaign = ? AND v.in_force_from <= ? ORDER BY v.in_force_from DESC, v.number DESC LIMIT 1",
        [campaign, stamp(at or now())],
    )
    row = row or store.row(
        _SELECT + "WHERE v.campaign = ? ORDER BY v.in_force_from, v.number DESC LIMIT 1",
        [campaign],
    )
    return _version(row) if row else None


def source(store: Store, version_id: int) -> str:
    """The file as it was published. Raises NotFound."""
    text: str | None = store.value("SELECT source FROM library_versions WHERE id = ?", [version_id])
    if text is None:
        raise NotFound
    return text


def library(store: Store, version_id: int) -> Library:
    """The library of a version. Raises NotFound."""
    return _parsed(source(store, version_id))


@lru_cache(maxsize=16)
def _parsed(text: str) -> Library:
    return yaml_format.loads(text)


def _version(row: dict[str, Any]) -> LibraryVersion:
    times = {key: moment(row[key]) for key in ("in_force_from", "published_at")}
    return LibraryVersion(**row | times)
