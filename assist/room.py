"""Room on the disk: what a full one looks like, and waiting until there is some again."""

import errno
import shutil
import sqlite3
import time
from collections.abc import Callable
from typing import TypeVar

import structlog

from assist.config import Settings
from assist.errors import SetupError
from assist.texts import N_

LEAST_TO_WORK = 64 * 1024**2
"""Bytes below which a worker begins nothing: the work queue must still be able to note how its last step ended."""

LOOK_EVERY_SECONDS = 5.0
Result = TypeVar("Result")

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

_log = structlog.get_logger(__name__)


class NoRoom(SetupError):
    message = N_("The disk is full: nothing of this was kept. Make room, then do it again.")


def full(error: BaseException) -> bool:
    """Whether an error says that nothing more can be written."""
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return isinstance(error, OSError) and error.errno in _FULL


def free(settings: Settings) -> int:
    """Bytes left where the data lie."""
    return shutil.disk_usage(settings.data).free


def patiently(settings: Settings, work: Callable[[], Result]) -> Result:
    """Does the work when there is room for it; where the disk fills up during it, again when there is."""
    while True:
        wait(settings)
        try:
            return work()
        except (sqlite3.Error, OSError) as error:
            if not full(error):
                raise
            _log.warning("disk full, trying again", reason=type(error).__name__)
        time.sleep(LOOK_EVERY_SECONDS)


def wait(settings: Settings) -> None:
    """Returns when there is room to work, at once where there is."""
    if free(settings) >= LEAST_TO_WORK:
        return
    _log.warning("disk full, waiting", least=LEAST_TO_WORK)
    while free(settings) < LEAST_TO_WORK:
        time.sleep(LOOK_EVERY_SECONDS)
    _log.info("room again, going on")
