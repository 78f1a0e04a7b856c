"""What the work queue and the machines that share it hold of a call: deleted there too, and flushed to the disk."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from assist.config import Settings

_SQLITE = "sqlite:///"
_FLUSH_SECONDS = 3


def forget(settings: Settings, recordings: Iterable[str]) -> int:
    """Deletes all workflows of these recordings, with their inputs, outputs and steps, and what workers elsewhere were
    sent of them; how many workflows. What is judged again together holds only numbers of calls, and stays.

    Raises QueueUnusable.
    """
    from assist import jobs
    from assist.fleet import exchange

    path, deleted = queue_file(settings), 0
    for sha256 in recordings:
        if settings.objects:
            exchange.forget(settings, sha256)
        if path is None or path.is_file():
            deleted += jobs.forget(settings, sha256)
    return deleted


def queue_file(settings: Settings) -> Path | None:
    """The file of the work queue; None where it is a server's."""
    address = settings.jobs_database
    return Path(address.removeprefix(_SQLITE)) if address.startswith(_SQLITE) else None


def flushed(path: Path) -> bool:
    """Writes a database's log into its file and empties the log; False where somebody is reading from it just now."""
    if not path.is_file():
        return True
    with closing(sqlite3.connect(path, timeout=_FLUSH_SECONDS)) as connection:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
