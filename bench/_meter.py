"""How long a process holds the store's one write lock: counted around `Store.write`, written beside the data for the
one who measures."""

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlite_utils import Database

from assist.store import Store

_EVERY = 0.5


@dataclass
class Writes:
    """Transactions, the seconds they held the lock, the seconds they waited for it."""

    transactions: int = 0
    held: float = 0.0
    waited: float = 0.0


def install(folder: Path | None = None) -> Writes:
    """Counts in this process from now on; `read` adds up what all processes have written into `folder`."""
    plain, counted, lock = Store.write, Writes(), threading.Lock()

    @contextmanager
    def write(self: Store) -> Iterator[Database]:
        if self.db.conn.in_transaction:
            with plain(self) as db:
                yield db
            return
        asked = time.perf_counter()
        begun = asked
        try:
            with plain(self) as db:
                begun = time.perf_counter()
                yield db
        finally:
            done = time.perf_counter()
            with lock:
                counted.transactions += 1
                counted.held += done - begun
                counted.waited += begun - asked

    Store.write = write  # type: ignore[method-assign]
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        threading.Thread(target=_keep, args=(folder / f"{os.getpid()}.json", counted), daemon=True).start()
    return counted


def read(folder: Path) -> Writes:
    found = [json.loads(path.read_text()) for path in folder.glob("*.json")]
    return Writes(*(sum(one[name] for one in found) for name in ("transactions", "held", "waited")))


def memory(pid: int) -> float:
    """Megabytes of a process that are its own, 0 where it is gone; the database's file, mapped into it, is not."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    line = next((line for line in status.splitlines() if line.startswith("RssAnon")), "RssAnon: 0 kB")
    return int(line.split()[1]) / 1024


def _keep(path: Path, counted: Writes) -> None:
    while True:
        new = path.with_suffix(".new")
        new.write_text(json.dumps(asdict(counted)))
        new.replace(path)
        time.sleep(_EVERY)
