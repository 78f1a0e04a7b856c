"""Published versions of the rubric. Without one the rubric that comes with Assist is in force."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from assist.errors import NotFound
from assist.people import audit
from assist.people.users import User
from assist.store import Store
from assist.store.clock import moment, stamp


@dataclass(frozen=True, slots=True)
class RubricVersion:
    """`published_by` is a person's name, empty for the command line."""

    number: int
    in_force_from: datetime
    note: str
    published_by: str
    published_at: datetime


def publish(
    store: Store, source: str, by: User | None = None, in_force_from: datetime | None = None, note: str = ""
) -> int:
    """A new version, its number. The text must have been read by `assist.analysis.rubric.load` before."""
    with store.write() as db:
        number = 1 + (store.value("SELECT max(number) FROM rubric_versions") or 0)
        values = {
            "number": number,
            "source": source,
            "sha256": hashlib.sha256(source.encode()).hexdigest(),
            "in_force_from": stamp(in_force_from),
            "note": note[:500],
            "published_by": by.id if by else None,
            "published_at": stamp(),
        }
        db.table("rubric_versions").insert(values)
        audit.record(store, by, "rubric.publish", "rubric", version=number)
    return number


def in_force(store: Store, at: datetime) -> str | None:
    """The YAML of the rubric a call of that moment is judged by; None for the one that comes with Assist."""
    source: str | None = store.value(
        "SELECT source FROM rubric_versions WHERE in_force_from <= ? ORDER BY in_force_from DESC, number DESC LIMIT 1",
        [stamp(at)],
    )
    return source


def versions(store: Store) -> list[RubricVersion]:
    """The newest first; none where the rubric that comes with Assist was never replaced."""
    rows = store.rows("""
        SELECT v.number, v.in_force_from, v.note, coalesce(u.name, '') AS published_by, v.published_at
        FROM rubric_versions v LEFT JOIN users u ON u.id = v.published_by ORDER BY v.number DESC
    """)
    times = ("in_force_from", "published_at")
    return [RubricVersion(**row | {key: moment(row[key]) for key in times}) for row in rows]


def newest(store: Store) -> int | None:
    """The number of the newest version."""
    number: int | None = store.value("SELECT max(number) FROM rubric_versions")
    return number


def source(store: Store, number: int) -> str:
    """The YAML of a version. Raises NotFound."""
    text: str | None = store.value("SELECT source FROM rubric_versions WHERE number = ?", [number])
    if text is None:
        raise NotFound
    return text
