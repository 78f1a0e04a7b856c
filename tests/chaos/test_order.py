"""What a power cut needs: the bytes of a recording and their name are on the disk before the row that tells of them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from assist import disk
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
    store.db.conn.set_trace_callback(lambda sql: seen.append(sql[:80]) if sql.lstrip().startswith(words) else None)
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
        next(number for number, event in enumerate(events) if event.startswith("INSERT") and "recordings" in event),
        index(events, "COMMIT"),
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
