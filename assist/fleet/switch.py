"""Pause and resume: while the work is paused nothing new is begun; what was begun is finished. It stays so over
restarts, until somebody resumes it."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from assist import jobs
from assist.config import Settings
from assist.fleet import gate, ledger
from assist.fleet.ledger import SWITCH
from assist.people import access, audit
from assist.people.users import User
from assist.store import Store


@dataclass(frozen=True, slots=True)
class Pause:
    """Since how many seconds, and by whom (a sign-in name)."""

    by: str
    seconds: float


def paused(settings: Settings) -> Pause | None:
    jobs.client(settings)
    since = (ledger.now(settings) - SWITCH.c.since).label("seconds")
    with ledger.engine(settings).connect() as db:
        row = db.execute(sa.select(SWITCH.c.paused_by, since)).first()
    return Pause(row.paused_by, row.seconds) if row else None


def pause(store: Store, user: User) -> None:
    """Raises AccessDenied, QueueUnusable."""
    access.require(user, "work.pause")
    settings = store.settings
    jobs.client(settings)
    row = {"id": 1, "paused_by": user.login, "since": ledger.now(settings)}
    with ledger.engine(settings).begin() as db:
        db.execute(ledger.add(settings, SWITCH, row))
    _let(settings, through=False)
    audit.record(store, user, "work.pause", "work")


def resume(store: Store, user: User) -> None:
    """Raises AccessDenied, QueueUnusable."""
    access.require(user, "work.pause")
    settings = store.settings
    jobs.client(settings)
    with ledger.engine(settings).begin() as db:
        db.execute(sa.delete(SWITCH))
    _let(settings, through=True)
    audit.record(store, user, "work.resume", "work")


def _let(settings: Settings, *, through: bool) -> None:
    """DBOS asks for a queue's limits before it takes anything: 0 is a closed gate."""
    for name, most in gate.known(settings).items():
        queue = jobs.client(settings).retrieve_queue(name)
        if queue is not None:
            queue.set_worker_concurrency(most if through else 0)
