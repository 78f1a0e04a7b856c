"""What the work queue and the machines that share it hold of a call: deleted there too, and flushed to the disk."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from importlib import import_module
from pathlib import Path

from assist.config import Settings

_SQLITE = "sqlite:///"
_FLUSH_SECONDS = 3


def forget(settings: Settings, recordings: Iterable[str]) -> int:
    """Deletes all workflows of these recordings, with their inputs, outputs and steps; how many. Their names begin with
    the sha256. What is judged again together holds only numbers of calls, and stays. Raises QueueUnusable."""
    from assist import jobs

    path = queue_file(settings)
    if path is not None and not path.is_file():
        return 0
    queue, deleted = jobs.client(settings), 0
    for sha256 in recordings:
        found = queue.list_workflows(workflow_id_prefix=f"{sha256}.", load_input=False, load_output=False)
        if found:
            queue.delete_workflows([one.workflow_id for one in found])
            deleted += len(found)
    return deleted


def forget_objects(settings: Settings, sha256: str, keys: tuple[str, ...]) -> None:
    """What lies of a recording where workers of other machines fetch it; nothing where there is no such place."""
    if getattr(settings, "objects", None):
        import_module("assist.fleet.exchange").forget(settings, sha256, keys)


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
