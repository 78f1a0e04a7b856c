"""Files that are whole or not there, also after a power cut: written beside their place, synced, then renamed."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PART = ".part"


def digest(path: Path) -> str:
    """sha256 of the bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def whole(target: Path) -> Iterator[Path]:
    """A path to write to; what lies there at the end without an error gets its name."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = target.with_name(target.name + PART)
    try:
        yield part
        sync(part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def write(target: Path, content: bytes) -> None:
    with whole(target) as part:
        part.touch(mode=0o600)
        part.write_bytes(content)
    sync(target.parent)


def once(target: Path, content: bytes) -> None:
    """A file for nobody else, whole; of two processes that make it at once, the first's stands."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = target.with_name(f"{target.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(part, target)
    finally:
        part.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Waits until a file's bytes, or a folder's names, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """Names of all folders beneath and of this one; files are synced when they are written."""
    for one in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        sync(one)
    sync(folder)
