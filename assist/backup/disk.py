"""Files that are whole or not there, also after a power cut: written beside their place, synced, then renamed."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
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
