"""Backup, restore and upgrade as deeds to be killed in."""

import sqlite3
from pathlib import Path
from typing import Any

from assist import disk
from assist.backup import checking, making, restoring, vault
from assist.config import Settings
from assist.store import Store
from assist.store.migrations import MIGRATIONS
from tests.chaos import state
from tests.chaos.nursery import Acknowledge
from tests.chaos.points import Points

FIRST_RELEASED = "m017"
"""Folders of the first released version have all steps before this one."""


def backup(acknowledge: Acknowledge, points: Points, folder: str, target: str) -> None:
    """Two backups into one folder, the first of them to be dropped by a third."""
    store = state.opened(folder)
    for number in ("first", "second", "third"):
        made = making.make(store, vault.make(Path(target)), keep=2)
        acknowledge(f"{number} {made.path.name}")


def after_backup(acknowledge: Acknowledge, points: Points, folder: str, target: str, acknowledged: list[str]) -> Any:
    """What is there of backups is whole, and what was acknowledged is among it or was dropped for newer ones."""
    kept = vault.make(Path(target))
    complete = kept.backups()
    for one in complete:
        checking.check(kept, one)
    newest = acknowledged[-1].split()[1] if acknowledged else ""
    lost = [newest] if newest > (complete[0].name if complete else "") else []
    for _ in range(2):
        checking.check(kept, making.make(state.opened(folder), kept, keep=2).path)
    parts = [path.name for path in Path(target).rglob(f"*{disk.PART}")]
    unfinished = [path.name for path in Path(target).glob("0*") if not (path / "manifest.json").exists()]
    return {"lost": lost, "wrong": [*parts, *unfinished], "told": {"kept": len(kept.backups())}}


def restore(acknowledge: Acknowledge, points: Points, source: str, folder: str) -> None:
    found, one = vault.find(Path(source))
    restoring.restore(found, one, Path(folder))
    acknowledge("restored")


def after_restore(acknowledge: Acknowledge, points: Points, source: str, folder: str, acknowledged: list[str]) -> Any:
    """Either all is there or nothing can be used; the same command again makes it whole."""
    settings = Settings(data=Path(folder), _env_file=None)
    lost: list[str] = []
    usable = settings.database.exists() and not (settings.data / ".restoring").exists()
    if acknowledged and not usable:
        lost = ["restored"]
    if not usable:
        restore(acknowledge, points, source, folder)
    digests = {name: disk.digest(path) for name, path in sorted(_files(settings.data))}
    store = Store(settings)
    return {"lost": lost, "wrong": state.wrong(store), "told": {"files": digests}}


def old_folder(acknowledge: Acknowledge, points: Points, folder: str) -> None:
    """A database as the first released version left it, with somebody in it."""
    from sqlite_utils import Database

    Path(folder).mkdir()
    database = Database(sqlite3.connect(Path(folder) / "assist.db"), execute_plugins=False)
    later = [step.name for step in MIGRATIONS.pending(database) if step.name >= FIRST_RELEASED]
    MIGRATIONS.apply(database, stop_before=later)
    database.execute("PRAGMA journal_mode = WAL")
    with database.atomic():
        database.table("teams").insert({"id": 1, "name": "一组"})
    database.conn.close()


def upgrade(acknowledge: Acknowledge, points: Points, folder: str) -> None:
    state.opened(folder)
    acknowledge("upgraded")


def after_upgrade(acknowledge: Acknowledge, points: Points, folder: str, acknowledged: list[str]) -> Any:
    """It opens, is of the newest shape and has kept what was in it."""
    upgraded = sqlite3.connect(Path(folder) / "assist.db")
    done = {row[0] for row in upgraded.execute("SELECT name FROM _sqlite_migrations")}
    lost = ["upgraded"] if acknowledged and len(done) < len(MIGRATIONS.applied(state.opened(folder).db)) else []
    upgraded.close()
    store = state.opened(folder)
    shape = store.rows("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
    told = {"shape": [list(row.values()) for row in shape], "teams": store.rows("SELECT * FROM teams")}
    return {"lost": lost, "wrong": state.wrong(store), "told": told}


def _files(folder: Path) -> list[tuple[str, Path]]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return [(path.relative_to(folder).as_posix(), path) for path in found]
