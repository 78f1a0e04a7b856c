"""What the worker near the store sets right in the work queue: calls that never reached it, work that was lost, work
that nobody takes any more, and work that nobody wants."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from assist import jobs
from assist.calls.calls import load
from assist.fleet import lengths, stranded
from assist.store import Store

if TYPE_CHECKING:
    from dbos import DBOSClient

_CHUNK = 500
_LIVE = frozenset({"ENQUEUED", "PENDING", "DELAYED"})

_log = structlog.get_logger(__name__)


def reconcile(store: Store, *, thoroughly: bool = False) -> int:
    """Enqueues received calls that never reached the queue; how many.

    `thoroughly` (when a worker starts) also compares every unfinished call with the queue: one whose workflow is
    unknown there, as after a restored backup, or has ended without a final state, is begun anew.
    """
    left = store.rows("""
        SELECT id, run, transcript_key IS NOT NULL AS heard FROM calls
        WHERE state = 'received' AND enqueued_run < run ORDER BY id
    """)
    again = [(row["id"], row["run"]) for row in left if row["heard"]]
    for row in left:
        if not row["heard"]:
            jobs.submit(store, row["id"])
    jobs.submit_again(store, again)
    return len(left) + (_revive(store) if thoroughly else 0)


def take_back(store: Store, hears: str = "") -> int:
    """Begins anew what no living worker takes any more (`stranded`); of how many calls. `hears` names the recogniser
    whose transcripts the store takes where hearing is done elsewhere."""
    settings, queue = store.settings, jobs.client(store.settings)
    hearing = jobs.hearing_queue(hears) if hears else ""
    taken = 0
    for group in stranded.groups(settings, jobs.VERSION, hearing):
        found = queue.list_workflows(
            queue_name=group.queue, app_version=group.version, status=group.status, load_output=False, limit=_CHUNK
        )
        queue.cancel_workflows([one.workflow_id for one in found])
        pairs = [pair for one in found if one.input for pair in stranded.calls_of(one.name, one.input["args"])]
        taken += sum(_anew(store, call_id, run) for call_id, run in pairs)
        _log.warning("took back what nobody takes", queue=group.queue, version=group.version, workflows=len(found))
    return taken


def stop_cancelled(store: Store) -> int:
    """Stops what hears cancelled calls elsewhere, or would; how many calls were looked at."""
    rows = store.rows("SELECT id FROM calls WHERE state = 'cancelled' AND enqueued_run > 0 LIMIT ?", [_CHUNK])
    if not rows:
        return 0
    cancelled = {(call.sha256, call.run) for call in (load(store, row["id"]) for row in rows)}
    settings = store.settings
    hearing = [name for name in lengths.in_flight(settings) if ".hear." in name and _about(name) in cancelled]
    jobs.client(settings).cancel_workflows(hearing)
    with store.write() as db:
        db.conn.executemany(
            "UPDATE calls SET enqueued_run = 0 WHERE id = ? AND state = 'cancelled'", [(row["id"],) for row in rows]
        )
    return len(rows)


def _revive(store: Store) -> int:
    """Calls whose work is lost; work of another version is not: its workers do it, or `take_back` finds it."""
    rows = store.rows(f"SELECT id FROM calls WHERE {lengths.UNFINISHED} ORDER BY id")
    unfinished = [load(store, row["id"]) for row in rows]
    if not unfinished:
        return 0
    again = _live_again(jobs.client(store.settings))
    alive = {_about(name) for name in lengths.in_flight(store.settings)}
    lost = [call for call in unfinished if (call.sha256, call.run) not in alive and (call.id, call.run) not in again]
    revived = [call for call in lost if _anew(store, call.id, call.run)]
    for call in revived:
        jobs.submit(store, call.id)
    return len(revived)


def _about(workflow: str) -> tuple[str, int]:
    """The recording and the run that a workflow is about, by its name; ("", 0) where it tells none."""
    parts = workflow.split(".")
    return (parts[0], int(parts[2])) if len(parts) > 2 and parts[2].isdecimal() else ("", 0)


def _live_again(queue: DBOSClient) -> frozenset[tuple[int, int]]:
    """(call, run) of what waits to be judged again with others."""
    found = queue.list_workflows(name=jobs.AGAIN, status=list(_LIVE), load_output=False)
    return frozenset(pair for one in found if one.input for pair in stranded.calls_of(jobs.AGAIN, one.input["args"]))


def _anew(store: Store, call_id: int, run: int) -> int:
    """`reconcile` enqueues it."""
    return store.change(
        f"UPDATE calls SET state = 'received', run = run + 1 WHERE id = ? AND run = ? AND {lengths.UNFINISHED}",
        [call_id, run],
    )
