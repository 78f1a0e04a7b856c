"""Taking a backup: small files, the work queue, the database, then the recordings that the copied database names.

In this order what comes later is at least as new as what it belongs to: an upload that comes in meanwhile is missing
altogether, or there with its row, and the worker of a restored folder finds nothing in the queue that has no call.
"""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import assist
from assist import disk
from assist.backup import forgetting
from assist.backup.manifest import File, Manifest
from assist.backup.vault import Vault
from assist.calls.recordings import path_of
from assist.config import Settings
from assist.errors import InputError
from assist.store import Store
from assist.store.clock import now, stamp
from assist.texts import N_

DATABASE, JOBS = "assist.db", "jobs.db"
_BESIDE = ("audit.head", "audit.checked", "*.key", "keys/*")
TAKEN = "backups.jsonl"
"""In the data folder: when backups were taken and where they lie, so that a deletion can say where traces remain."""


class BackupFailed(InputError):
    message = N_("The backup could not be written: %(reason)s. Make room, then run it again: it goes on where it was.")


@dataclass(frozen=True, slots=True)
class Made:
    """`copied` recordings were new to the backup folder; `missing` had lost their bytes here; `dropped` backups were
    older than those to keep."""

    path: Path
    recordings: int
    copied: int
    missing: tuple[str, ...]
    dropped: int


def make(store: Store, vault: Vault, keep: int | None = None) -> Made:
    """One more backup, itself read back and compared before it counts; then all but the newest `keep` are deleted.

    Raises BackupFailed, BackupRunning, Damaged.
    """
    with vault.locked():
        try:
            return _make(store, vault, keep)
        except (OSError, sqlite3.Error) as error:
            raise BackupFailed(reason=error) from error


def _make(store: Store, vault: Vault, keep: int | None) -> Made:
    at = now()
    folder = vault.begin(at)
    with _workplace(store.settings, vault, folder) as work:
        files = [_keep(vault, path, folder, name) for name, path in _beside(store.settings)]
        if (jobs := _jobs(store.settings)) is not None:
            with closing(sqlite3.connect(jobs, timeout=30)) as live:
                files.append(_keep(vault, _snapshot(live, work / JOBS), folder, JOBS))
        copy = _snapshot(store.db.conn, work / DATABASE)
        wanted = _recordings_in(copy)
        files.append(_keep(vault, copy, folder, DATABASE))
    known, kept = _known(vault), []
    copied, missing = 0, []
    for sha256 in wanted:
        if (one := known.get(sha256)) and vault.recording(sha256).is_file():
            kept.append(one)
        elif one := _recording(store, vault, sha256):
            kept.append(one)
            copied += 1
        elif store.value("SELECT 1 FROM recordings WHERE sha256 = ?", [sha256]):
            missing.append(sha256)
    forgetting.carry(store, vault)
    if (vault.path / "recordings").is_dir():
        disk.sync_tree(vault.path / "recordings")
    made = Manifest(stamp(at), assist.__version__, _step(store), tuple(files), tuple(kept), tuple(missing))
    made.write(folder)
    disk.sync(vault.path)
    _note(store.settings, folder, made)
    dropped = vault.prune(keep) if keep else 0
    return Made(folder, len(kept), copied, tuple(missing), dropped)


@contextmanager
def _workplace(settings: Settings, vault: Vault, folder: Path) -> Iterator[Path]:
    """Where databases are copied to before they are stored: of a sealed backup nothing lies open beside it."""
    work = settings.data / "work" / "backup" if vault.seal.recipients else folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True, mode=0o700)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _snapshot(live: sqlite3.Connection, target: Path) -> Path:
    """One consistent state, sound, as one file with nothing beside it. Raises sqlite3.DatabaseError."""
    with closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        damage = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if damage != "ok":
            raise sqlite3.DatabaseError(damage)
    return target


def _keep(vault: Vault, source: Path, folder: Path, name: str) -> File:
    target = folder / (name + vault.seal.ending)
    content, size = disk.digest(source), source.stat().st_size
    return File(name, content, size, _store(vault, source, target, content))


def _recording(store: Store, vault: Vault, sha256: str) -> File | None:
    """None where its bytes are gone or are not what came in."""
    source = path_of(store.settings, sha256)
    try:
        if disk.digest(source) != sha256:
            return None
        return File(sha256, sha256, source.stat().st_size, _store(vault, source, vault.recording(sha256), sha256))
    except FileNotFoundError:
        return None


def _store(vault: Vault, source: Path, target: Path, content: str) -> str:
    """Writes it and reads it back; the sha256 of what lies there. Raises OSError."""
    with disk.whole(target) as part:
        vault.seal.put(source, part)
        stored = disk.digest(part)
        if not vault.seal.recipients and stored != content:
            raise OSError(f"{target.name}: what was written cannot be read back")
    return stored


def _known(vault: Vault) -> dict[str, File]:
    """What the newest backup says of recordings that lie there already. Raises Damaged."""
    found = vault.backups()
    return {one.sha256: one for one in Manifest.read(found[0]).recordings} if found else {}


def _recordings_in(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as copy:
        rows = copy.execute(forgetting.WITH_SOUND).fetchall()
    return [row[0] for row in rows]


def _jobs(settings: Settings) -> Path | None:
    """The work queue's file; None where it lies elsewhere: unfinished calls are then begun anew after a restore."""
    path = settings.data / JOBS
    return path if settings.jobs_url is None and path.is_file() else None


def _beside(settings: Settings) -> list[tuple[str, Path]]:
    found = {path for pattern in _BESIDE for path in settings.data.glob(pattern) if path.is_file()}
    return [(path.relative_to(settings.data).as_posix(), path) for path in sorted(found)]


def _step(store: Store) -> str:
    return str(store.value("SELECT max(name) FROM _sqlite_migrations WHERE migration_set = 'assist'"))


def _note(settings: Settings, folder: Path, made: Manifest) -> None:
    line = json.dumps({"at": made.made_at, "path": str(folder), "recordings": len(made.recordings)}, ensure_ascii=False)
    with (settings.data / TAKEN).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
