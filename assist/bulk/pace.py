"""How far a long run is: done, rate, time left."""

import time
from collections import deque
from collections.abc import Callable

_WINDOW_SECONDS = 30.0


class Pace:
    """`seen` counts everything, `worked` what took time: files that the journal knows pass quickly and would make the
    rest look short."""

    def __init__(self, total: int | None, clock: Callable[[], float] = time.monotonic) -> None:
        self.total, self.seen, self.worked = total, 0, 0
        self._clock = clock
        self._marks: deque[tuple[float, int]] = deque([(clock(), 0)])

    def note(self, *, worked: bool) -> None:
        self.seen += 1
        self.worked += worked
        now = self._clock()
        if now - self._marks[-1][0] >= 1.0:
            self._marks.append((now, self.worked))
        while len(self._marks) > 2 and now - self._marks[0][0] > _WINDOW_SECONDS:
            self._marks.popleft()

    @property
    def rate(self) -> float:
        """Worked a second, over the last half minute."""
        since, before = self._marks[0]
        return (self.worked - before) / max(self._clock() - since, 1e-6)

    @property
    def left_s(self) -> float | None:
        """Seconds left if it goes on like this; None where that cannot be told."""
        if self.total is None or not self.worked or self.rate <= 0:
            return None
        return max(0, self.total - self.seen) / self.rate


def clock_text(seconds: float) -> str:
    """Hours, minutes and seconds: 1:05:09."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
