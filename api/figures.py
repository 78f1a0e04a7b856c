"""Figures of the store, the queue and the disk, looked up when Prometheus asks, at most every ten seconds."""

import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator

import sqlalchemy
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from assist import readiness
from assist.calls.calls import STATES
from assist.errors import AssistError
from assist.fleet import beats, lengths
from assist.store import Store, audit_head, hearing_done

KEPT_SECONDS = 10.0


class Figures:
    """What was looked up last. `of(store)` is a collector for a registry."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: list[Metric] = []
        self._until = 0.0
        self._store: Store | None = None

    def of(self, store: Store) -> "Figures":
        with self._lock:
            if time.monotonic() >= self._until or self._store is not store:
                self._found = list(looked_up(store))
                self._until, self._store = time.monotonic() + KEPT_SECONDS, store
        return self

    def collect(self) -> Iterable[Metric]:
        return self._found


def looked_up(store: Store) -> Iterator[Metric]:
    """A part that cannot be reached leaves its figures out; `assist_up` says which."""
    up = GaugeMetricFamily("assist_up", "1 where this part of the installation is as it should be.", labels=["part"])
    for name, word in readiness.checks(store).items():
        up.add_metric([name], word == readiness.OK)
    yield up
    for part in (_calls, _queue, _workers, _heard, _sizes, _audit):
        yield from _safely(part, store)


def _safely(part: Callable[[Store], Iterator[Metric]], store: Store) -> Iterator[Metric]:
    try:
        yield from part(store)
    except (AssistError, OSError, ValueError, sqlite3.Error, sqlalchemy.exc.SQLAlchemyError):
        return


def _calls(store: Store) -> Iterator[Metric]:
    counts = {row["state"]: row["n"] for row in store.rows("SELECT state, count(*) AS n FROM calls GROUP BY state")}
    calls = GaugeMetricFamily("assist_calls", "Calls by state.", labels=["state"])
    for state in STATES:
        calls.add_metric([state], counts.get(state, 0))
    yield calls


def _queue(store: Store) -> Iterator[Metric]:
    waits = GaugeMetricFamily("assist_queue_waiting", "Pieces of work that wait, by queue.", labels=["queue"])
    runs = GaugeMetricFamily("assist_queue_running", "Pieces of work under way, by queue.", labels=["queue"])
    oldest = GaugeMetricFamily("assist_queue_oldest_seconds", "How long the oldest has waited.", labels=["queue"])
    for one in lengths.lengths(store.settings):
        waits.add_metric([one.queue], one.waiting)
        runs.add_metric([one.queue], one.running)
        oldest.add_metric([one.queue], one.oldest)
    yield from (waits, runs, oldest)


def _workers(store: Store) -> Iterator[Metric]:
    silent = GaugeMetricFamily("assist_worker_silent_seconds", "Since a worker's last sign of life.", labels=["worker"])
    since: dict[str, float] = {}
    for sign in beats.signs(store.settings):  # a worker that was started anew is there twice for a while
        since[sign.name] = min(sign.silent, since.get(sign.name, sign.silent))
    for name, seconds in since.items():
        silent.add_metric([name], seconds)
    yield silent


def _heard(store: Store) -> Iterator[Metric]:
    names = ["worker"]
    count = CounterMetricFamily("assist_heard_recordings", "Recordings heard.", labels=names)
    sound = CounterMetricFamily("assist_heard_sound_seconds", "Seconds of sound in them.", labels=names)
    took = CounterMetricFamily("assist_heard_took_seconds", "Seconds that hearing them took.", labels=names)
    for done in hearing_done.listing(store):
        count.add_metric([done.worker], done.recordings)
        sound.add_metric([done.worker], done.sound_seconds)
        took.add_metric([done.worker], done.took_seconds)
    yield from (count, sound, took)


def _sizes(store: Store) -> Iterator[Metric]:
    sizes = GaugeMetricFamily("assist_database_bytes", "Size of a database file.", labels=["file"])
    for name in ("assist.db", "assist.db-wal", "jobs.db", "jobs.db-wal"):
        path = store.settings.data / name
        if path.exists():
            sizes.add_metric([name], path.stat().st_size)
    yield sizes
    disk = shutil.disk_usage(store.settings.data)
    yield GaugeMetricFamily("assist_disk_free_bytes", "Free on the disk of the data folder.", disk.free)
    yield GaugeMetricFamily("assist_disk_bytes", "Size of the disk of the data folder.", disk.total)


def _audit(store: Store) -> Iterator[Metric]:
    last = audit_head.last_of(store)
    checked = next(reversed(audit_head.checks(store.settings)), None)
    yield GaugeMetricFamily("assist_audit_entries", "Entries of the audit.", last.entry if last else 0)
    yield GaugeMetricFamily(
        "assist_audit_checked_timestamp_seconds",
        "When it was last found whole.",
        checked.at.timestamp() if checked else 0,
    )
