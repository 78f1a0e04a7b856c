"""The work queue: DBOS workflows, one per run of a call, kept in a database of their own.

The call's row is the truth; a workflow is how it gets done. Whoever accepts a call writes the row, then enqueues; if
the process dies in between, `reconcile` in the worker enqueues what was left. Identifiers are made of the recording,
the version of this pipeline and the run, so enqueueing twice is once. Calls that were heard before and only have to be
judged again go many to a workflow: one takes less time than the queue's own bookkeeping for it.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import structlog

from assist.calls.calls import Call, load
from assist.config import Settings
from assist.errors import SetupError
from assist.pipeline import AGAIN as JUDGE_AGAIN
from assist.pipeline import STEPS, TRANSIENT, Pipeline, Unexpected
from assist.store import Store
from assist.texts import N_

if TYPE_CHECKING:
    from dbos import DBOSClient

APPLICATION = "assist"
QUEUE = "calls"
WORKFLOW, AGAIN = "process_call", "judge_again"
VERSION = "1"
"""Of the workflow's shape. DBOS takes up only its own version, so it is no hash of the code: an upgrade goes on."""

_POLL_SECONDS = 0.2
_CHUNK = 500
_TOGETHER = 25
"""Calls judged again in one workflow: a second or two of work, so that new recordings do not wait long."""
_LIVE = frozenset({"ENQUEUED", "PENDING", "DELAYED"})

Members = list[tuple[int, int]]
"""(call, run) of each."""

_log = structlog.get_logger(__name__)
_clients: dict[str, DBOSClient] = {}
_clients_lock = threading.Lock()


class QueueUnusable(SetupError):
    message = N_("The work queue %(address)s cannot be opened: %(reason)s. Check ASSIST_JOBS_URL and the data folder.")


def submit(store: Store, call_id: int) -> None:
    """Puts a call that has its details into the work queue; one that still waits for them is left alone.

    Safe to repeat. Raises NotFound, QueueUnusable.
    """
    call = load(store, call_id)
    if call.state != "received":
        return
    _enqueue(store, client(store.settings), call)


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
            submit(store, row["id"])
    for start in range(0, len(again), _TOGETHER):
        _enqueue_again(store, client(store.settings), again[start : start + _TOGETHER])
    return len(left) + (_revive(store) if thoroughly else 0)


def client(settings: Settings) -> DBOSClient:
    """This process's connection to the work queue, its tables made where they are missing. Raises QueueUnusable."""
    from dbos import DBOSClient

    address = settings.jobs_database
    with _clients_lock:
        if address not in _clients:
            prepare(settings)
            _clients[address] = DBOSClient(system_database_url=address, application_name=APPLICATION)
        return _clients[address]


def close() -> None:
    """Closes this process's connections to work queues."""
    with _clients_lock:
        for open_client in _clients.values():
            open_client.destroy()
        _clients.clear()


def prepare(settings: Settings) -> None:
    """Makes or upgrades the queue's tables. Raises QueueUnusable."""
    import sqlalchemy
    from dbos import DBOS

    _quiet()
    address = settings.jobs_database
    try:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        if address.startswith("sqlite"):
            engine = sqlalchemy.create_engine(address)
            with engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA journal_mode = WAL")
            engine.dispose()
        DBOS.migrate(address)
    except (sqlalchemy.exc.SQLAlchemyError, OSError) as error:
        raise QueueUnusable(address=sqlalchemy.make_url(address).render_as_string(), reason=error) from error


@contextmanager
def running(pipeline: Pipeline) -> Iterator[None]:
    """Works on the queue while open: takes up what this worker left behind, then takes what is next."""
    from dbos import DBOS

    settings = pipeline.store.settings
    prepare(settings)
    DBOS(
        config={
            "name": APPLICATION,
            "system_database_url": settings.jobs_database,
            "application_version": VERSION,
            "executor_id": pipeline.worker,
            "log_level": "WARNING",
            "run_migrations": False,
        }
    )
    DBOS.workflow(name=WORKFLOW, max_recovery_attempts=None)(_workflow(pipeline))
    DBOS.workflow(name=AGAIN, max_recovery_attempts=None)(_workflow_again(pipeline))
    DBOS.listen_queues([QUEUE])
    DBOS.launch()
    DBOS.register_queue(QUEUE, worker_concurrency=settings.jobs_at_once, polling_interval_sec=_POLL_SECONDS)
    try:
        yield
    finally:
        DBOS.destroy(destroy_registry=True)


def _workflow(pipeline: Pipeline) -> Callable[[int, int], str]:
    from dbos import DBOS

    def process_call(call_id: int, run: int) -> str:
        for step in STEPS:
            try:
                outcome = DBOS.run_step(_patient(step), pipeline.run, step, call_id, run)
            except Exception as error:  # every call must come to an end that people see
                _log.exception("step failed", step=step, call=call_id)
                reason = Unexpected(reason=type(error.__cause__ or error).__name__)
                outcome = DBOS.run_step({"name": "give up"}, pipeline.fail, call_id, run, reason)
            if outcome != "done":
                return outcome
        return "done"

    return process_call


def _workflow_again(pipeline: Pipeline) -> Callable[[Members], None]:
    from dbos import DBOS

    def judge_again(members: Members) -> None:
        """As one step: who is killed in it begins it anew, and what is done by then is passed over."""
        try:
            DBOS.run_step(_patient(AGAIN), _each_again, pipeline, members)
        except Exception as error:
            _log.exception("judging again failed", calls=len(members))
            reason = Unexpected(reason=type(error.__cause__ or error).__name__)
            for call_id, run in members:
                DBOS.run_step({"name": "give up"}, pipeline.fail, call_id, run, reason)

    return judge_again


def _each_again(pipeline: Pipeline, members: Members) -> None:
    """Raises what is wrong with the machine (TRANSIENT); what is wrong with a call ends that call."""
    for call_id, run in members:
        try:
            pipeline.run(JUDGE_AGAIN, call_id, run)
        except TRANSIENT:
            raise
        except Exception as error:
            _log.exception("step failed", step=JUDGE_AGAIN, call=call_id)
            pipeline.fail(call_id, run, Unexpected(reason=type(error.__cause__ or error).__name__))


def _patient(step: str) -> Any:
    return {
        "name": step,
        "retries_allowed": True,
        "max_attempts": 4,
        "interval_seconds": 2.0,
        "backoff_rate": 4.0,
        "should_retry": lambda error: isinstance(error, TRANSIENT),
    }


def _enqueue(store: Store, queue: DBOSClient, call: Call) -> None:
    options: Any = {
        "workflow_name": WORKFLOW,
        "queue_name": QUEUE,
        "workflow_id": workflow_id(call),
        "app_version": VERSION,
    }
    queue.enqueue(options, call.id, call.run)
    store.change("UPDATE calls SET enqueued_run = ? WHERE id = ?", [call.run, call.id])


def _enqueue_again(store: Store, queue: DBOSClient, members: Members) -> None:
    name = hashlib.sha256(repr(members).encode()).hexdigest()
    options: Any = {
        "workflow_name": AGAIN,
        "queue_name": QUEUE,
        "workflow_id": f"{name}.{VERSION}.again",
        "app_version": VERSION,
    }
    queue.enqueue(options, members)
    with store.write() as db:
        rows = [(run, call_id) for call_id, run in members]
        db.conn.executemany("UPDATE calls SET enqueued_run = ? WHERE id = ?", rows)


def workflow_id(call: Call) -> str:
    return f"{call.sha256}.{VERSION}.{call.run}"


def _revive(store: Store) -> int:
    rows = store.rows("SELECT id FROM calls WHERE state NOT IN ('waiting', 'ready', 'failed', 'cancelled') ORDER BY id")
    unfinished = [load(store, row["id"]) for row in rows]
    queue, revived = client(store.settings), 0
    again = _live_again(queue) if unfinished else frozenset()
    unfinished = [call for call in unfinished if (call.id, call.run) not in again]
    for start in range(0, len(unfinished), _CHUNK):
        known = {workflow_id(call): call for call in unfinished[start : start + _CHUNK]}
        found = queue.list_workflows(workflow_ids=list(known), load_input=False, load_output=False)
        live = {status.workflow_id for status in found if status.status in _LIVE}
        for identity in known.keys() - live:
            store.change("UPDATE calls SET state = 'received', run = run + 1 WHERE id = ?", [known[identity].id])
            submit(store, known[identity].id)
            revived += 1
    return revived


def _live_again(queue: DBOSClient) -> frozenset[tuple[int, int]]:
    """(call, run) of what waits to be judged again with others."""
    found = queue.list_workflows(name=AGAIN, status=list(_LIVE), load_output=False)
    return frozenset((call_id, run) for one in found if one.input for call_id, run in one.input["args"][0])


def _quiet() -> None:
    logging.getLogger("dbos").setLevel(logging.WARNING)
