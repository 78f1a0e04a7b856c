"""Who is alive: every worker process writes a sign of life, and looks after what silent ones left behind.

By itself DBOS takes up again only what the same executor began. Here each process is an executor of its own (machine,
slot and start), so that a worker that never comes back is told from one that is at work; its workflows go back into
the queue as soon as any other worker notices. One that was only slow and comes back doubles nothing: the claim it
worked under is no longer its own, and results lie under keys.
"""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass

import sqlalchemy as sa
import structlog

from assist.config import Settings
from assist.fleet import ledger
from assist.fleet.ledger import DEATHS, WORKERS

BEATS_IN_SILENCE = 6
"""So many beats fit into the silence after which a worker is taken for dead."""

MOST_CRASHES, MOST_DEATHS = 3, 25
"""As in `assist.store.attempts`, for recordings that are heard elsewhere."""

_FORGOTTEN_SECONDS = 24 * 3600

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Member:
    """One worker process. `executor` is its own and is never used again; `hears` names its recogniser."""

    name: str
    home: str
    queues: tuple[str, ...]
    version: str
    hears: str
    boot: str

    @property
    def executor(self) -> str:
        return executor_of(self.name, self.boot)


@dataclass(frozen=True, slots=True)
class Sign:
    """What is known of a worker; `silent` seconds since it was heard of last."""

    executor: str
    name: str
    queues: tuple[str, ...]
    hears: str
    version: str
    silent: float
    age: float


def executor_of(name: str, boot: str) -> str:
    return f"{name}.{boot}"


def home_of(settings: Settings) -> str:
    """Where a worker's name is locked: this machine and the data folder."""
    return f"{socket.gethostname()}:{settings.data.resolve()}"


def begin(settings: Settings, member: Member) -> None:
    """Signs the worker on."""
    now = ledger.now(settings)
    values = {
        "executor": member.executor,
        "name": member.name,
        "home": member.home,
        "queues": " ".join(member.queues),
        "hears": member.hears,
        "version": member.version,
        "began": now,
        "beat": now,
        "crashed": False,
    }
    with ledger.engine(settings).begin() as db:
        db.execute(sa.insert(WORKERS).values(values))


def beat(settings: Settings, member: Member) -> float:
    """A sign of life; how many seconds the one before is past."""
    now = ledger.now(settings)
    with ledger.engine(settings).begin() as db:
        before = db.execute(sa.select(now - WORKERS.c.beat).where(WORKERS.c.executor == member.executor)).scalar()
        if before is not None:
            db.execute(sa.update(WORKERS).where(WORKERS.c.executor == member.executor).values(beat=now))
    if before is None:  # its row was cleared away while it gave no sign
        begin(settings, member)
    return float(before or 0.0)


def end(settings: Settings, executor: str) -> None:
    """Signs a worker off that has ended and left nothing."""
    with ledger.engine(settings).begin() as db:
        db.execute(sa.delete(WORKERS).where(WORKERS.c.executor == executor))


def died(settings: Settings, executor: str, *, crashed: bool) -> None:
    """The supervisor saw the worker die: others need not wait until it is silent long enough."""
    _silence(settings, WORKERS.c.executor == executor, crashed=crashed)


def signs(settings: Settings) -> list[Sign]:
    """All workers that are known, by name."""
    now = ledger.now(settings)
    columns = (WORKERS.c.executor, WORKERS.c.name, WORKERS.c.queues, WORKERS.c.hears, WORKERS.c.version)
    query = sa.select(*columns, (now - WORKERS.c.beat).label("silent"), (now - WORKERS.c.began).label("age"))
    with ledger.engine(settings).connect() as db:
        rows = db.execute(query.order_by(WORKERS.c.name, WORKERS.c.began)).all()
    return [Sign(r.executor, r.name, tuple(r.queues.split()), r.hears, r.version, r.silent, r.age) for r in rows]


def living(settings: Settings) -> list[Sign]:
    return [sign for sign in signs(settings) if sign.silent < settings.silent_seconds]


def bury_namesakes(settings: Settings, member: Member) -> None:
    """Who had this name in this place is dead: the lock on the name says so."""
    here = (WORKERS.c.name == member.name) & (WORKERS.c.home == member.home)
    _silence(settings, here & (WORKERS.c.executor != member.executor))


def take_over(settings: Settings) -> int:
    """Puts what dead workers were at back into the queue; of how many workflows.

    Only where DBOS is running, and only workflows of its version; safe to do by several at once.
    """
    from dbos import DBOS

    dead = _dead(settings)
    if not dead:
        return 0
    found = DBOS.list_workflows(status="PENDING", executor_id=list(dead), load_input=False, load_output=False)
    for one in found:
        _note_death(settings, one.workflow_id, one.executor_id or "", crashed=dead[one.executor_id or ""])
    for executor in sorted({one.executor_id for one in found if one.executor_id}):
        _log.warning("taking over from a worker that is silent", executor=executor)
        DBOS._recover_pending_workflows([executor])
    return len(found)


def deadly(settings: Settings, workflow: str) -> bool:
    """Whether too many workers died at this workflow for another to be tried."""
    query = sa.select(DEATHS.c.crashed).where(DEATHS.c.workflow == workflow)
    with ledger.engine(settings).connect() as db:
        crashed = [bool(row.crashed) for row in db.execute(query)]
    return sum(crashed) >= MOST_CRASHES or len(crashed) >= MOST_DEATHS


def survived(settings: Settings, workflow: str) -> None:
    """The workflow's slate is wiped."""
    with ledger.engine(settings).begin() as db:
        db.execute(sa.delete(DEATHS).where(DEATHS.c.workflow == workflow))


class Heart:
    """Beats in a thread of its own while open, and takes over from the silent."""

    def __init__(self, settings: Settings, member: Member) -> None:
        self._settings, self._member = settings, member
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heart", daemon=True)
        self._quiet = 0

    def __enter__(self) -> None:
        take_over(self._settings)
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        pause = self._settings.silent_seconds / BEATS_IN_SILENCE
        while not self._stop.wait(pause):
            try:
                self._beat(pause)
            except Exception:  # the database is away: the next beat tries again
                _log.warning("no sign of life could be given", exc_info=True)
                self._quiet = BEATS_IN_SILENCE

    def _beat(self, pause: float) -> None:
        """Who could not beat itself judges nobody: after an outage of the database all seem silent at first."""
        if beat(self._settings, self._member) > 3 * pause:
            self._quiet = BEATS_IN_SILENCE
        if self._quiet:
            self._quiet -= 1
            return
        take_over(self._settings)


def _dead(settings: Settings) -> dict[str, bool]:
    """Executors that are silent for too long, and whether each crashed; those of yesterday are cleared away."""
    silent = ledger.now(settings) - WORKERS.c.beat
    with ledger.engine(settings).begin() as db:
        rows = db.execute(
            sa.select(WORKERS.c.executor, WORKERS.c.crashed).where(silent > settings.silent_seconds)
        ).all()
        if rows:
            db.execute(sa.delete(WORKERS).where(silent > max(_FORGOTTEN_SECONDS, settings.silent_seconds)))
    return {row.executor: bool(row.crashed) for row in rows}


def _silence(settings: Settings, which: sa.ColumnElement[bool], *, crashed: bool = False) -> None:
    past = ledger.now(settings) - settings.silent_seconds - 1
    with ledger.engine(settings).begin() as db:
        values = {"beat": past} | ({"crashed": True} if crashed else {})
        db.execute(sa.update(WORKERS).where(which & (WORKERS.c.beat > past)).values(values))


def _note_death(settings: Settings, workflow: str, executor: str, *, crashed: bool) -> None:
    values = {"workflow": workflow, "executor": executor, "crashed": crashed}
    with ledger.engine(settings).begin() as db:
        db.execute(ledger.add(settings, DEATHS, values))
