"""Files that people name: read with one clear sentence for what is wrong, written in one go or not at all."""

import errno
import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from assist.console import printable
from assist.errors import InputError
from assist.texts import N_


class FileMissing(InputError):
    message = N_("%(file)s: there is no such file. Check the name and the folder.")


class NotAFile(InputError):
    message = N_("%(file)s is not a file. Give the name of one file.")


class Unreadable(InputError):
    message = N_("%(file)s cannot be read (%(reason)s). Check its permissions.")


class Unwritable(InputError):
    message = N_("%(file)s cannot be written (%(reason)s). Choose another place.")


def read(path: Path, most: int) -> bytes:
    """The bytes of a file; of a larger one `most` and one more, to tell that it is too big. Raises InputError."""
    with _explained(path), path.open("rb") as file:
        return file.read(most + 1)


def sha256(path: Path) -> str:
    """Raises InputError."""
    with _explained(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def size(path: Path) -> int:
    """Bytes. Raises InputError."""
    with _explained(path):
        return path.stat().st_size


def write(content: bytes, output: str) -> None:
    """To a file, replaced in one go, or to standard output (`-`). Raises Unwritable."""
    if output == "-":
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    path = Path(output)
    try:
        _replace(path, content)
    except OSError as error:
        raise Unwritable(file=printable(path.name), reason=error.strerror) from error


def write_pieces(pieces: Iterable[bytes], output: str) -> None:
    """As `write`, of what is too long to be held at once. Raises Unwritable."""
    if output == "-":
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return
    path = Path(output)
    temporary = path.with_name(f".{path.name[:60]}.{os.getpid()}.part")
    try:
        with temporary.open("wb") as file:
            file.writelines(pieces)
        temporary.replace(path)
    except OSError as error:
        raise Unwritable(file=printable(path.name), reason=error.strerror) from error
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    name = printable(path.name)
    try:
        if path.exists() and not path.is_file():
            raise NotAFile(file=name)
        yield
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG):
            raise FileMissing(file=name) from error
        raise Unreadable(file=name, reason=error.strerror) from error


def _replace(path: Path, content: bytes) -> None:
    if path.exists() and not path.is_file():  # a device or a pipe takes the bytes as they are
        path.write_bytes(content)
        return
    temporary = path.with_name(f".{path.name[:60]}.{os.getpid()}.part")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
