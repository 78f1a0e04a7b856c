"""Kill -9 at twenty random moments while ten recordings are worked on: all become ready, none twice, nothing redone."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from assist import jobs
from assist.calls import calls
from assist.calls.calls import Call
from assist.config import Settings
from assist.people.users import User
from assist.store import Store
from assist.worker import _as_environment

KILLS, RECORDINGS = 20, 10
SECONDS_TO_HEAR = 0.4
LONGEST_SECONDS = 300
HOUSE = Path(__file__).resolve().parents[3]


class Worker:
    """`assist worker` with the fake engine, as an administrator would start it."""

    def __init__(self, settings: Settings) -> None:
        surroundings = {"FAKE_SECONDS": str(SECONDS_TO_HEAR), "PYTHONPATH": str(HOUSE), "OMP_NUM_THREADS": "1"}
        self._environment = os.environ | _as_environment(settings) | surroundings
        self._process = self._start()

    def kill(self) -> None:
        """The whole of it, as a power cut would."""
        self._process.kill()
        self._process.wait()

    def kill_inner(self) -> None:
        """Only the process at work, where the system tells which that is; its supervisor starts another."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        for child in children.read_text().split() if children.exists() else []:
            os.kill(int(child), signal.SIGKILL)

    def start(self) -> None:
        self._process = self._start()

    def stop(self) -> int:
        self._process.terminate()
        return self._process.wait(10)

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "assist", "worker", "--engine", "tests.fakes:engine"]
        return subprocess.Popen(command, env=self._environment, cwd=HOUSE, stderr=subprocess.DEVNULL)


@pytest.mark.timeout(600)
def test_twenty_kills_lose_nothing_and_do_nothing_twice(
    settings: Settings, store: Store, agent: User, upload: Callable[..., Call]
) -> None:
    brought = [upload(agent, f"customer: 喂 {number}", "agent: 您好") for number in range(RECORDINGS)]
    for call in brought:
        jobs.submit(store, call.id)
    jobs.close()
    worker = Worker(settings)
    try:
        kills = _kill_at_random(store, worker)
        _wait_until(lambda: _ready(store) == RECORDINGS)
        status = worker.stop()
    finally:
        worker.kill()

    assert kills == KILLS
    assert status == 0
    assert [calls.load(store, call.id).run for call in brought] == [1] * RECORDINGS
    assert store.value("SELECT count(*) FROM transcripts") == RECORDINGS
    assert store.value("SELECT count(*) FROM analyses") == RECORDINGS
    assert _begun_after_done(settings, store) == []
    assert store.value("SELECT count(*) FROM attempts") == 0
    assert list(settings.recordings.glob("incoming/*")) == []


def _kill_at_random(store: Store, worker: Worker) -> int:
    """Kills at random moments, every second time only the process at work and when it is seen to be; how often while
    work was left."""
    chance = random.Random(20)
    for kill in range(KILLS):
        if kill % 2:
            before = _sign_of_life(store)
            _wait_until(lambda: _sign_of_life(store) != before or _ready(store) == RECORDINGS)  # noqa: B023
            time.sleep(chance.uniform(0, SECONDS_TO_HEAR))
        else:
            time.sleep(chance.uniform(0, 2))
        if _ready(store) == RECORDINGS:
            return kill
        if kill % 2:
            worker.kill_inner()
        else:
            worker.kill()
            worker.start()
    return KILLS


def _sign_of_life(store: Store) -> list[dict[str, object]]:
    return store.rows("SELECT id, state, progress FROM calls ORDER BY id")


def _ready(store: Store) -> int:
    return int(store.value("SELECT count(*) FROM calls WHERE state = 'ready'"))


def _begun_after_done(settings: Settings, store: Store) -> list[str]:
    """Recordings whose hearing began although their transcript was there."""
    done = {row["sha256"]: row["created_at"] for row in store.rows("SELECT sha256, created_at FROM transcripts")}
    beginnings = [line.split() for line in (settings.data / "heard.log").read_text().splitlines()]
    return [sha256 for at, sha256 in beginnings if at > done[sha256]]


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONGEST_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "the work came to a standstill"
        time.sleep(0.01)
