"""A power cut for SQLite: a file system between SQLite and the disk that notes every write, truncation and sync.

What was written after a file's last sync may be on the disk or not, whole or in part, in any order; what was synced is.
`Journal.after_cut` makes the files as they may be found after a cut at any moment.

The file system is an SQLite VFS (https://www.sqlite.org/vfs.html) made with ctypes: only its `xOpen` is our own, it
exchanges the table of methods of each file for one whose `xWrite`, `xTruncate` and `xSync` note what they are asked
for and then ask the real ones.
"""

import _sqlite3
import ctypes
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SECTOR = 512


@dataclass(frozen=True, slots=True)
class Entry:
    """`kind` is write (bytes at an offset), truncate (to an offset) or sync, of the file `name`."""

    name: str
    kind: str
    offset: int = 0
    content: bytes = b""


@dataclass
class Journal:
    """Everything in order; `marks` are (position in the log, what was acknowledged there); `before` are the files as
    they lay on the disk at the beginning."""

    before: dict[str, bytes] = field(default_factory=dict)
    log: list[Entry] = field(default_factory=list)
    marks: list[tuple[int, int]] = field(default_factory=list)

    def acknowledge(self, what: int) -> None:
        self.marks.append((len(self.log), what))

    def acknowledged_by(self, cut: int) -> int:
        """The last that was acknowledged before a position of the log; 0 for nothing."""
        return max((what for position, what in self.marks if position <= cut), default=0)

    def after_cut(self, cut: int, chance: random.Random) -> dict[str, bytes]:
        """The files as a cut after so many entries may leave them."""
        synced = {entry.name: number for number, entry in enumerate(self.log[:cut]) if entry.kind == "sync"}
        files = {name: bytearray(content) for name, content in self.before.items()}
        for number, entry in enumerate(self.log[:cut]):
            safe = number < synced.get(entry.name, -1)
            if safe or chance.random() < 0.5:
                _apply(files.setdefault(entry.name, bytearray()), entry, None if safe else chance)
        return {name: bytes(content) for name, content in files.items()}


def _apply(content: bytearray, entry: Entry, chance: random.Random | None) -> None:
    """All of an entry or, with `chance`, some sectors of it."""
    if entry.kind == "truncate":
        del content[entry.offset :]
        return
    for start in range(0, len(entry.content), SECTOR):
        if chance is None or chance.random() < 0.7:
            part, place = entry.content[start : start + SECTOR], entry.offset + start
            content.extend(bytes(max(0, place - len(content))))
            content[place : place + len(part)] = part


class _File(Structure):
    _fields_ = [("methods", c_void_p)]


_Write = CFUNCTYPE(c_int, POINTER(_File), c_void_p, c_int, c_int64)
_Truncate = CFUNCTYPE(c_int, POINTER(_File), c_int64)
_Sync = CFUNCTYPE(c_int, POINTER(_File), c_int)
_Open = CFUNCTYPE(c_int, c_void_p, c_char_p, POINTER(_File), c_int, POINTER(c_int))
_POINTERS = 20
"""As many as the table of methods has at most, beside its version."""


class _Methods(Structure):
    """sqlite3_io_methods: a version, then pointers: xClose, xRead, xWrite, xTruncate, xSync, …"""

    _fields_ = [("version", c_int), ("table", c_void_p * _POINTERS)]


class _Vfs(Structure):
    """sqlite3_vfs as far as `xOpen`; what follows is copied as it is."""

    _fields_ = [
        ("version", c_int),
        ("file_size", c_int),
        ("longest_path", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("app", c_void_p),
        ("open", c_void_p),
        ("rest", c_void_p * 16),
    ]


_WRITE, _TRUNCATE, _SYNC = 2, 3, 4


class Recorder:
    """The VFS: while `recording`, every file that SQLite opens under `folder` is noted in the journal."""

    def __init__(self, folder: Path) -> None:
        self.journal = Journal()
        self._folder = str(folder.resolve())
        self._keep: list[Any] = []  # what SQLite has pointers to
        self._names: dict[int, str] = {}
        self._lib = ctypes.CDLL(_sqlite3.__file__)  # the SQLite that this Python uses, in it or beside it
        self._lib.sqlite3_vfs_find.restype = POINTER(_Vfs)
        self._lib.sqlite3_vfs_find.argtypes = [c_char_p]
        self._lib.sqlite3_vfs_register.argtypes = [POINTER(_Vfs), c_int]
        self._lib.sqlite3_vfs_unregister.argtypes = [POINTER(_Vfs)]

    @contextmanager
    def recording(self) -> Iterator[Journal]:
        default = self._lib.sqlite3_vfs_find(None)
        real = _Open(default.contents.open)
        mine = _Vfs.from_buffer_copy(default.contents)
        opener = _Open(self._opener(real))
        mine.name, mine.next = b"power-cut", None
        mine.open = ctypes.cast(opener, c_void_p).value
        self._keep += [mine, opener, real]
        self._lib.sqlite3_vfs_register(ctypes.byref(mine), 1)
        try:
            yield self.journal
        finally:
            self._lib.sqlite3_vfs_register(default, 1)
            self._lib.sqlite3_vfs_unregister(ctypes.byref(mine))

    def _opener(self, real: Callable[..., int]) -> Callable[..., int]:
        def opened(vfs: int, name: bytes | None, file: Any, flags: int, out: Any) -> int:
            status = real(vfs, name, file, flags, out)
            if status == 0 and name and name.decode().startswith(self._folder):
                self._names[ctypes.addressof(file.contents)] = Path(name.decode()).name
                file.contents.methods = self._noting(file.contents.methods)
            return status

        return opened

    def _noting(self, table: int) -> int:
        """A table of methods that notes, made of a real one."""
        real = ctypes.cast(table, POINTER(_Methods)).contents
        mine = _Methods.from_buffer_copy(real)
        mine.version = min(real.version, 2)  # without memory mapping: every write is asked for
        write, truncate, sync = _Write(real.table[_WRITE]), _Truncate(real.table[_TRUNCATE]), _Sync(real.table[_SYNC])

        def on_write(file: Any, content: int, size: int, offset: int) -> int:
            self._note(file, "write", offset, ctypes.string_at(content, size))
            return int(write(file, content, size, offset))

        def on_truncate(file: Any, size: int) -> int:
            self._note(file, "truncate", size)
            return int(truncate(file, size))

        def on_sync(file: Any, flags: int) -> int:
            status = int(sync(file, flags))
            self._note(file, "sync")
            return status

        noting = (_Write(on_write), _Truncate(on_truncate), _Sync(on_sync))
        for place, function in zip((_WRITE, _TRUNCATE, _SYNC), noting, strict=True):
            mine.table[place] = ctypes.cast(function, c_void_p).value
        self._keep += [mine, *noting]
        return ctypes.addressof(mine)

    def _note(self, file: Any, kind: str, offset: int = 0, content: bytes = b"") -> None:
        name = self._names.get(ctypes.addressof(file.contents), "")
        self.journal.log.append(Entry(name, kind, offset, content))
