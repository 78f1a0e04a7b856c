"""Where the audit ends, kept beside the database: entries taken off its end are missed only by who knows of them.

`audit.head` in the data folder is one line: the id and the hash of the last entry that was committed. It is overwritten
in place, so that whoever dies at it leaves the old line or the new one. `audit.checked` gains a line whenever the chain
was found whole; the next look goes on from the last one.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from assist.config import Settings
from assist.store.clock import moment, stamp

if TYPE_CHECKING:
    from assist.store import Store

_BEGUN_ANEW = "begun anew"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Mark:
    """An entry and the hash it had, as they were written down at a moment."""

    entry: int
    hash: bytes
    at: datetime

    @property
    def line(self) -> str:
        return f"{self.entry:012d} {self.hash.hex()} {stamp(self.at)}\n"


class Unreadable(ValueError):
    """A line that no program of ours wrote."""


def publish(store: Store) -> None:
    """Writes the last committed entry down, unless the one written down before is gone: that stays to be seen.

    A disk that takes no more is no reason to fail what was just committed.
    """
    try:
        with _head(store.settings) as file:
            known = _read(file)
            last = last_of(store)
            if last is None or (known is not None and (last.entry <= known.entry or not holds(store, known))):
                return
            os.pwrite(file, last.line.encode(), 0)
    except (OSError, Unreadable) as error:
        _log.error("audit head not written", reason=type(error).__name__)


def renew(store: Store) -> None:
    """Writes the last entry down whatever stood there, and has checks begin at the first entry again."""
    last = last_of(store)
    with _head(store.settings) as file:
        os.ftruncate(file, 0)
        if last is not None:
            os.pwrite(file, last.line.encode(), 0)
        os.fsync(file)
    _append(store.settings, f"{_BEGUN_ANEW}\n")


def head(settings: Settings) -> Mark | None:
    """The end as it was written down, None where nothing was yet. Raises Unreadable."""
    if not _head_path(settings).exists():
        return None
    with _head(settings) as file:
        return _read(file)


def checks(settings: Settings) -> list[Mark]:
    """Up to which entries the chain was found whole, the latest last; since it was begun anew, if it was.

    Raises Unreadable.
    """
    path = _checked_path(settings)
    if not path.exists():
        return []
    marks: list[Mark] = []
    for line in path.read_text("ascii", errors="replace").splitlines():
        marks = [] if line == _BEGUN_ANEW else [*marks, _mark(line)]
    return marks


def note_check(settings: Settings, mark: Mark) -> None:
    _append(settings, mark.line)


def holds(store: Store, mark: Mark) -> bool:
    """Whether the entry is there with this hash."""
    return bool(store.value("SELECT hash FROM audit WHERE id = ?", [mark.entry]) == mark.hash)


def last_of(store: Store) -> Mark | None:
    """The last entry of the database, None where it holds none."""
    row = store.row("SELECT id, hash, at FROM audit ORDER BY id DESC LIMIT 1")
    return Mark(row["id"], row["hash"], moment(row["at"])) if row else None


@contextmanager
def _head(settings: Settings) -> Iterator[int]:
    """The file of the head, locked against threads and processes."""
    file = os.open(_head_path(settings), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)


def _read(file: int) -> Mark | None:
    text = os.pread(file, 200, 0).decode("ascii", errors="replace")
    return _mark(text.strip()) if text.strip("\0\n ") else None


def _mark(line: str) -> Mark:
    try:
        entry, digest, at = line.split()
        return Mark(int(entry), bytes.fromhex(digest), moment(at))
    except ValueError as error:
        raise Unreadable(line[:100]) from error


def _append(settings: Settings, line: str) -> None:
    with _checked_path(settings).open("a") as file:
        file.write(line)


def _head_path(settings: Settings) -> Path:
    return settings.data / "audit.head"


def _checked_path(settings: Settings) -> Path:
    return settings.data / "audit.checked"
