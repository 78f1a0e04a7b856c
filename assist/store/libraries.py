"""Campaigns and the published versions of their libraries. A version never changes; its text is kept as given."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from assist.errors import Conflict, NotFound
from assist.people import access, audit
from assist.people.users import User
from assist.scripts.formats import yaml_format
from assist.scripts.library import Library
from assist.store import Store, second_person
from assist.store.clock import moment, now, stamp
from assist.texts import N_

Standing = Literal["scheduled", "in-force", "retired", "withdrawn"]


class Begun(Conflict):
    message = N_("Version %(number)s is or was in force already. Publish an earlier version again instead.")


@dataclass(frozen=True, slots=True)
class Campaign:
    """`current` is the number of the version in force now, None where none is yet."""

    id: str
    title: str
    current: int | None


@dataclass(frozen=True, slots=True)
class LibraryVersion:
    """`published_by` is a person's name, empty for the command line. A version can be withdrawn before it begins."""

    id: int
    campaign: str
    title: str
    number: int
    sha256: str
    in_force_from: datetime
    note: str
    published_by: str
    published_at: datetime
    withdrawn_at: datetime | None = None


_SELECT = """
    SELECT v.id, v.campaign, c.title, v.number, v.sha256, v.in_force_from, v.note, coalesce(u.name, '') AS published_by,
           v.published_at, v.withdrawn_at
    FROM library_versions v JOIN campaigns c ON c.id = v.campaign LEFT JOIN users u ON u.id = v.published_by
"""


def publish(
    store: Store,
    source: str | bytes,
    by: User | None = None,
    in_force_from: datetime | None = None,
    note: str = "",
    name: str = "library.yaml",
    *,
    reviewed: bool = False,
) -> LibraryVersion:
    """A new version of the campaign the file names, in force from the given moment (now without one).

    Publishing what the latest version already says makes no new one. Raises LibraryError with file and line, and
    SecondPerson where the campaign wants one and it is not `reviewed`.
    """
    library = yaml_format.loads(source, name)
    text = source.decode("utf-8-sig") if isinstance(source, bytes) else source
    about = f"library:{library.campaign}"
    if by is not None and not reviewed and second_person.needed(store, about):
        raise second_person.SecondPerson
    with store.write() as db:
        title = {"id": library.campaign, "title": library.title}
        db.table("campaigns").insert(title | {"created_at": stamp()}, pk="id", ignore=True)
        db.table("campaigns").update(library.campaign, title)
        latest = store.row(_SELECT + "WHERE v.campaign = ? ORDER BY v.number DESC LIMIT 1", [library.campaign])
        if latest and _says_it_already(latest, text, stamp(in_force_from)):
            return _version(latest)
        values = _row(library.campaign, text, by, in_force_from, note)
        values["number"] = latest["number"] + 1 if latest else 1
        identity = int(str(db.table("library_versions").insert(values).last_pk))
        audit.record(store, by, "library.publish", about, version=values["number"], begins=values["in_force_from"])
    return version(store, identity)


def _row(campaign: str, text: str, by: User | None, in_force_from: datetime | None, note: str) -> dict[str, Any]:
    return {
        "campaign": campaign,
        "source": text,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "in_force_from": stamp(in_force_from),
        "note": note[:500],
        "published_by": by.id if by else None,
        "published_at": stamp(),
    }


def _says_it_already(latest: dict[str, Any], text: str, begins: str) -> bool:
    """Whether the latest version has this text and is in force by then."""
    same = latest["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    return same and not latest["withdrawn_at"] and latest["in_force_from"] <= begins


def withdraw(store: Store, user: User, version_id: int) -> LibraryVersion:
    """Takes a version back that has not begun yet. Raises NotFound, AccessDenied, Begun."""
    access.require(user, "library.publish")
    with store.write() as db:
        found = version(store, version_id)
        if found.in_force_from <= now():
            raise Begun(number=found.number)
        db.table("library_versions").update(version_id, {"withdrawn_at": stamp(), "withdrawn_by": user.id})
        audit.record(store, user, "library.withdraw", f"library:{found.campaign}", version=found.number)
    return version(store, version_id)


def roll_back(
    store: Store, user: User, version_id: int, in_force_from: datetime | None = None, note: str = ""
) -> LibraryVersion:
    """Publishes the text of an earlier version again, as a new version. It was reviewed once; it needs no second
    person. Raises NotFound, AccessDenied."""
    access.require(user, "library.publish")
    return publish(store, source(store, version_id), user, in_force_from, note, reviewed=True)


def campaigns(store: Store) -> list[Campaign]:
    """All campaigns by title."""
    rows = store.rows(
        """SELECT c.id, c.title, (
               SELECT v.number FROM library_versions v
               WHERE v.campaign = c.id AND v.in_force_from <= ? AND v.withdrawn_at IS NULL
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
    standing = _SELECT + "WHERE v.campaign = ? AND v.withdrawn_at IS NULL "
    row = store.row(
        standing + "AND v.in_force_from <= ? ORDER BY v.in_force_from DESC, v.number DESC LIMIT 1",
        [campaign, stamp(at or now())],
    )
    row = row or store.row(standing + "ORDER BY v.in_force_from, v.number DESC LIMIT 1", [campaign])
    return _version(row) if row else None


def seen(store: Store, user: User, campaign: str) -> list[LibraryVersion]:
    """The versions the user may read, the newest first: agents those that are or were in force."""
    return [one for one in versions(store, campaign) if _may_see(user, one)]


def seen_version(store: Store, user: User, version_id: int) -> LibraryVersion:
    """Raises NotFound, also for what the user may not read yet."""
    found = version(store, version_id)
    if not _may_see(user, found):
        raise NotFound
    return found


def in_force_for(store: Store, user: User, campaign: str) -> LibraryVersion | None:
    """The version in force now, where the user may read it: a first one that begins later is not for agents yet."""
    found = in_force(store, campaign)
    return found if found and _may_see(user, found) else None


def _may_see(user: User, one: LibraryVersion) -> bool:
    return access.may_see_version(user, in_force_from=one.in_force_from, withdrawn=bool(one.withdrawn_at), at=now())


def standings(versions: list[LibraryVersion], at: datetime | None = None) -> dict[int, Standing]:
    """How each version of one campaign stands at a moment (now without one), by id."""
    at = at or now()
    begun = [one for one in versions if one.in_force_from <= at and not one.withdrawn_at]
    current = max(begun, key=lambda one: (one.in_force_from, one.number), default=None)
    return {one.id: _standing(one, current, at) for one in versions}


def _standing(one: LibraryVersion, current: LibraryVersion | None, at: datetime) -> Standing:
    if one.withdrawn_at:
        return "withdrawn"
    if one.in_force_from > at:
        return "scheduled"
    return "in-force" if one is current else "retired"


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
    times = {key: moment(row[key]) for key in ("in_force_from", "published_at", "withdrawn_at") if row[key]}
    return LibraryVersion(**row | times)
