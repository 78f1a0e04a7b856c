"""Deleting a customer's calls, or one call, for good: an administrator orders it, the worker carries it out.

It goes in steps that may be killed anywhere and begun again: the ledger (so that no backup brings the calls back), rows
with their recordings (a call at a time), payloads of the work queue, copies of the database from before an upgrade, the
search index, the databases' logs, and a check that searches all of it once more before the certificate is signed. What
the law or a hold keeps is put under lock and goes by itself once it may.
"""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import structlog

from assist import locks
from assist.errors import Conflict, NotFound, RequestError
from assist.people import access, audit
from assist.people.users import User
from assist.privacy import certificate, finding, index, keys, ledger, locking, payloads, places, probes, removal
from assist.privacy.finding import Found
from assist.privacy.places import Named
from assist.store import Store
from assist.store.clock import moment, now, stamp
from assist.store.paging import cut
from assist.texts import N_

AskedBy = Literal["customer", "authority", "company"]
ASKED_BY: tuple[AskedBy, ...] = ("customer", "authority", "company")
LONGEST_REASON = 300
PER_PAGE = 20
PATIENCE = timedelta(minutes=2)

_log = structlog.get_logger(__name__)
_alone = threading.Lock()


class NothingFound(RequestError):
    message = N_(
        "There is no call of this customer. Look at the details of the calls: the number may be written otherwise."
    )


class NoReason(RequestError):
    message = N_("Say why this is deleted, without the customer's name or number: it is on the certificate.")


class UnderWay(Conflict):
    message = N_("This recording is being deleted or under lock. Wait until the deletion is done.")


@dataclass(frozen=True, slots=True)
class Deed:
    """One deletion. `calls` were ordered, `gone` of them are deleted, `locked` wait for the law or for a hold;
    `until` is when the last of these may go (None: until somebody lifts the hold)."""

    id: int
    subject: str
    asked_by: str
    reason: str
    ordered_by: str
    ordered_at: datetime
    state: str
    step: str
    calls: int
    gone: int
    locked: int
    until: datetime | None
    done_at: datetime | None
    certificate: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Deeds:
    deeds: list[Deed]
    total: int
    page: int
    pages: int


def ledger_entries(store: Store, user: User) -> list[ledger.Entry]:
    """All that was ever deleted. Raises AccessDenied."""
    access.require(user, "privacy.delete")
    return ledger.listing(store)


def order(
    store: Store,
    user: User,
    *,
    asked_by: AskedBy,
    reason: str,
    customer: str = "",
    call_id: int | None = None,
) -> Deed:
    """Names what is to go: all calls of a customer, or one. From here on nobody hears, reads or counts them.

    What the law or a hold keeps goes under lock. Raises AccessDenied, NoReason, NothingFound, TooShort.
    """
    access.require(user, "privacy.delete")
    if not reason.strip():
        raise NoReason
    with store.write():
        found = finding.of_call(store, user, call_id) if call_id else finding.of_customer(store, user, customer)
        found = [one for one in found if not _named(store, one.sha256)]
        if not found:
            raise NothingFound
        deletion_id = _enter(
            store, user, found, asked_by, reason, keys.subject(store.settings, customer) if customer else ""
        )
        probes.keep(store, deletion_id, customer, [one.id for one in found if one.free])
        _lock(store, deletion_id, found)
        audit.record(store, user, "deletion.order", f"deletion:{deletion_id}", calls=len(found), asked_by=asked_by)
    return get(store, user, deletion_id)


def get(store: Store, user: User, deletion_id: int) -> Deed:
    """Raises AccessDenied, NotFound."""
    access.require(user, "privacy.delete")
    row = store.row(_DEEDS + "WHERE d.id = ?", [deletion_id])
    if row is None:
        raise NotFound
    return _deed(row)


def listing(store: Store, user: User, page: int = 1) -> Deeds:
    """The deletions, the latest first. Raises AccessDenied."""
    access.require(user, "privacy.delete")
    total = int(store.value("SELECT count(*) FROM deletions WHERE asked_by <> 'ledger'"))
    part = cut(total, page, PER_PAGE)
    rows = store.rows(
        _DEEDS + "WHERE d.asked_by <> 'ledger' ORDER BY d.id DESC LIMIT ? OFFSET ?", [part.size, part.skip]
    )
    return Deeds([_deed(row) for row in rows], total, part.number, part.pages)


def withdraw(store: Store, user: User, deletion_id: int, reason: str) -> Deed:
    """Lets the calls that are still under lock be as they were: the customer took the request back.

    Raises AccessDenied, NotFound, NoReason, UnderWay where it is being carried out.
    """
    if not reason.strip():
        raise NoReason
    with store.write() as db:
        if get(store, user, deletion_id).state == "running":
            raise UnderWay
        for row in _calls(store, deletion_id, "locked"):
            if store.value("SELECT 1 FROM calls WHERE id = ? AND restricted_at IS NOT NULL", [row["call_id"]]):
                locking.unlock(store, user, row["call_id"])
        db.execute(
            "UPDATE deletion_calls SET state = 'admitted' WHERE deletion_id = ? AND state = 'locked'", [deletion_id]
        )
        db.execute(
            "UPDATE deletions SET state = 'done', done_at = coalesce(done_at, ?) WHERE id = ?", [stamp(), deletion_id]
        )
        audit.record(
            store, user, "deletion.withdraw", f"deletion:{deletion_id}", reason=reason.strip()[:LONGEST_REASON]
        )
    ledger.write(store)
    return get(store, user, deletion_id)


def admit(store: Store, user: User, sha256: str, reason: str) -> None:
    """Lets a recording that was deleted be uploaded again, as a new call. Raises AccessDenied, NoReason, NotFound."""
    access.require(user, "privacy.delete")
    if not reason.strip():
        raise NoReason
    with store.write() as db:
        query = "UPDATE deletion_calls SET state = 'admitted' WHERE sha256 = ? AND state = 'gone'"
        if not db.execute(query, [sha256.strip().lower()]).rowcount:
            raise NotFound
        why = reason.strip()[:LONGEST_REASON]
        audit.record(store, user, "deletion.admit", f"recording:{sha256[:64].lower()}", reason=why)
    ledger.write(store)


def carry_on(store: Store) -> int:
    """Does what is left to do of all deletions; how many came to an end. Killed anywhere, the next call goes on. One
    process at a time: another returns at once."""
    if not store.value("SELECT 1 FROM deletions WHERE state <> 'done'") or not _alone.acquire(blocking=False):
        return 0
    try:
        with locks.held(store.settings, "privacy"):
            _wake(store)
            rows = store.rows("SELECT id, step FROM deletions WHERE state = 'running' ORDER BY id")
            return sum(_run(store, row["id"], row["step"]) for row in rows)
    except locks.Taken:
        return 0
    finally:
        _alone.release()


def reapply(store: Store) -> int:
    """After a restore: deletes again whatever the ledger names, also what only its file knows; how many calls went."""
    ledger.merge(store)
    with store.write() as db:
        back = store.rows(
            """SELECT DISTINCT i.deletion_id, i.sha256, c.id FROM deletion_calls i JOIN calls c ON c.sha256 = i.sha256
               WHERE i.state IN ('named', 'gone')"""
        )
        for row in back:
            db.execute(
                "UPDATE deletion_calls SET state = 'named', call_id = ? WHERE deletion_id = ? AND sha256 = ?",
                [row["id"], row["deletion_id"], row["sha256"]],
            )
            db.execute("UPDATE deletions SET state = 'running', step = '' WHERE id = ?", [row["deletion_id"]])
        for row in store.rows(_LOCKED_OPEN):
            locking.lock(store, row["id"], moment(row["until"]) if row["until"] else None)
    carry_on(store)
    return len({row["sha256"] for row in back})


_DEEDS = """
    SELECT d.id, d.subject, d.asked_by, d.reason, coalesce(u.name, '') AS ordered_by, d.ordered_at, d.state, d.step,
           d.done_at, d.certificate, i.calls, i.gone, i.locked, i.until
    FROM deletions d LEFT JOIN users u ON u.id = d.ordered_by
    LEFT JOIN (SELECT deletion_id, count(*) AS calls, sum(state = 'gone') AS gone, sum(state = 'locked') AS locked,
                      max(CASE WHEN state = 'locked' THEN until END) AS until
               FROM deletion_calls GROUP BY deletion_id) i ON i.deletion_id = d.id
"""
_LOCKED_OPEN = """
    SELECT c.id, i.until FROM deletion_calls i JOIN calls c ON c.sha256 = i.sha256
    WHERE i.state = 'locked' AND c.restricted_at IS NULL
"""


def _enter(store: Store, user: User, found: list[Found], asked_by: AskedBy, reason: str, subject: str) -> int:
    values = {
        "subject": subject,
        "asked_by": asked_by,
        "reason": reason.strip()[:LONGEST_REASON],
        "ordered_by": user.id,
        "ordered_at": stamp(),
        "state": "running" if any(one.free for one in found) else "locked",
        "step": "",
    }
    with store.write() as db:
        deletion_id = int(str(db.table("deletions").insert(values).last_pk))
        for one in found:
            row = {"deletion_id": deletion_id, "call_id": one.id, "sha256": one.sha256, "why": one.held}
            row |= {"state": "named" if one.free else "locked", "until": stamp(one.until) if one.until else None}
            db.table("deletion_calls").insert(row)
    return deletion_id


def _lock(store: Store, deletion_id: int, found: list[Found]) -> None:
    """What goes at once because it only serves to work with the calls is counted as deleted."""
    free = [one for one in found if one.free]
    named = Named(tuple(one.id for one in free), tuple(one.sha256 for one in free))
    before = places.count(store, named)
    for one in found:
        locking.lock(store, one.id, one.until)
    after = places.count(store, named)
    _add_counts(store, deletion_id, {title: rows - after.get(title, 0) for title, rows in before.items()})


def _named(store: Store, sha256: str) -> bool:
    return bool(store.value("SELECT 1 FROM deletion_calls WHERE sha256 = ? AND state IN ('named', 'locked')", [sha256]))


def _calls(store: Store, deletion_id: int, *states: str) -> list[dict[str, Any]]:
    rows = store.rows("SELECT call_id, sha256, state, until FROM deletion_calls WHERE deletion_id = ?", [deletion_id])
    return [row for row in rows if row["state"] in states]


def _wake(store: Store) -> None:
    """What was under lock and may go now."""
    with store.write() as db:
        rows = store.rows(
            """SELECT i.deletion_id, i.sha256 FROM deletion_calls i JOIN deletions d ON d.id = i.deletion_id
               WHERE d.state = 'locked' AND i.state = 'locked' AND (i.until IS NULL OR i.until <= ?)
                 AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.call_id = i.call_id AND h.lifted_at IS NULL)""",
            [stamp(now())],
        )
        for row in rows:
            db.execute("UPDATE deletion_calls SET state = 'named' WHERE deletion_id = ? AND sha256 = ?",
                       [row["deletion_id"], row["sha256"]])  # fmt: skip
            db.execute("UPDATE deletions SET state = 'running', step = '' WHERE id = ?", [row["deletion_id"]])


def _run(store: Store, deletion_id: int, last: str) -> bool:
    """Whether the deletion came to an end; a step that could not be done is tried again next time."""
    names = list(STEPS)
    for name in names[names.index(last) + 1 if last in names else 0 :]:
        if not STEPS[name](store, deletion_id):
            _log.info("deletion waits", deletion=deletion_id, step=name)
            return False
        store.change("UPDATE deletions SET step = ? WHERE id = ? AND state = 'running'", [name, deletion_id])
    return True


def _write_ledger(store: Store, deletion_id: int) -> bool:
    ledger.write(store)
    return True


def _delete_rows(store: Store, deletion_id: int) -> bool:
    """A call at a time, with what was counted of it; not while a worker is still at one: it ends at its next move."""
    if _worked_on(store, deletion_id):
        return False
    for row in _calls(store, deletion_id, "named"):
        with store.write() as db:
            known = store.value("SELECT id FROM calls WHERE sha256 = ?", [row["sha256"]])
            counts = removal.everything(store, known or 0, row["sha256"])
            _add_counts(store, deletion_id, counts)
            db.execute("UPDATE deletion_calls SET state = 'gone' WHERE deletion_id = ? AND sha256 = ?",
                       [deletion_id, row["sha256"]])  # fmt: skip
    return True


def _worked_on(store: Store, deletion_id: int) -> bool:
    """A worker that died may have left its mark: nobody waits for that longer than PATIENCE."""
    query = """SELECT 1 FROM deletion_calls i JOIN deletions d ON d.id = i.deletion_id
               JOIN attempts a ON a.call_id = i.call_id
               WHERE i.deletion_id = ? AND i.state = 'named' AND a.running AND d.ordered_at > ?"""
    return bool(store.value(query, [deletion_id, stamp(now() - PATIENCE)]))


def _delete_payloads(store: Store, deletion_id: int) -> bool:
    """Again where it was done already, for a worker that was at the call writes once more when it ends."""
    done = payloads.forget(store.settings, [row["sha256"] for row in _calls(store, deletion_id, "gone")])
    _add_counts(store, deletion_id, {JOBS: done})
    return True


def _delete_copies(store: Store, deletion_id: int) -> bool:
    """Copies that an upgrade took of the whole database: nothing can be deleted inside them."""
    old = sorted((store.settings.data / "backups").glob("before-*"))
    for path in old:
        path.unlink(missing_ok=True)
    _add_counts(store, deletion_id, {COPIES: len(old)})
    return True


def _merge_index(store: Store, deletion_id: int) -> bool:
    index.merge_all(store)
    return True


def _flush(store: Store, deletion_id: int) -> bool:
    queue = payloads.queue_file(store.settings)
    return payloads.flushed(store.settings.database) and (queue is None or payloads.flushed(queue))


def _check(store: Store, deletion_id: int) -> bool:
    """The last step: what is found is signed, whether it is nothing or not. The sentences to search for go with it."""
    ledger.write(store)
    certificate.issue(store, deletion_id)
    probes.forget(store.settings, deletion_id)
    return True


def _add_counts(store: Store, deletion_id: int, counts: dict[str, int]) -> None:
    with store.write():
        known = json.loads(store.value("SELECT counts FROM deletions WHERE id = ?", [deletion_id]))
        total = known | {title: known.get(title, 0) + rows for title, rows in counts.items() if rows}
        store.change(
            "UPDATE deletions SET counts = ? WHERE id = ?", [json.dumps(total, ensure_ascii=False), deletion_id]
        )


STEPS: dict[str, Callable[[Store, int], bool]] = {
    "ledger": _write_ledger,
    "rows": _delete_rows,
    "payloads": _delete_payloads,
    "copies": _delete_copies,
    "index": _merge_index,
    "flush": _flush,
    "check": _check,
}
"""In this order; each may be done again."""
JOBS, COPIES = N_("Jobs of the work queue"), N_("Copies from before an upgrade")


def _deed(row: dict[str, Any]) -> Deed:
    times = {name: moment(row[name]) if row[name] else None for name in ("ordered_at", "done_at", "until")}
    counts = {name: row[name] or 0 for name in ("calls", "gone", "locked")}
    found = json.loads(row["certificate"]) if row["certificate"] else None
    return Deed(**row | times | counts | {"certificate": found})
