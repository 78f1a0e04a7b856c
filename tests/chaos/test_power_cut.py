"""The power goes: of the database and its log there is what was synced, and any part of what was not.

Whatever was acknowledged before the cut is there afterwards, whole, and nothing is there twice or half.
"""

import random
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from assist.config import Settings
from assist.people import audit
from assist.people.users import User
from assist.store import Store
from tests.chaos.power import Journal, Recorder

DEEDS, CUTS = 25, 100


def deeds(settings: Settings, admin: User, acknowledge: Callable[[int], None]) -> None:
    """Each deed is a row and its audit entry; the log is emptied into the database now and then."""
    store = Store(settings)
    for number in range(1, DEEDS + 1):
        with store.write() as db:
            db.table("teams").insert({"name": f"组 {number} " + "长" * 500 * (number % 7)})
            audit.record(store, admin, "team.create", f"team:{number}")
        acknowledge(number)
        if number % 10 == 0:
            store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()


@pytest.fixture
def journal(settings: Settings, store: Store, admin: User) -> Callable[[], Journal]:
    """What SQLite asked of the disk while the deeds were done."""

    def recorded() -> Journal:
        store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        store.close()
        with Recorder(settings.data).recording() as journal:
            journal.before["assist.db"] = settings.database.read_bytes()
            deeds(settings, admin, journal.acknowledge)
        assert [what for _, what in journal.marks] == list(range(1, DEEDS + 1))
        return journal

    return recorded


def cuts(journal: Journal, folder: Path) -> Iterator[tuple[int, int, int, bool]]:
    """(deeds acknowledged before the cut, rows of deeds, audit entries of deeds, whether something was dropped)."""
    chance = random.Random(5)
    for cut in sorted(chance.randrange(1, len(journal.log)) for _ in range(CUTS)):
        files = journal.after_cut(cut, chance)
        dropped = files != journal.after_cut(cut, Sure())
        yield journal.acknowledged_by(cut), *opened(folder, files), dropped


class Sure(random.Random):
    """Everything reached the disk."""

    def random(self) -> float:
        return 0.0


def opened(folder: Path, files: dict[str, bytes]) -> tuple[int, int]:
    """SQLite opens what is left and finds it sound: (rows, entries)."""
    database = folder / "cut.db"
    database.write_bytes(files["assist.db"])
    (folder / "cut.db-wal").write_bytes(files.get("assist.db-wal", b""))
    (folder / "cut.db-shm").unlink(missing_ok=True)
    left = sqlite3.connect(database)
    try:
        assert left.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = left.execute("SELECT count(*) FROM teams WHERE name LIKE '组 %'").fetchone()[0]
        entries = left.execute("SELECT count(*) FROM audit WHERE action = 'team.create'").fetchone()[0]
        return rows, entries
    finally:
        left.close()


def test_what_was_acknowledged_survives(
    journal: Callable[[], Journal], tmp_path: Path, record_property: Callable[[str, str], None]
) -> None:
    found = list(cuts(journal(), tmp_path))
    lost = [known for known, rows, _, _ in found if rows < known]
    half = [known for known, rows, entries, _ in found if rows != entries]
    dropped = sum(what for *_, what in found)
    record_property(
        "figure", f"power cut: {CUTS} cuts, {dropped} with unsynced pages dropped or torn, {len(lost)} lost"
    )
    assert (lost, half) == ([], [])
    assert dropped > CUTS / 2


def test_without_waiting_for_the_disk_some_would_be_lost(
    journal: Callable[[], Journal], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = Store._connect

    def hasty(store: Store) -> Database:
        made = connect(store)
        made.execute("PRAGMA synchronous = NORMAL")
        return made

    monkeypatch.setattr(Store, "_connect", hasty)
    assert any(rows < known for known, rows, _, _ in cuts(journal(), tmp_path))
