"""One process at a time under a name in the data folder. A lock dies with its process, however that dies."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assist.config import Settings


class Taken(Exception):
    """Another process holds the lock."""


@contextmanager
def held(settings: Settings, name: str, *, wait: float = 0.0) -> Iterator[None]:
    """Holds the lock while open; waits up to so many seconds for it, then raises Taken."""
    with on(settings.data / "locks" / name, wait=wait):
        yield


@contextmanager
def on(path: Path, *, wait: float = 0.0) -> Iterator[None]:
    """The same on a file of its own anywhere; it is made where it is missing and stays."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    deadline = time.monotonic() + wait
    with path.open("w") as lock:
        while True:
            try:
                fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                if time.monotonic() >= deadline:
                    raise Taken(path.name) from error
                time.sleep(0.05)
        yield
