"""Who changed what in a draft, when and why."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from assist.people.users import User
from assist.store import Store, drafts
from assist.store.clock import moment

TOGETHER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Change:
    """`first_revision` to `revision` were saved by one person in a row; the texts of both can be compared."""

    first_revision: int
    revision: int
    at: datetime
    by: str
    action: str
    note: str


def history(store: Store, user: User, draft_id: int) -> list[Change]:
    """The newest first. One person's saves without a reason, at most ten minutes apart, are one change.

    Raises NotFound.
    """
    drafts.get(store, user, draft_id)
    rows = store.rows(
        """SELECT c.revision AS first_revision, c.revision, c.made_at AS at, coalesce(u.name, '') AS by,
                  c.action, c.note
           FROM draft_changes c LEFT JOIN users u ON u.id = c.made_by WHERE c.draft_id = ? ORDER BY c.id""",
        [draft_id],
    )
    changes = [Change(**row | {"at": moment(row["at"])}) for row in rows]
    return list(_together(changes))[::-1]


def _together(changes: list[Change]) -> Iterator[Change]:
    held: Change | None = None
    for change in changes:
        if held and _goes_on(held, change):
            held = replace(change, first_revision=held.first_revision, note=held.note or change.note)
            continue
        if held:
            yield held
        held = change
    if held:
        yield held


def _goes_on(held: Change, change: Change) -> bool:
    same = (held.by, held.action, "saved") == (change.by, change.action, change.action)
    return same and not change.note and change.at - held.at <= TOGETHER
