"""Published versions of the rubric. Without one the rubric that comes with Assist is in force."""

import hashlib
from datetime import datetime

from assist.people import audit
from assist.people.users import User
from assist.store import Store
from assist.store.clock import stamp


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
