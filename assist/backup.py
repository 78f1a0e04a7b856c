"""A copy of everything that can be restored by copying it back, taken while Assist runs."""

import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from assist.calls.recordings import path_of
from assist.errors import InputError
from assist.store import Store
from assist.texts import N_


class NotEmpty(InputError):
    message = N_("The folder %(path)s is not empty and no earlier backup. Give an empty or a new one.")


class BackupFailed(InputError):
    message = N_("The backup could not be written: %(reason)s. Make room, then run it again: it goes on where it was.")


@dataclass(frozen=True, slots=True)
class Backup:
    path: Path
    recordings: int
    copied: int


def make(store: Store, target: Path) -> Backup:
    """Copies the database (one consistent state), then every recording it knows that the target lacks.

    Recordings never change, so a backup into the same folder copies only what is new. Raises NotEmpty, BackupFailed.
    """
    if target.exists() and any(target.iterdir()) and not (target / "assist.db").exists():
        raise NotEmpty(path=target)
    try:
        target.mkdir(parents=True, exist_ok=True, mode=0o700)
        _copy_database(store, target / "assist.db")
        return _copy_recordings(store, target)
    except (OSError, sqlite3.Error) as error:
        raise BackupFailed(reason=error) from error


def _copy_database(store: Store, target: Path) -> None:
    partial = target.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    copy = sqlite3.connect(partial)
    try:
        store.db.conn.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
    finally:
        copy.close()
    partial.replace(target)


def _copy_recordings(store: Store, target: Path) -> Backup:
    copied, known = 0, store.rows("SELECT sha256 FROM recordings ORDER BY sha256")
    for row in known:
        source = path_of(store.settings, row["sha256"])
        copy = target / "recordings" / row["sha256"][:2] / row["sha256"]
        if copy.exists() or not source.exists():
            continue
        copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = copy.with_name(copy.name + ".partial")
        shutil.copyfile(source, partial)
        partial.replace(copy)
        copied += 1
    return Backup(target, len(known), copied)
