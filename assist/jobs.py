"""The work queue: DBOS workflows, one per run of a call, kept in a database of their own.

The call's row is the truth; a workflow is how it gets done. Whoever accepts a call writes the row, then enqueues; if
the process dies in between, `reconcile` in the worker (`assist.fleet.upkeep`) enqueues what was left. Identifiers are
made of the recording, the version of this pipeline and the run, so enqueueing twice is once. Calls that were heard
before and only have to be judged again go many to a workflow: one takes less time than the queue's own bookkeeping for
it.

The way of a recording is one workflow, `process_call`. Where hearing is done elsewhere it is three, each beginning the
next, under one name: `<id>` sends the recording, `<id>.hear.<key>` hears it on the queue of that recogniser, and
`<id>.heard.<key>`, `process_call` once more, takes what came and goes on. A workflow that waited for the other machine
instead would hold one of its worker's few places for hours.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

from assist.calls.calls import Call, load
from assist.calls.progress import Superseded
from assist.config import Settings
from assist.errors import AssistError, SetupError
from assist.fleet import beats, gate, ledger, lengths, urgency
from assist.fleet.beats import Heart, Member
from assist.fleet.exchange import NotDelivered, Parcel
from assist.fleet.urgency import Urgency
from assist.pipeline import AGAIN as JUDGE_AGAIN
from assist.pipeline import STEPS, TRANSIENT, Outcome, Pipeline, Unexpected
from assist.store import Store
from assist.texts import N_

if TYPE_CHECKING:
    from dbos import DBOSClient

APPLICATION = "assist"
QUEUE = ledger.NEAR
WORKFLOW, AGAIN, HEAR = "process_call", "judge_again", "hear_call"
NOW, BULK, LATER = "now", "bulk", "again"
VERSION = "1"
"""Of the workflow's shape. DBOS takes up only its own version, so it is no hash of the code: an upgrade goes on."""

_TOGETHER = 25
"""Calls judged again in one workflow: a second or two of work, so that new recordings do not wait long."""

Members = list[tuple[int, int]]
"""(call, run) of each."""

_log = structlog.get_logger(__name__)
_clients: dict[str, DBOSClient] = {}
_clients_lock = threading.Lock()


class QueueUnusable(SetupError):
    message = N_("The work queue %(address)s cannot be opened: %(reason)s. Check ASSIST_JOBS_URL and the data folder.")


def submit(store: Store, call_id: int, urgent: Urgency | None = None) -> None:
    """Puts a call that has its details into the work queue; one that still waits for them is left alone. `urgent`
    says who waits for it (NOW, BULK, LATER); without it, it is as urgent as it was before.

    Safe to repeat. Raises NotFound, QueueUnusable.
    """
    call = load(store, call_id)
    if urgent is not None:
        store.change("UPDATE calls SET urgency = ? WHERE id = ? AND urgency <> ?", [urgent, call_id, urgent])
    if call.state == "received":
        _enqueue(store, client(store.settings), call)


def submit_again(store: Store, members: Members) -> None:
    """Puts calls that only have to be judged again into the work queue, many to a workflow. Raises QueueUnusable."""
    for start in range(0, len(members), _TOGETHER):
        _enqueue_again(store, client(store.settings), members[start : start + _TOGETHER])


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
    ledger.close()


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
        ledger.prepare(settings)
    except (sqlalchemy.exc.SQLAlchemyError, OSError) as error:
        raise QueueUnusable(address=sqlalchemy.make_url(address).render_as_string(), reason=error) from error


@dataclass(frozen=True, slots=True)
class Part:
    """What a worker does: the queue it takes of, and what makes the workflows of that queue known to DBOS. `hears`
    names its recogniser where others ask for it."""

    queue: str
    register: Callable[[], None]
    hears: str = ""


@contextmanager
def running(pipeline: Pipeline, *others: Part, boot: str = "") -> Iterator[None]:
    """Works near the store, and on other parts, while open. `boot`: see `launched`."""
    from dbos import DBOS

    def register() -> None:
        DBOS.workflow(name=WORKFLOW, max_recovery_attempts=None)(_workflow(pipeline))
        DBOS.workflow(name=AGAIN, max_recovery_attempts=None)(_workflow_again(pipeline))

    with launched(pipeline.store.settings, pipeline.worker, Part(QUEUE, register), *others, boot=boot):
        yield


@contextmanager
def launched(settings: Settings, worker: str, *parts: Part, boot: str = "") -> Iterator[None]:
    """Works while open: takes up what dead workers left behind, then takes what is next.

    `boot` is what the supervisor calls this start of the worker. One at a time a process. Raises QueueUnusable.
    """
    from dbos import DBOS

    queues = tuple(part.queue for part in parts)
    hears = "".join(part.hears for part in parts)
    member = Member(worker, beats.home_of(settings), queues, VERSION, hears, boot or secrets.token_hex(4))
    _open(settings, queues)
    DBOS(config=_configuration(settings, member))
    for part in parts:
        part.register()
    beats.bury_namesakes(settings, member)
    beats.begin(settings, member)
    DBOS.listen_queues(list(queues))
    DBOS.launch()
    DBOS._recover_pending_workflows([worker])  # executors had no start in their names once
    try:
        with Heart(settings, member):
            yield
    finally:
        DBOS.destroy(destroy_registry=True)
        beats.died(settings, member.executor, crashed=False)


def _open(settings: Settings, queues: Iterable[str]) -> None:
    """Before DBOS starts: it looks for new queues once a second."""
    for queue in queues:
        client(settings).register_queue(
            queue, worker_concurrency=gate.at_once(settings, queue), polling_interval_sec=settings.jobs_poll_seconds
        )


def _configuration(settings: Settings, member: Member) -> Any:
    return {
        "name": APPLICATION,
        "system_database_url": settings.jobs_database,
        "application_version": member.version,
        "executor_id": member.executor,
        "log_level": "WARNING",
        "run_migrations": False,
    }


def _workflow(pipeline: Pipeline) -> Callable[[int, int], str]:
    from dbos import DBOS

    def process_call(call_id: int, run: int) -> str:
        for step in STEPS:
            try:
                outcome = DBOS.run_step(patient(step), pipeline.run, step, call_id, run)
                if outcome == "elsewhere":
                    outcome = DBOS.run_step(patient("send"), _send, pipeline, call_id, run, DBOS.workflow_id or "")
            except Exception as error:  # every call must come to an end that people see
                _log.exception("step failed", step=step, call=call_id)
                reason = Unexpected(reason=type(error.__cause__ or error).__name__)
                outcome = DBOS.run_step({"name": "give up"}, pipeline.fail, call_id, run, reason)
            if outcome != "done":
                return outcome
        return "done"

    return process_call


def _send(pipeline: Pipeline, call_id: int, run: int, here: str) -> Outcome:
    """Has a recording heard elsewhere. `here` is the workflow that wants it: one that began because it was heard, and
    does not find what was asked for, ends the call."""
    store = pipeline.store
    try:
        call = load(store, call_id)
        parcel = pipeline.send(call_id, run, workflow_id(call), _priority(store, call))
    except AssistError as error:
        return pipeline.fail(call_id, run, error)
    except Superseded:
        return "superseded"
    if here == parcel.after:
        return pipeline.fail(call_id, run, NotDelivered())
    options = _options(HEAR, hearing_queue(pipeline.hears), parcel.workflow, parcel.priority)
    client(store.settings).enqueue(options, parcel.plain())
    return "elsewhere"


def hearing_queue(hears: str) -> str:
    """The queue of what is to be heard by recognisers of this kind: whoever hears otherwise does not take of it."""
    return f"{ledger.HEARING}.{hashlib.sha256(hears.encode()).hexdigest()[:8]}"


def _workflow_again(pipeline: Pipeline) -> Callable[[Members], None]:
    from dbos import DBOS

    def judge_again(members: Members) -> None:
        """As one step: who is killed in it begins it anew, and what is done by then is passed over."""
        try:
            DBOS.run_step(patient(AGAIN), _each_again, pipeline, members)
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
            if pipeline.run(JUDGE_AGAIN, call_id, run) == "elsewhere":
                _send(pipeline, call_id, run, "")
        except TRANSIENT:
            raise
        except Exception as error:
            _log.exception("step failed", step=JUDGE_AGAIN, call=call_id)
            pipeline.fail(call_id, run, Unexpected(reason=type(error.__cause__ or error).__name__))


def patient(step: str) -> Any:
    """A step that is tried again where the machine, not the recording, is at fault."""
    return {
        "name": step,
        "retries_allowed": True,
        "max_attempts": 4,
        "interval_seconds": 2.0,
        "backoff_rate": 4.0,
        "should_retry": lambda error: isinstance(error, TRANSIENT),
    }


def _enqueue(store: Store, queue: DBOSClient, call: Call) -> None:
    priority = _priority(store, call)
    queue.enqueue(_options(WORKFLOW, QUEUE, workflow_id(call), priority), call.id, call.run)
    store.change("UPDATE calls SET enqueued_run = ? WHERE id = ?", [call.run, call.id])


def _enqueue_again(store: Store, queue: DBOSClient, members: Members) -> None:
    """They are of many campaigns, and together one turn of their own."""
    name = hashlib.sha256(repr(members).encode()).hexdigest()
    priority = urgency.draw(store, "again", "", lengths.serving(store.settings, "again"))
    queue.enqueue(_options(AGAIN, QUEUE, f"{name}.{VERSION}.again", priority), members)
    with store.write() as db:
        rows = [(run, call_id) for call_id, run in members]
        db.conn.executemany("UPDATE calls SET enqueued_run = ? WHERE id = ?", rows)


def _priority(store: Store, call: Call) -> int:
    urgent: Urgency = store.value("SELECT urgency FROM calls WHERE id = ?", [call.id])
    return urgency.draw(store, urgent, call.campaign or "", lengths.serving(store.settings, urgent))


def _options(workflow: str, queue: str, identity: str, priority: int) -> Any:
    return {
        "workflow_name": workflow,
        "queue_name": queue,
        "workflow_id": identity,
        "app_version": VERSION,
        "priority": priority,
    }


def go_on(settings: Settings, parcel: Parcel) -> None:
    """The recording was heard, or cannot be: what follows is done near the store."""
    options = _options(WORKFLOW, QUEUE, parcel.after, parcel.priority)
    client(settings).enqueue(options, parcel.call_id, parcel.run)


def workflow_id(call: Call) -> str:
    return f"{call.sha256}.{VERSION}.{call.run}"


def forget(settings: Settings, sha256: str) -> int:
    """Deletes what the work queue knows of a recording; of how many workflows."""
    queue = client(settings)
    found = queue.list_workflows(workflow_id_prefix=f"{sha256}.", load_input=False, load_output=False)
    if found:
        queue.delete_workflows([one.workflow_id for one in found])
    return len(found)


def _quiet() -> None:
    logging.getLogger("dbos").setLevel(logging.WARNING)
