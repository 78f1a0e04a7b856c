"""Bytes under names, in a folder or in storage that many machines reach, through fsspec.

An object is there whole or not at all, and is never changed: what is put again stays as it was. So whoever finds one
may use it, however many have written it at the same moment.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assist.errors import SetupError
from assist.texts import N_


class ObjectsUnusable(SetupError):
    message = N_("The object storage %(address)s cannot be used: %(reason)s. Check ASSIST_OBJECTS.")


class ObjectsAway(OSError):
    """The storage did not answer as it should: worth another try."""


class Objects:
    """The objects under one address, for example file:///srv/objects or s3://bucket/prefix. Names are parts joined by
    slashes. Everything raises ObjectsAway where the storage does not answer."""

    def __init__(self, address: str) -> None:
        """Raises ObjectsUnusable for an address that cannot be one; nothing is asked of the storage yet."""
        import fsspec

        try:
            # A listing that is remembered would hide what other machines have put there.
            self._files, root = fsspec.core.url_to_fs(address, use_listings_cache=False)
        except (ImportError, ValueError, TypeError) as error:
            raise ObjectsUnusable(address=address, reason=error) from error
        self._root = root.rstrip("/")
        protocol = self._files.protocol
        self._local = "file" in ((protocol,) if isinstance(protocol, str) else protocol)

    def put(self, name: str, body: bytes) -> None:
        """Does nothing where the name is taken."""
        if self.has(name):
            return
        with _told():
            if self._local:
                _place(Path(self._at(name)), body)
            else:
                self._make_parent(name)
                self._files.pipe_file(self._at(name), body)

    def put_file(self, name: str, path: Path) -> None:
        """Does nothing where the name is taken. Raises FileNotFoundError where there is no such file."""
        if not path.is_file():
            raise FileNotFoundError(path)
        if self.has(name):
            return
        with _told():
            if self._local:
                _place(Path(self._at(name)), path)
            else:
                self._make_parent(name)
                self._files.put_file(str(path), self._at(name))

    def get(self, name: str) -> bytes | None:
        """None where there is no such object."""
        with _told():
            try:
                body: bytes = self._files.cat_file(self._at(name))
            except FileNotFoundError:
                return None
            return body

    def fetch(self, name: str, target: Path) -> bool:
        """Copies the object into a file; False where there is none."""
        with _told():
            try:
                self._files.get_file(self._at(name), str(target))
            except FileNotFoundError:
                target.unlink(missing_ok=True)
                return False
            return True

    def has(self, name: str) -> bool:
        with _told():
            return bool(self._files.isfile(self._at(name)))

    def names(self, folder: str) -> list[str]:
        """Names of all objects in a folder and below, sorted."""
        with _told():
            found = self._files.find(self._at(folder)) if self._files.exists(self._at(folder)) else []
        return sorted(str(path)[len(self._root) + 1 :] for path in found if not str(path).endswith(".part"))

    def forget(self, folder: str) -> None:
        """Deletes all objects in a folder and below; nothing happens where there are none."""
        with _told():
            try:
                self._files.rm(self._at(folder), recursive=True)
            except FileNotFoundError:
                return

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _make_parent(self, name: str) -> None:
        self._files.makedirs(self._at(name).rpartition("/")[0], exist_ok=True)


@contextmanager
def _told() -> Iterator[None]:
    """Whatever a client of some storage raises, as one kind of error."""
    try:
        yield
    except ObjectsAway:
        raise
    except Exception as error:
        raise ObjectsAway(f"{type(error).__name__}: {error}") from error


def _place(target: Path, source: bytes | Path) -> None:
    """Whole or not at all, and still there after a power cut."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, partial = tempfile.mkstemp(dir=target.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            _fill(file, source)
            file.flush()
            os.fsync(file.fileno())
        Path(partial).replace(target)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise


def _fill(file: Any, source: bytes | Path) -> None:
    if isinstance(source, bytes):
        file.write(source)
        return
    with source.open("rb") as origin:
        shutil.copyfileobj(origin, file, 1024 * 1024)
