"""Where recordings come from: a folder, or a prefix in object storage. Nothing is ever listed as a whole."""

import os
import unicodedata
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, Protocol

from assist.errors import InputError, SetupError
from assist.texts import N_

_NO_RECORDINGS = frozenset({".csv", ".txt", ".json", ".yaml", ".md"})


class NoSuchFolder(InputError):
    message = N_("There is no folder %(path)s. Give the folder that holds the recordings.")


class CannotRead(InputError):
    message = N_("This file cannot be read (%(reason)s). Check its permissions and run the import again.")


class CannotList(InputError):
    message = N_("The folder %(path)s cannot be listed (%(reason)s). Check its permissions and run the import again.")


class NoSuchStorage(InputError):
    message = N_("Nothing answers at %(address)s: %(reason)s. Check the address, the access key and the network.")


class StorageMissing(SetupError):
    message = N_("Reading %(address)s needs a library that is not installed (%(reason)s). Install assist[s3].")


@dataclass(frozen=True, slots=True)
class Item:
    """A file: its name below the source with `/` between parts, bytes, and a mark that changes when it is written."""

    name: str
    size: int
    mark: str


class Source(Protocol):
    @property
    def place(self) -> str:
        """Names the source, the same in every run."""
        ...

    def items(self) -> Iterator[Item]:
        """Every file that may be a recording, in no order: hidden ones, links and lists are none."""
        ...

    def find(self, name: str) -> Item | None:
        """The file of that name as a manifest writes it; None where there is none inside the source."""
        ...

    def open(self, item: Item) -> AbstractContextManager[IO[bytes]]:
        """Raises OSError."""
        ...

    def count(self) -> int | None:
        """How many files there are, None where counting would cost as much as reading."""
        ...


def source_at(address: str, own: Path) -> Source:
    """A folder, or object storage where the address names a protocol (s3://bucket/prefix). `own` is the data folder,
    which is never imported. Raises NoSuchFolder, StorageMissing, NoSuchStorage."""
    return Objects(address) if "://" in address else Folder(Path(address), own)


class Folder:
    """A folder of this machine and all below it; `apart` are folders directly in it that are left out."""

    def __init__(self, path: Path, own: Path, apart: frozenset[str] = frozenset()) -> None:
        if not path.is_dir():
            raise NoSuchFolder(path=path)
        self.path = path.resolve()
        self._own, self._apart = own.resolve(), apart

    @property
    def place(self) -> str:
        return str(self.path)

    def items(self) -> Iterator[Item]:
        for path in self._files():
            try:
                found = path.stat()
            except OSError:  # gone since it was listed
                continue
            yield self._item(path, found)

    def count(self) -> int:
        return sum(1 for _ in self._files())

    def find(self, name: str) -> Item | None:
        for form in dict.fromkeys((name, unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name))):
            path = self._inside(form)
            if path is not None:
                return self._item(path, path.stat())
        return None

    def open(self, item: Item) -> AbstractContextManager[IO[bytes]]:
        return (self.path / item.name).open("rb")

    def _inside(self, name: str) -> Path | None:
        parts = PurePosixPath(name.replace("\\", "/")).parts
        path = self.path.joinpath(*parts)
        try:
            if not parts or parts[0] == "/" or ".." in parts or path.resolve() != path or not path.is_file():
                return None
        except (OSError, ValueError):
            return None
        return None if self._own in path.parents else path

    def _files(self) -> Iterator[Path]:
        folders = [self.path]
        while folders:
            folder = folders.pop()
            for entry in self._entries(folder):
                if entry.is_dir(follow_symlinks=False):
                    folders.append(folder / entry.name)
                elif entry.is_file(follow_symlinks=False) and _may_be_recording(entry.name):
                    yield folder / entry.name

    def _entries(self, folder: Path) -> Iterator["os.DirEntry[str]"]:
        """Raises CannotList."""
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if folder / entry.name != self._own and not self._is_apart(folder, entry.name):
                        yield entry
        except OSError as error:
            raise CannotList(path=folder, reason=error.strerror) from error

    def _is_apart(self, folder: Path, name: str) -> bool:
        return name.startswith(".") or (folder == self.path and name in self._apart)

    def _item(self, path: Path, found: os.stat_result) -> Item:
        return Item(path.relative_to(self.path).as_posix(), found.st_size, str(found.st_mtime_ns))


class Objects:
    """A prefix in object storage, through fsspec: listed folder by folder, each object read once."""

    def __init__(self, address: str) -> None:
        import fsspec

        self._address = address.rstrip("/")
        options: dict[str, Any] = {"use_listings_cache": False} if address.startswith("s3") else {}
        try:
            self._files, self._root = fsspec.core.url_to_fs(self._address, **options)
            there = self._files.isdir(self._root)
        except (ImportError, ValueError) as error:
            raise StorageMissing(address=address, reason=error) from error
        except Exception as error:  # what storage says differs from kind to kind
            raise NoSuchStorage(address=address, reason=error) from error
        if not there:
            raise NoSuchFolder(path=address)

    @property
    def place(self) -> str:
        return self._address

    def items(self) -> Iterator[Item]:
        for folder, below, files in self._files.walk(self._root, detail=True):
            for name in [name for name in below if name.startswith(".")]:
                del below[name]
            for name, facts in files.items():
                if _may_be_recording(name):
                    yield self._item(f"{folder}/{name}", facts)

    def count(self) -> None:
        return None

    def find(self, name: str) -> Item | None:
        parts = PurePosixPath(name.replace("\\", "/")).parts
        if not parts or parts[0] == "/" or ".." in parts:
            return None
        path = "/".join((self._root, *parts))
        try:
            facts = self._files.info(path)
        except FileNotFoundError:
            return None
        return self._item(path, facts) if facts["type"] == "file" else None

    def open(self, item: Item) -> AbstractContextManager[IO[bytes]]:
        opened: AbstractContextManager[IO[bytes]] = self._files.open(f"{self._root}/{item.name}", "rb")
        return opened

    def _item(self, path: str, facts: dict[str, Any]) -> Item:
        mark = facts.get("ETag") or facts.get("LastModified") or facts.get("created") or facts.get("mtime") or ""
        return Item(path[len(self._root) :].lstrip("/"), int(facts["size"] or 0), str(mark))


def _may_be_recording(name: str) -> bool:
    return not name.startswith(".") and os.path.splitext(name)[1].lower() not in _NO_RECORDINGS  # noqa: PTH122 a million
