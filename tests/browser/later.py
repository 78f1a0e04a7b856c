"""Assist on another day: `python -m tests.browser.later serve …` or `… worker` runs it with a clock that is as many
days ahead as the file `later` in its data folder says, from one moment to the next."""

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

from assist.store import clock

ENGINE = "tests.browser.later:engine"
MARK = b"\nsaid here:\n"


def days() -> float:
    file = Path(os.environ["ASSIST_DATA"]) / "later"
    return float(file.read_text() or 0) if file.exists() else 0.0


_now = clock.now


def now() -> datetime:
    return _now() + timedelta(days=days())


def recording(sound: bytes, *lines: str) -> bytes:
    """A sound file that can be played, and what is to be heard in it."""
    return sound + MARK + "\n".join(lines).encode()


def engine(settings: object, store: object) -> object:
    """Hears what `recording` wrote behind the sound, finds by a few words and weighs for real."""
    from tests import weighing

    class Engine(weighing.WeighingEngine):
        def __init__(self) -> None:
            super().__init__()
            self.hearing.lines = _lines

    return Engine()


def _lines(path: Path) -> list[str]:
    return path.read_bytes().partition(MARK)[2].decode().splitlines()


def main() -> None:
    clock.now = now  # before anybody takes it from there
    if sys.argv[1] == "worker":
        where = ["--slot", "0", "--queue", "all", "--boot", "later", "--parent", str(os.getppid())]
        sys.argv[1:] = ["--engine", ENGINE, *where]
        from assist.worker import main as run
    else:
        from assist.cli import main as run
    run()


if __name__ == "__main__":
    main()
