"""The work as an administrator sees it."""

from __future__ import annotations

from dataclasses import dataclass

from assist.fleet import beats, bounds, ledger, lengths, switch
from assist.fleet.beats import Sign
from assist.fleet.lengths import Length
from assist.fleet.switch import Pause
from assist.store import Store


@dataclass(frozen=True, slots=True)
class Work:
    """`workers` are those alive; `unfinished` calls are not judged yet, and `room` more fit."""

    pause: Pause | None
    unfinished: int
    room: int
    queues: list[Length]
    workers: list[Sign]

    def workers_of(self, queue: str) -> int:
        return sum(queue in sign.queues for sign in self.workers)

    def deserted(self) -> list[Length]:
        """Where something waits and nobody takes of it."""
        return [line for line in self.queues if line.waiting and not self.workers_of(line.queue)]


def of(store: Store) -> Work:
    """Raises QueueUnusable."""
    settings = store.settings
    pause = switch.paused(settings)
    queues = [line for line in lengths.lengths(settings) if _counts(line)]
    workers = beats.living(settings)
    return Work(pause, lengths.unfinished(store), bounds.room(store), queues, workers)


def _counts(line: Length) -> bool:
    """Queues of recognisers that were, and have nothing left, are not shown."""
    return line.queue == ledger.NEAR or line.waiting + line.running > 0
