"""What the worker does for personal data between two calls: carries deletions on, takes away what is over its time."""

import time

import structlog

from assist.privacy import deletion, retention
from assist.store import Store

SWEEP_EVERY = 60.0
"""Seconds between two looks for what is over its time, when the last found nothing."""

_log = structlog.get_logger(__name__)


class Tending:
    """Short turns, so that new recordings do not wait; what fails is tried again at the next one."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._next = 0.0

    def turn(self) -> None:
        """One turn: what is left of deletions, and a few calls that are over their time."""
        try:
            deletion.carry_on(self._store)
            if time.monotonic() >= self._next and not retention.sweep(self._store):
                self._next = time.monotonic() + SWEEP_EVERY
        except Exception:  # the worker has recordings to hear, whatever ails this
            _log.exception("personal data not tended")
