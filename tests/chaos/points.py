"""Places at which a process can be killed: before every SQL statement and every operation on files that changes them.

The n-th place of a deed is the n-th such operation, so killing at every n is killing everywhere between them.
"""

import itertools
import os
import signal
import sqlite3
from collections.abc import Callable
from typing import Any

_FILES = ("fsync", "replace", "rename", "unlink", "link", "mkdir", "rmdir", "open", "pwrite", "ftruncate")


class Points:
    """Counts the places a process comes by; at number `fatal` it gets SIGKILL."""

    def __init__(self, fatal: int | None = None) -> None:
        self._fatal = fatal
        self._numbers = itertools.count(1)
        self.passed = 0

    def reached(self, *_: object) -> None:
        self.passed = next(self._numbers)
        if self.passed == self._fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """From here on, in this process."""
        for name in _FILES:
            setattr(os, name, self._before(getattr(os, name)))
        connect = sqlite3.connect

        def traced(*given: Any, **named: Any) -> sqlite3.Connection:
            connection = connect(*given, **named)
            connection.set_trace_callback(self.reached)
            return connection

        sqlite3.connect = sqlite3.dbapi2.connect = traced

    def _before(self, operation: Callable[..., Any]) -> Callable[..., Any]:
        def reached_first(*given: Any, **named: Any) -> Any:
            self.reached()
            return operation(*given, **named)

        return reached_first
