"""What a power cut needs: the bytes of a recording and their name are on the disk before the row that tells of them."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from assist.backup import disk
from assist.calls import calls, recordings
from assist.people.users import User
from assist.store import Store
from tests import fakes


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch, store: Store) -> list[str]:
    """Syncs and renames by the last parts of their paths, and statements that write, in order."""
    seen: list[str] = []

    def path_of(handle: int) -> str:
        return "/".join(Path(f"/proc/self/fd/{handle}").readlink().parts[-2:])

    def spied(name: str, told: Callable[..., str]) -> None:
        operation = getattr(os, name)

        def spy(*given: object, **named: object) -> object:
            seen.append(f"{name} {told(*given)}")
            return operation(*given, **named)

        monkeypatch.setattr(os, name, spy)

    spied("fsync", path_of)
    spied("replace", lambda source, target: "/".join(Path(target).parts[-2:]))
    words = ("INSERT", "COMMIT")
    store.db.conn.set_trace_callback(lambda sql: seen.append(sql[:24]) if sql.lstrip().startswith(words) else None)
    return seen


def index(seen: list[str], beginning: str) -> int:
    return next(number for number, event in enumerate(seen) if event.startswith(beginning))


def test_bytes_then_name_then_row(store: Store, agent: User, events: list[str]) -> None:
    recording = recordings.receive(store, [fakes.recording("agent: 您好")], "a.wav")
    calls.add(store, agent, recording)
    two = recording.sha256[:2]
    order = [
        index(events, "fsync incoming/"),
        index(events, f"replace {two}/{recording.sha256}"),
        index(events, f"fsync recordings/{two}"),
        index(events, "fsync data/recordings"),
        next(
            number for number, event in enumerate(events) if "INTO" in event and "[recordings" in event + "[recordings"
        ),
    ]
    assert order == sorted(order)


def test_what_is_accepted_is_synced(store: Store) -> None:
    assert store.value("PRAGMA synchronous") == 2
    assert store.value("PRAGMA journal_mode") == "wal"


def test_a_file_of_a_backup_is_synced_before_it_has_its_name(tmp_path: Path, events: list[str]) -> None:
    disk.write(tmp_path / "manifest.json", b"{}")
    order = [index(events, beginning) for beginning in (f"fsync {tmp_path.name}/manifest", "replace")]
    assert order == sorted(order)
    assert events[-1] == f"fsync {'/'.join(tmp_path.parts[-2:])}"


def test_a_torn_end_of_the_log_loses_nothing_that_was_acknowledged(store: Store, tmp_path: Path) -> None:
    """The database and its log as they lie at many moments, the log cut off or overwritten behind what was synced."""
    store.db.execute("CREATE TABLE counted (number INTEGER PRIMARY KEY, body BLOB)")
    for number in range(1, 40):
        store.change("INSERT INTO counted (body) VALUES (?)", [os.urandom(3000)])
        whole = [store.settings.database.with_name(name).read_bytes() for name in ("assist.db", "assist.db-wal")]
        store.db.execute("BEGIN IMMEDIATE")
        store.db.execute("INSERT INTO counted (body) VALUES (?)", [os.urandom(30000)])
        store.db.execute("COMMIT")
        torn = store.settings.database.with_name("assist.db-wal").read_bytes()
        cut = len(whole[1]) + (number * 977) % max(1, len(torn) - len(whole[1]) - 1)
        assert_counted(tmp_path, whole[0], torn[:cut], number * 2 - 1)
        spoilt = torn[:cut] + os.urandom(512) + torn[cut + 512 :]
        assert_counted(tmp_path, whole[0], spoilt, number * 2 - 1)


def assert_counted(folder: Path, database: bytes, log: bytes, least: int) -> None:
    (folder / "cut.db").write_bytes(database)
    (folder / "cut.db-wal").write_bytes(log)
    (folder / "cut.db-shm").unlink(missing_ok=True)
    opened = sqlite3.connect(folder / "cut.db")
    assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert opened.execute("SELECT count(*) FROM counted").fetchone()[0] >= least
    opened.close()
