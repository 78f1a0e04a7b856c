"""Starts workers quickly: everything is imported once, and each worker is a fork. A line `{"queue": …, "slot": …,
"data": …}` comes in, the worker's process id goes out; all of them end with this program."""

import ctypes
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

import sqlalchemy.dialects.postgresql  # noqa: F401 what a worker needs, once for all
from dbos import DBOS  # noqa: F401

from assist import logs, worker
from assist.config import Settings
from assist.fleet import exchange, hearing, near  # noqa: F401
from assist.ports import Progress
from assist.scripts.library import Library
from assist.store import Store
from assist.transcript import Transcript
from tests import fakes

SECONDS_TO_HEAR = 0.15
DIARY = "ASSIST_TEST_DIARY"


class Hearing(fakes.FakeHearing):
    """Writes down who begins what."""

    def hear(self, recording: Path, library: Library, progress: Progress) -> Transcript:
        write("begun", recording.name)
        time.sleep(SECONDS_TO_HEAR)
        return super().hear(recording, library, progress)


class Engine(fakes.FakeEngine):
    def __init__(self) -> None:
        self.hearing = Hearing()


def engine(settings: Settings, store: Store) -> Engine:
    return Engine()


def ears(settings: Settings) -> Engine:
    return Engine()


def write(what: str, sha256: str) -> None:
    """One short append is whole or absent, even when killed, and all lines are in the order of what happened."""
    with Path(os.environ[DIARY]).open("a") as diary:
        diary.write(f"{what} {sha256} {os.getpid()} {time.time():.3f}\n")


def main() -> None:
    logs.configure(50)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    _note_checkpoints()
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if not pid:
            _work(order)
        print(pid, flush=True)


def _note_checkpoints() -> None:
    deliver = exchange.Exchange.deliver

    def noted(self: exchange.Exchange, sha256: str, *rest: object) -> None:
        deliver(self, sha256, *rest)  # type: ignore[arg-type]
        write("kept", sha256)

    exchange.Exchange.deliver = noted  # type: ignore[method-assign]


def _work(order: dict[str, str]) -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    try:
        worker.work(
            Settings(data=Path(order["data"]), _env_file=None),
            engine="tests.assist.fleet.nursery:engine",
            slot=int(order["slot"]),
            stop=threading.Event(),
            queue=order["queue"],  # type: ignore[arg-type]
            boot=f"{os.getpid():x}",
        )
    finally:
        os._exit(1)


if __name__ == "__main__":
    main()
