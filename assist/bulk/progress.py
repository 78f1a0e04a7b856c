"""One line that says how far a long run is: rewritten on a terminal, elsewhere a new one now and then."""

import sys
import time
from types import TracebackType
from typing import Self

from assist.bulk.pace import Pace, clock_text
from assist.console import clear_progress, language
from assist.texts import N_, translate

_ON_TERMINAL, _ELSEWHERE = 0.5, 15.0
_LINE = N_("%(done)s of %(total)s · %(rate)s a second · %(left)s left")
_LINE_OPEN = N_("%(done)s so far · %(rate)s a second")


class Progress:
    """On standard error."""

    def __init__(self, total: int | None) -> None:
        self.pace = Pace(total)
        self._terminal = sys.stderr.isatty()
        self._every = _ON_TERMINAL if self._terminal else _ELSEWHERE
        self._shown = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        clear_progress()

    def note(self, *, worked: bool) -> None:
        self.pace.note(worked=worked)
        if time.monotonic() - self._shown >= self._every:
            self._shown = time.monotonic()
            sys.stderr.write(f"\r\033[K{self.text()}" if self._terminal else f"{self.text()}\n")
            sys.stderr.flush()

    def text(self) -> str:
        pace, left = self.pace, self.pace.left_s
        facts = {"done": f"{pace.seen:,}", "rate": f"{pace.rate:,.0f}"}
        if pace.total is None:
            return translate(_LINE_OPEN, language()) % facts
        facts |= {"total": f"{pace.total:,}", "left": clock_text(left) if left is not None else "–"}
        return translate(_LINE, language()) % facts
