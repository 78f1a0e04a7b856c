"""Can this installation take in work and do it? Asked often, by machines: quick, and says nothing of anybody."""

import shutil
import sqlite3
from collections.abc import Callable

import sqlalchemy

from assist import jobs
from assist.errors import AssistError
from assist.fleet import beats
from assist.store import Store

LEAST_FREE_BYTES = 1024**3
OK = "ok"

READY, DEGRADED, UNREADY = "ready", "degraded", "unready"


def checks(store: Store) -> dict[str, str]:
    """Each part with `ok`, or in a word what it lacks."""
    return {name: _asked(check, store) for name, check in _CHECKS.items()}


def status(found: dict[str, str]) -> str:
    """Without a worker recordings are still taken in and none is lost: that is degraded, not unready."""
    lacking = {name for name, word in found.items() if word != OK}
    return UNREADY if lacking - {"worker"} else DEGRADED if lacking else READY


def _asked(check: Callable[[Store], str], store: Store) -> str:
    try:
        return check(store)
    except (AssistError, OSError, sqlite3.Error, sqlalchemy.exc.SQLAlchemyError):
        return "unreachable"


def _store(store: Store) -> str:
    store.value("SELECT 1 FROM calls LIMIT 1")
    return OK


def _queue(store: Store) -> str:
    jobs.client(store.settings).check_connection()
    return OK


def _disk(store: Store) -> str:
    return OK if shutil.disk_usage(store.settings.data).free >= LEAST_FREE_BYTES else "full"


def _worker(store: Store) -> str:
    return OK if beats.living(store.settings) else "silent"


_CHECKS = {"store": _store, "queue": _queue, "disk": _disk, "worker": _worker}
