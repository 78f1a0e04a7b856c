"""How much may wait. What was taken in is never lost; what does not fit is asked to come again, before it is read."""

from __future__ import annotations

from assist.errors import AssistError
from assist.fleet import lengths
from assist.store import Store
from assist.texts import N_

RETRY_SECONDS = 60
BULK_SHARE = 0.8
"""Imports leave the rest of the room to people who upload."""


class QueueFull(AssistError):
    message = N_(
        "%(waiting)s recordings wait to be worked on, and no more fit for the moment. Nothing that was taken in is "
        "lost. Send this one again in a few minutes."
    )


def room(store: Store, *, bulk: bool = False) -> int:
    """How many more recordings may come in now."""
    most = store.settings.most_waiting
    return max(0, int(most * BULK_SHARE if bulk else most) - lengths.unfinished(store))


def require_room(store: Store, *, bulk: bool = False) -> None:
    """Raises QueueFull."""
    if not room(store, bulk=bulk):
        raise QueueFull(waiting=lengths.unfinished(store), seconds=RETRY_SECONDS)
