"""Is the audit what was written? Looks from the last entry that was found whole, or from the first."""

from dataclasses import dataclass
from typing import Any, Literal

from assist.people import audit
from assist.people.users import User
from assist.store import Store, audit_head
from assist.store.audit_head import Mark, Unreadable
from assist.store.chain import COLUMNS, ORIGIN, link
from assist.store.clock import now
from assist.texts import N_

Trouble = Literal["", "changed", "cut", "rewritten", "headless", "unreadable"]

TROUBLES: dict[Trouble, str] = {
    "": N_("The audit is whole: %(checked)s entries checked, %(entries)s in all."),
    "changed": N_(
        "The audit was changed: entry %(entry)s is not what was written, or one before it was taken out. Keep the data "
        "folder as it is and compare with a backup."
    ),
    "rewritten": N_(
        "The audit was written anew: entry %(entry)s has another hash than was written down beside the "
        "database. Keep the data folder as it is and compare with a backup."
    ),
    "cut": N_(
        "The end of the audit is missing: the last entry was %(entry)s, the database ends with %(entries)s. Where an "
        "older backup was restored, run `assist audit accept`; where not, somebody took entries out."
    ),
    "headless": N_(
        "The file audit.head is missing, so nobody can tell whether entries were taken off the end of the audit. Where "
        "a backup was restored without it, run `assist audit accept`."
    ),
    "unreadable": N_(
        "The file audit.head or audit.checked cannot be read. Put back the one of a backup, or run "
        "`assist audit accept`."
    ),
}
"""What is wrong, and what to do."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`entry` is the first one that is wrong, `checked` how many were looked at, `entries` the id of the last."""

    trouble: Trouble
    checked: int
    entries: int
    entry: int = 0

    @property
    def whole(self) -> bool:
        return not self.trouble

    @property
    def facts(self) -> dict[str, Any]:
        return {"checked": self.checked, "entries": self.entries, "entry": self.entry}


def verify(store: Store, *, thorough: bool = False) -> Verdict:
    """Follows the chain from where it was last found whole, with `thorough` from its beginning, and compares its end
    with the one kept outside. What is whole is noted, for the next time."""
    try:  # the end before the entries: there may be more of them by then, never fewer
        marks, end = audit_head.checks(store.settings), audit_head.head(store.settings)
    except Unreadable:
        return Verdict("unreadable", 0, _last_id(store))
    known = [*marks, end] if end else marks
    found, reached = _follow(store, Mark(0, ORIGIN, now()) if thorough else _last_whole(store, marks))
    if found.whole:
        found = _compare(store, found, known, end)
    if found.whole and reached.entry > (marks[-1].entry if marks else 0):
        audit_head.note_check(store.settings, reached)
    return found


def accept(store: Store, user: User | None = None) -> Verdict:
    """Takes the audit as it ends now for whole, after a backup was restored; what was missing then is an entry itself.

    What was changed stays told: no word makes it right again.
    """
    found = verify(store)
    audit.record(store, user, "audit.accept", "audit", **{"trouble": found.trouble} | found.facts)
    audit_head.renew(store)
    return verify(store, thorough=True)


def _last_whole(store: Store, marks: list[Mark]) -> Mark:
    """The last of the checks that still holds and has none before it that does not."""
    last = Mark(0, ORIGIN, now())
    for mark in marks:
        if not audit_head.holds(store, mark):
            break
        last = mark
    return last


def _follow(store: Store, begin: Mark) -> tuple[Verdict, Mark]:
    """The chain from an entry on, in one reading of the database whatever is added meanwhile, and where it ends."""
    before, last, checked = begin.hash, begin.entry, 0
    rows = store.db.conn.execute(
        f"SELECT {', '.join(COLUMNS)}, hash FROM audit WHERE id > ? ORDER BY id", [begin.entry]
    )
    for row in rows:
        before = link(before, row[:-1])
        if before != row[-1]:
            return Verdict("changed", checked, _last_id(store), row[0]), begin
        last, checked = row[0], checked + 1
    return Verdict("", checked, last), Mark(last, before, now())


def _compare(store: Store, found: Verdict, known: list[Mark], end: Mark | None) -> Verdict:
    """The chain holds: does it end where it did, and is it the one that was there?"""
    lost = [mark.entry for mark in known if mark.entry > found.entries]
    if lost:
        return Verdict("cut", found.checked, found.entries, max(lost))
    others = [mark.entry for mark in known if not audit_head.holds(store, mark)]
    if others:
        return Verdict("rewritten", found.checked, found.entries, min(others))
    if end is None and found.entries:
        return Verdict("headless", found.checked, found.entries)
    return found


def _last_id(store: Store) -> int:
    return int(store.value("SELECT coalesce(max(id), 0) FROM audit"))
