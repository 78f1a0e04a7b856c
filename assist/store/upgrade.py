"""Before an older database is upgraded in place, a copy of it is kept beside it, so that there is a way back.

The steps run in one transaction: where one fails, the database is as it was. The copy is for the other case, that the
new version turns out not to be wanted: an older Assist does not open what a newer one has upgraded.
"""

import os
import shutil
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from assist.config import Settings
from assist.errors import SetupError
from assist.store.migrations import MIGRATIONS
from assist.texts import N_

KEPT = 3
"""So many copies; the oldest go."""

_SPARE_BYTES = 64 * 1024**2


class NoRoomToUpgrade(SetupError):
    message = N_(
        "The database has to be upgraded, and there is no room for the copy that is taken before (%(needed)s MB are "
        "needed in %(path)s). Make room and start again; nothing was changed."
    )


class UpgradeFailed(SetupError):
    message = N_(
        "Upgrading the database failed at step %(step)s (%(reason)s). Nothing was changed: go on with the version "
        "before. Should it not open any more, stop Assist and put the copy %(copy)s in the place of %(path)s."
    )


def upgrade(settings: Settings, db: Database) -> None:
    """Applies the steps that are missing, in the open write transaction of `db`; what holds data is copied before.

    Raises NoRoomToUpgrade, UpgradeFailed.
    """
    pending = MIGRATIONS.pending(db)
    if not pending:
        return
    copy = keep(settings, pending[0].name) if MIGRATIONS.applied(db) else None
    for step in pending:
        later = [one.name for one in pending if one.name > step.name]
        try:
            MIGRATIONS.apply(db, stop_before=later)
        except Exception as error:
            if copy is None:
                raise
            raise UpgradeFailed(step=step.name, reason=error, copy=copy, path=settings.database) from error


def keep(settings: Settings, step: str) -> Path:
    """A copy of what is committed, `backups/before-STEP-TIME.db`; older ones beyond KEPT go. Raises NoRoomToUpgrade."""
    folder = folder_of(settings)
    folder.mkdir(exist_ok=True, mode=0o700)
    size = settings.database.stat().st_size + _SPARE_BYTES
    if shutil.disk_usage(folder).free < size:
        raise NoRoomToUpgrade(needed=size // 1024**2, path=folder)
    target = folder / f"before-{step}-{datetime.now(UTC):%Y%m%dT%H%M%S}.db"
    partial = target.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    _copy(settings.database, partial)
    partial.replace(target)
    for old in copies(settings)[KEPT:]:
        old.unlink(missing_ok=True)
    return target


def copies(settings: Settings) -> Sequence[Path]:
    """The copies there are, the latest first."""
    return sorted(folder_of(settings).glob("before-*.db"), key=lambda path: path.stem[-15:], reverse=True)


def folder_of(settings: Settings) -> Path:
    return settings.data / "backups"


def _copy(source: Path, target: Path) -> None:
    """Whole and on the disk. The file is made with nobody else's rights: it holds what the database holds."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    connections: list[Any] = [
        sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True),
        sqlite3.connect(target),
    ]
    try:
        connections[0].backup(connections[1])
        connections[1].execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
    finally:
        for connection in connections:
            connection.close()
    with target.open("rb") as file:
        os.fsync(file.fileno())
