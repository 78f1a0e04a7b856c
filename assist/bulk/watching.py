"""A watched folder: files are taken once nobody writes to them any more, then moved aside or left.

A file that appears by an atomic rename is whole, but looks the same as one being written, so both wait until their
size and time have not changed for a moment. Nothing of this needs to survive a restart: what came in is known by the
journal, and by its bytes.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from assist.bulk.sources import Folder, Item
from assist.bulk.taking import Intake, Taken
from assist.errors import SetupError
from assist.texts import N_

DONE, REFUSED = "done", "refused"
APART = frozenset({DONE, REFUSED})
_UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".download", "~")
"""Endings under which programs write a file before they rename it."""

Then = Literal["move", "leave"]


class CannotMove(SetupError):
    message = N_("%(file)s was taken in but cannot be moved to %(folder)s (%(reason)s). Check who may write there.")


@dataclass(slots=True)
class Steady:
    """Which files have not changed for `seconds`."""

    seconds: float
    clock: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    _since: dict[str, tuple[Item, float]] = field(default_factory=dict)

    def ripe(self, items: Iterator[Item]) -> Iterator[Item]:
        """Forgets what is no longer there."""
        now, seen = self.clock(), {}
        for item in items:
            if item.name.lower().endswith(_UNFINISHED):
                continue
            before = self._since.get(item.name)
            since = before[1] if before and before[0] == item else now
            seen[item.name] = (item, since)
            if now - since >= self.seconds or self._old(item):
                yield item
        self._since = seen

    def _old(self, item: Item) -> bool:
        """Whether its last change lies back already when it is first seen: it waited here while nobody watched."""
        return self.wall() - int(item.mark) / 1e9 >= max(self.seconds, 1.0)


class Watch:
    """`round` looks once. `then` says what becomes of files that were taken or refused."""

    def __init__(self, source: Folder, intake: Intake, steady: Steady, then: Then = "move") -> None:
        self._source, self._intake, self._steady, self._then = source, intake, steady, then
        self._refused: dict[str, Item] = {}

    def round(self, stop: threading.Event | None = None) -> Iterator[Taken]:
        """What came of the files that were ripe. Raises CannotMove and what `Intake.offer` raises."""
        offered: dict[str, Item] = {}
        for item in self._steady.ripe(self._source.items()):
            if stop is not None and stop.is_set():
                break
            if self._refused.get(item.name) == item:
                continue
            offered[item.name] = item
            yield from self._settled(self._intake.offer(item), offered)
        yield from self._settled(iter(self._intake.flush()), offered)

    def _settled(self, taken: Iterator[Taken], offered: dict[str, Item]) -> Iterator[Taken]:
        for one in taken:
            item = offered.pop(one.file)
            if self._then == "move":
                self._move(one)
            elif one.fate == "refused":
                self._refused[one.file] = item
            if self._then == "move" or one.fate != "known":
                yield one

    def _move(self, taken: Taken) -> None:
        path = self._source.path / taken.file
        folder = self._source.path / (REFUSED if taken.fate == "refused" else DONE)
        target = folder / taken.file
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(_free(target))
        except FileNotFoundError:  # somebody took it away meanwhile
            return
        except OSError as error:
            raise CannotMove(file=taken.file, folder=folder, reason=error.strerror) from error


def _free(target: Path) -> Path:
    """A name that is not taken: a file of the same name came before."""
    number, free = 1, target
    while os.path.lexists(free):
        number, free = number + 1, target.with_name(f"{target.stem}-{number + 1}{target.suffix}")
    return free
