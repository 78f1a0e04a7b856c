"""What the worker near the store does beside its queue: it looks after what was left, shown, stopped and stranded."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import sqlalchemy as sa
import structlog

from assist.fleet import hearing, lengths, reports, upkeep
from assist.fleet.hearing import Listener
from assist.jobs import Part
from assist.pipeline import Pipeline
from assist.privacy.tending import Tending
from assist.store import Store, said

RECONCILE_SECONDS = 5.0
SELDOM_SECONDS = 60.0
_LOOK_SECONDS = 1.0

_log = structlog.get_logger(__name__)


def hearing_too(pipeline: Pipeline, folder: Path | None) -> tuple[Part, ...]:
    """The part of hearing elsewhere, where it is done and this worker takes part in it (`folder`)."""
    if pipeline.exchange is None or folder is None:
        return ()
    return (hearing.part(Listener(pipeline.store.settings, pipeline.engine, pipeline.exchange, folder)),)


def watch(pipeline: Pipeline, stop: threading.Event) -> None:
    """Until `stop` is set. What is away for a while (the work queue, the storage) is looked for again later."""
    store, indexed = pipeline.store, 0
    tending = Tending(store)
    seldom, often = _Every(SELDOM_SECONDS), _Every(RECONCILE_SECONDS)
    pause = _LOOK_SECONDS if pipeline.exchange is not None else RECONCILE_SECONDS
    while not stop.wait(pause):
        try:
            if pipeline.exchange is not None:
                reports.show(store)
            upkeep.stop_cancelled(store)
            if seldom.due():
                upkeep.take_back(store, pipeline.hears if pipeline.exchange is not None else "")
                sweep(pipeline)
            if often.due():
                upkeep.reconcile(store)
        except (OSError, sa.exc.DBAPIError):
            _log.warning("could not look after the work", exc_info=True)
        indexed = _index(store, indexed)
        tending.turn()


def _index(store: Store, after: int) -> int:
    """-1 once all is indexed."""
    last = said.catch_up(store, after) if after >= 0 else None
    return -1 if last is None else last


class _Every:
    """Something that is due at first, and then once in so many seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._next = seconds, float("-inf")

    def due(self) -> bool:
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + self._seconds
        return True


def sweep(pipeline: Pipeline) -> int:
    """Deletes what lies in the exchange of recordings that nobody works on any more; of how many."""
    store, exchange = pipeline.store, pipeline.exchange
    if exchange is None:
        return 0
    there = exchange.recordings()
    wanted = {row["sha256"] for row in store.rows(f"SELECT sha256 FROM calls WHERE {lengths.UNFINISHED}")}
    left = [sha256 for sha256 in there if sha256 not in wanted]
    for sha256 in left:
        exchange.forget(sha256)
    return len(left)
