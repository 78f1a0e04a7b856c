"""The disk is full: an upload is refused with one sentence and leaves nothing, the worker waits and goes on."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlite_utils import Database

from assist import mending, room
from assist.backup import making, vault
from assist.calls import calls, recordings
from assist.calls.calls import Call
from assist.calls.recordings import DiskFull
from assist.config import Settings
from assist.errors import AssistError
from assist.people.users import User
from assist.pipeline import STEPS, Pipeline
from assist.store import Store
from tests import fakes

MOST_UPLOADS = 200


@pytest.fixture
def database_full(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Callable[[bool], None]:
    """SQLite itself refuses to grow the file, with the error of a full disk, on connections opened from then on."""
    limit, connect = [0], Store._connect

    def limited(store: Store) -> Database:
        opened = connect(store)
        opened.execute(f"PRAGMA max_page_count = {limit[0] or 1 << 30}")
        return opened

    def switch(full: bool) -> None:
        store = Store(settings)
        limit[0] = store.value("PRAGMA page_count") if full else 0
        store.close()

    monkeypatch.setattr(Store, "_connect", limited)
    return switch


@pytest.fixture
def files_full(monkeypatch: pytest.MonkeyPatch) -> None:
    """Recordings are written to a device that is full."""
    made = tempfile.mkstemp

    def full(**given: object) -> tuple[int, str]:
        handle, path = made(**given)
        os.close(handle)
        return os.open("/dev/full", os.O_WRONLY), path

    monkeypatch.setattr(tempfile, "mkstemp", full)


def files(store: Store) -> list[str]:
    return sorted(path.name for path in store.settings.recordings.rglob("*") if path.is_file())


def bring(store: Store, agent: User, number: int) -> Call:
    recording = recordings.receive(store, [fakes.recording(f"agent: {number}")], f"{number}.wav")
    return calls.add(store, agent, recording)[0]


def refused(store: Store, agent: User) -> int:
    """Uploads until one is refused for want of room; the number of that one."""
    for number in range(MOST_UPLOADS):
        try:
            bring(store, agent, number)
        except Exception as error:
            assert isinstance(error, DiskFull) or room.full(error), error
            return number
    raise AssertionError("the disk never was full")


def test_an_upload_that_the_database_has_no_room_for_leaves_nothing(
    settings: Settings, agent: User, database_full: Callable[[bool], None]
) -> None:
    database_full(True)
    store = Store(settings)
    number = refused(store, agent)
    assert store.value("SELECT count(*) FROM calls") == number
    assert len(files(store)) == number == store.value("SELECT count(*) FROM recordings")
    assert mending.find(store, older=mending.NOW).every() == ()
    store.close()
    database_full(False)
    store = Store(settings)
    assert bring(store, agent, number).file_name == f"{number}.wav"
    store.close()


@pytest.mark.usefixtures("files_full")
def test_an_upload_that_the_folder_has_no_room_for_leaves_nothing(store: Store, agent: User) -> None:
    with pytest.raises(DiskFull, match="Make room"):
        bring(store, agent, 1)
    assert files(store) == []
    assert store.value("SELECT count(*) FROM recordings") == 0


def test_an_upload_that_no_call_comes_of_leaves_nothing(store: Store, agent: User) -> None:
    recording = recordings.receive(store, [fakes.recording("agent: 1")], "1.wav")
    with pytest.raises(AssistError):
        calls.add(store, agent, recording, calls.Details(campaign="there-is-none"))
    assert files(store) == []
    assert store.value("SELECT count(*) FROM recordings") == 0


def test_the_worker_waits_for_room_and_goes_on(
    settings: Settings, upload: Callable[..., Call], agent: User, database_full: Callable[[bool], None], monkeypatch
) -> None:
    call = upload(agent, *(f"agent: {os.urandom(400).hex()}" for _ in range(20)))
    database_full(True)
    store, waited = Store(settings), []

    def look_again(seconds: float) -> None:
        waited.append(seconds)
        if waited.count(room.LOOK_EVERY_SECONDS) == 3:
            store.db.execute(f"PRAGMA max_page_count = {1 << 30}")

    monkeypatch.setattr(room.time, "sleep", look_again)
    pipeline = Pipeline(store, fakes.FakeEngine())
    assert [pipeline.run(step, call.id, call.run) for step in STEPS] == ["done"] * len(STEPS)
    assert waited.count(room.LOOK_EVERY_SECONDS) == 3
    assert calls.load(store, call.id).state == "ready"
    assert store.value("SELECT count(*) FROM transcripts") == 1
    store.close()


def test_the_worker_begins_nothing_while_there_is_hardly_any_room(settings: Settings, monkeypatch) -> None:
    left = iter([room.LEAST_TO_WORK - 1, room.LEAST_TO_WORK - 1, 0, room.LEAST_TO_WORK])
    monkeypatch.setattr(room, "free", lambda settings: next(left))
    monkeypatch.setattr(room.time, "sleep", lambda seconds: None)
    assert room.patiently(settings, lambda: "done") == "done"
    assert next(left, None) is None


def test_what_is_no_want_of_room_is_told_at_once(settings: Settings) -> None:
    def broken() -> None:
        raise PermissionError(13, "no")

    with pytest.raises(PermissionError):
        room.patiently(settings, broken)


def test_a_backup_that_finds_no_room_is_none(store: Store, agent: User, tmp_path: Path, monkeypatch) -> None:
    bring(store, agent, 1)

    def full(source: Path, target: Path) -> None:
        with Path("/dev/full").open("wb") as device:
            device.write(source.read_bytes())

    kept = vault.make(tmp_path / "backups")
    with monkeypatch.context() as patch:
        patch.setattr("shutil.copyfile", full)
        with pytest.raises(making.BackupFailed, match="Make room"):
            making.make(store, kept)
    assert kept.backups() == []
    assert making.make(store, kept).recordings == 1
