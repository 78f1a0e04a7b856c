"""Restoring a backup into an empty place: every file is compared before the folder can be used.

Until all is there a folder `.restoring` lies in the place, and Assist does not start on it (`assist.store`). Broken off
anywhere, the same command begins anew.
"""

import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from assist import disk, locks
from assist.backup import forgetting
from assist.backup.checking import parts
from assist.backup.making import DATABASE
from assist.backup.manifest import Damaged, File, Manifest
from assist.backup.sealing import KeyNeeded
from assist.backup.vault import Vault
from assist.errors import Conflict, InputError
from assist.store.database import RESTORING
from assist.texts import N_

_LOCK = "lock"


class PlaceNotEmpty(InputError):
    message = N_("The folder %(path)s is not empty. Restore into a new one, then put it in the place of the old one.")


class RestoreRunning(Conflict):
    message = N_("Another restore into %(path)s is running. Wait until it is done.")


class RestoreFailed(InputError):
    message = N_("The backup could not be restored: %(reason)s. Nothing was left in %(path)s. Make room and try again.")


@dataclass(frozen=True, slots=True)
class Restored:
    """`deleted` calls were in the backup and had been deleted since; `missing` recordings had lost their bytes when it
    was taken."""

    path: Path
    backup: str
    recordings: int
    missing: int
    deleted: int


def restore(vault: Vault, backup: Path, target: Path) -> Restored:
    """Raises PlaceNotEmpty, RestoreRunning, KeyNeeded, WrongKey, Damaged (naming the file), RestoreFailed; then the
    place is as it was."""
    if vault.seal.recipients and not vault.seal.identities:
        raise KeyNeeded
    manifest = Manifest.read(backup)
    _refuse_used(target)
    work, new = target / RESTORING, not target.exists()
    try:
        work.mkdir(parents=True, exist_ok=True, mode=0o700)
        with locks.on(work / _LOCK):
            _clear(target)
            return _restore(vault, backup, manifest, target)
    except locks.Taken as error:
        raise RestoreRunning(path=target) from error
    except InputError:
        _leave(target, new)
        raise
    except (OSError, sqlite3.Error) as error:
        _leave(target, new)
        raise RestoreFailed(reason=error, path=target) from error


def _restore(vault: Vault, backup: Path, manifest: Manifest, target: Path) -> Restored:
    work = target / RESTORING / "data"
    work.mkdir(mode=0o700)
    (work / "recordings").mkdir(mode=0o700)
    found = list(parts(vault, backup, manifest))
    broken = [name for name, stored, one in found if not _bring(vault, stored, work / name, one)]
    if broken:
        raise Damaged(file=broken[0], count=len(broken))
    _look_into(work / DATABASE, backup)
    deleted = forgetting.apply(vault, work)
    disk.sync_tree(work)
    for path in sorted(work.iterdir(), key=lambda path: path.name == DATABASE):  # the database last
        path.replace(target / path.name)
    disk.sync(target)
    shutil.rmtree(target / RESTORING)
    disk.sync(target)
    return Restored(target, backup.name, len(found) - len(manifest.files), len(manifest.missing), deleted)


def _bring(vault: Vault, stored: Path, target: Path, one: File) -> bool:
    """Whether the file is there and what it should be."""
    try:
        if disk.digest(stored) != one.stored:
            return False
    except FileNotFoundError:
        return False
    with disk.whole(target) as part:
        vault.seal.take(stored, part)
        part.chmod(0o600)
        return disk.digest(part) == one.sha256


def _look_into(database: Path, backup: Path) -> None:
    """Raises Damaged where SQLite finds the database unsound, though it is what was written."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro&immutable=1", uri=True)) as copy:
        damage = [row[0] for row in copy.execute("PRAGMA integrity_check") if row[0] != "ok"]
        if damage or copy.execute("PRAGMA foreign_key_check").fetchall():
            raise Damaged(file=f"{backup.name}/{DATABASE}", count=1)


def _refuse_used(target: Path) -> None:
    """A place where a restore was broken off counts as empty: all that lies there came from it."""
    if target.exists() and not target.is_dir():
        raise PlaceNotEmpty(path=target)
    names = {path.name for path in target.iterdir()} if target.exists() else set()
    if names and RESTORING not in names:
        raise PlaceNotEmpty(path=target)


def _clear(target: Path) -> None:
    for path in (*(one for one in target.iterdir() if one.name != RESTORING), *(target / RESTORING).iterdir()):
        if path.name == _LOCK:
            continue
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _leave(target: Path, new: bool) -> None:
    with suppress(OSError):
        _clear(target)
        shutil.rmtree(target / RESTORING)
        if new:
            target.rmdir()
