"""What crashes leave behind: found, told by `assist doctor`, deleted by `assist doctor --mend`.

Nothing of it is ever in the way, and what is younger than a day may belong to an upload that goes on.
"""

import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from assist import locks
from assist.calls import cuts, recordings
from assist.config import Settings
from assist.store import Store
from assist.store.clock import now, stamp

ABANDONED = timedelta(days=1)
NOW = timedelta(seconds=-1)
"""Where nobody else can be at work: whatever its age."""


@dataclass(frozen=True, slots=True)
class Leftovers:
    """`uploads` are temporary files, `bytes` recordings without a row, `rows` recordings without a call (both by
    sha256), `others` temporary files of clips, backups and dead workers."""

    uploads: tuple[Path, ...] = ()
    bytes: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    others: tuple[Path, ...] = ()

    def every(self) -> tuple[str, ...]:
        """All of it by name."""
        return (*map(str, self.uploads), *self.bytes, *self.rows, *map(str, self.others))


def find(store: Store, *, older: timedelta = ABANDONED) -> Leftovers:
    """What is left behind and older than that."""
    settings, limit = store.settings, time.time() - older.total_seconds()
    known = {row["sha256"] for row in store.rows("SELECT sha256 FROM recordings")}
    strays = (path for path in settings.recordings.glob("??/*") if path.name not in known)
    return Leftovers(
        uploads=_older(settings.recordings.glob("incoming/*"), limit),
        bytes=tuple(path.name for path in _older(strays, limit)),
        rows=_without_call(store, older),
        others=_older((*settings.cuts.glob("*/*.part"), *settings.data.glob("work/*/*")), limit),
    )


def mend(store: Store, *, older: timedelta = ABANDONED) -> int:
    """Deletes what `find` finds; how many there were."""
    found = find(store, older=older)
    for path in (*found.uploads, *found.others):
        _remove(store.settings, path)
    for sha256 in found.rows:
        recordings.abandon(store, sha256)
    for sha256 in found.bytes:
        recordings.discard(store, sha256)
    cuts.sweep(store.settings)
    return len(found.every())


def _without_call(store: Store, older: timedelta) -> tuple[str, ...]:
    rows = store.rows(
        """SELECT r.sha256 FROM recordings r LEFT JOIN calls c ON c.sha256 = r.sha256
           WHERE c.id IS NULL AND r.received_at <= ? ORDER BY r.sha256""",
        [stamp(now() - older)],
    )
    return tuple(row["sha256"] for row in rows)


def _older(paths: Iterable[Path], limit: float) -> tuple[Path, ...]:
    found = []
    for path in paths:
        try:
            if path.stat().st_mtime <= limit:
                found.append(path)
        except FileNotFoundError:  # an upload has just come to its end
            continue
    return tuple(sorted(found))


def _remove(settings: Settings, path: Path) -> None:
    if path.parent.parent.name != "work":
        path.unlink(missing_ok=True)
        return
    with suppress(locks.Taken), locks.held(settings, path.parent.name):  # of a worker that is not at work
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
