"""Recordings come in: streamed to a temporary file, hashed on the way, and only then given their name and their row.

The name of the sender's file is never used as a path. The bytes lie in `recordings/<aa>/<sha256>`; a crash at any
moment leaves at most a temporary file, which the worker sweeps when it starts.
"""

import hashlib
import os
import sqlite3
import tempfile
import time
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from assist import disk
from assist.calls.refusals import EmptyRecording, NotARecording, TooBig
from assist.config import Settings
from assist.errors import Conflict, SetupError
from assist.privacy import ledger
from assist.room import full
from assist.store import Store
from assist.store.clock import stamp
from assist.texts import N_

LONGEST_NAME = 120
_HEAD = 4096
_ABANDONED_SECONDS = 6 * 3600
_OTHER_THINGS = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"%PDF", b"PK\x03\x04", b"PK\x05\x06", b"\x7fELF", b"MZ",
    b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"SQLite format",
)  # fmt: skip
"""How images, documents, archives and programs begin."""


class DiskFull(SetupError):
    message = N_("The recording could not be written: %(reason)s. Make room on the disk and upload it again.")


class Vanished(Conflict):
    message = N_("This recording was deleted at the moment it came in. Upload it again.")


@dataclass(frozen=True, slots=True)
class Recording:
    """Bytes that are safely in the house. `name` is the sender's file name, fit to be shown."""

    sha256: str
    bytes: int
    name: str


def receive(store: Store, chunks: Iterable[bytes], name: str) -> Recording:
    """Raises EmptyRecording, NotARecording, TooBig, DiskFull; then nothing stays behind."""
    with Intake(store, name) as intake:
        for chunk in chunks:
            intake.write(chunk)
        return intake.finish()


def enter(store: Store, recording: Recording) -> None:
    """The row of bytes that lie at their place. Raises Vanished, DeletedBefore, RemovedBefore.

    Rows are written and bytes deleted (`discard`) only inside write transactions: who comes second sees the first.
    """
    with store.write() as db:
        ledger.refuse(store, recording.sha256)
        if not path_of(store.settings, recording.sha256).exists():
            raise Vanished
        values = {"sha256": recording.sha256, "bytes": recording.bytes, "received_at": stamp()}
        db.table("recordings").insert(values, pk="sha256", ignore=True)


def discard(store: Store, sha256: str) -> bool:
    """Deletes bytes that no row names; False where one does, or there are none."""
    path = path_of(store.settings, sha256)
    with store.write():
        if store.value("SELECT 1 FROM recordings WHERE sha256 = ?", [sha256]) or not path.exists():
            return False
        path.unlink()
        return True


def abandon(store: Store, sha256: str) -> bool:
    """Deletes a recording that no call came of: its row, then its bytes; whether it did."""
    with store.write() as db:
        gone = db.execute(
            """DELETE FROM recordings WHERE sha256 = :sha AND NOT EXISTS (SELECT 1 FROM calls WHERE sha256 = :sha)
               AND NOT EXISTS (SELECT 1 FROM transcripts WHERE sha256 = :sha)
               AND NOT EXISTS (SELECT 1 FROM peaks WHERE sha256 = :sha)""",
            {"sha": sha256},
        ).rowcount
    return discard(store, sha256) and bool(gone)


def path_of(settings: Settings, sha256: str) -> Path:
    """Where the bytes of a recording lie."""
    return settings.recordings / sha256[:2] / sha256


def display_name(name: str) -> str:
    """The last part of a file name, without control signs, at most 120 characters, its ending kept."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(sign for sign in last if sign.isprintable()).strip(" .") or "recording"
    stem, dot, ending = shown.rpartition(".")
    if len(shown) <= LONGEST_NAME:
        return shown
    return f"{stem[: LONGEST_NAME - 8]}….{ending}" if dot and len(ending) <= 5 else shown[: LONGEST_NAME - 1] + "…"


def sweep(settings: Settings) -> int:
    """Deletes temporary files of uploads that were cut off; how many."""
    limit = time.time() - _ABANDONED_SECONDS
    old = [path for path in settings.recordings.glob("incoming/*") if path.stat().st_mtime < limit]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


class Intake:
    """One recording on its way in: `write` its chunks, then `finish`. Left before that, it leaves nothing behind."""

    def __init__(self, store: Store, name: str) -> None:
        self._store = store
        self._name = display_name(name)
        self._hash = hashlib.sha256()
        self._size = 0
        self._head = b""
        folder = store.settings.recordings / "incoming"
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, path = tempfile.mkstemp(dir=folder)
        except OSError as error:
            raise DiskFull(reason=error.strerror) from error
        self._file = os.fdopen(handle, "wb")
        self._path = Path(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.abort()

    def write(self, chunk: bytes) -> None:
        """Raises TooBig, NotARecording, DiskFull as soon as it shows."""
        self._size += len(chunk)
        most = self._store.settings.max_upload_bytes
        if self._size > most:
            raise TooBig(most=most // 1024**2)
        if len(self._head) < _HEAD:
            self._head += chunk[: _HEAD - len(self._head)]
            _refuse_other_things(self._head)
        self._hash.update(chunk)
        try:
            self._file.write(chunk)
        except OSError as error:
            raise DiskFull(reason=error.strerror) from error

    def finish(self) -> Recording:
        """Name, then row. Raises EmptyRecording, NotARecording, DeletedBefore, RemovedBefore, DiskFull."""
        recording = self.settle()
        try:
            enter(self._store, recording)
        except sqlite3.OperationalError as error:
            with suppress(sqlite3.Error):
                discard(self._store, recording.sha256)
            if not full(error):
                raise
            raise DiskFull(reason=error) from error
        return recording

    def settle(self) -> Recording:
        """The bytes at their place, without their row: `enter` it with others. Raises as `finish` does."""
        if not self._size:
            raise EmptyRecording
        if _is_text(self._head):
            raise NotARecording
        sha256 = self._hash.hexdigest()
        ledger.refuse(self._store, sha256)
        try:
            self._settle(path_of(self._store.settings, sha256))
        except OSError as error:
            raise DiskFull(reason=error.strerror) from error
        return Recording(sha256, self._size, self._name)

    def abort(self) -> None:
        with suppress(OSError):  # a full disk refuses the last bytes once more
            self._file.close()
        self._path.unlink(missing_ok=True)

    def _settle(self, target: Path) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path.replace(target)
        for folder in (target.parent, target.parent.parent):
            disk.sync(folder)


def _refuse_other_things(head: bytes) -> None:
    if head.startswith(_OTHER_THINGS):
        raise NotARecording


def _is_text(head: bytes) -> bool:
    """Whether the beginning reads as text: sound files have zero bytes or invalid UTF-8 early on."""
    try:
        text = head[: _HEAD - 4].decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 8:
            return False
        text = head[: error.start].decode("utf-8")
    return all(sign.isprintable() or sign in "\r\n\t\f" for sign in text)
