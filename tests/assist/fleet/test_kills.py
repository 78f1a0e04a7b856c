"""Kill -9, for good, of a hundred speech workers in mid-transcription, on PostgreSQL: none of the machines comes back,
others take their work over, everything ends ready, and nothing is heard again once its transcript is kept."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from assist import jobs
from assist.calls import calls
from assist.store import Store
from assist.worker import _as_environment
from tests.assist.fleet import nursery
from tests.assist.fleet.conftest import until

KILLS, WORKERS, AHEAD = 100, 2, 12
SILENT_SECONDS = 3.0
MOST_SPARED = 1
"""So many hearings are let go on between two kills."""

HOUSE = Path(__file__).resolve().parents[3]


class Nursery:
    """Workers as forks of one warm process."""

    def __init__(self, settings, folder):
        self._folder, self._started = folder, 0
        self.diary = folder / "diary"
        self.diary.touch()
        environment = os.environ | _as_environment(settings)
        environment |= {nursery.DIARY: str(self.diary), "PYTHONPATH": str(HOUSE), "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "tests.assist.fleet.nursery"]
        self._process = subprocess.Popen(
            command, env=environment, cwd=HOUSE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def start(self, queue, data=None):
        """The process id. A speech worker has a machine of its own: a name and a folder that were never used."""
        self._started += 1
        home = data or self._folder / f"machine-{self._started}"
        order = {"queue": queue, "slot": self._started, "data": str(home)}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def lines(self):
        """(what, sha256, process) of all that happened, in order."""
        rows = [line.split() for line in self.diary.read_text().splitlines()]
        return [(what, sha256, int(pid)) for what, sha256, pid, _ in rows]

    def close(self):
        self._process.kill()
        self._process.communicate()


@pytest.fixture
def nursed(server, template, settings, tmp_path):
    settings.jobs_url = server.database(template)
    settings.objects = f"file://{tmp_path}/objects"
    settings.silent_seconds, settings.jobs_poll_seconds = SILENT_SECONDS, 0.1
    made = Nursery(settings, tmp_path)
    yield made
    made.close()
    jobs.close()


@pytest.mark.timeout(600)
def test_a_hundred_workers_die_for_good_and_nothing_is_lost_or_heard_twice(
    nursed, settings, upload, agent, record_property
):
    store = Store(settings)
    brought, chance, began = [], random.Random(8), time.monotonic()
    nursed.start("judge", settings.data)
    alive = [nursed.start("speech") for _ in range(WORKERS)]
    for _ in range(KILLS):
        _keep_ahead(store, upload, agent, brought)
        alive.append(nursed.start("speech"))
        alive.remove(_kill_in_mid_transcription(nursed, alive, chance))
    killed = time.monotonic()
    until(lambda: _unfinished(store) == 0, 120)
    ended = time.monotonic()

    lines = nursed.lines()
    ready = [calls.load(store, call.id) for call in brought]
    assert {call.state for call in ready} == {"ready"}
    assert {call.run for call in ready} == {1}
    assert store.value("SELECT count(*) FROM transcripts") == len(brought)
    assert _begun_after_kept(lines) == []
    begun = Counter(sha256 for what, sha256, _ in lines if what == "begun")
    assert set(begun) == {call.sha256 for call in brought}
    assert sum(begun.values()) >= len(brought) + KILLS * 0.9
    record_property(
        "figure",
        f"{KILLS} speech workers killed for good on PostgreSQL in {killed - began:.0f} s: {len(brought)} recordings, "
        f"0 lost, 0 heard again after their checkpoint; {sum(begun.values())} hearings begun, at most "
        f"{max(begun.values())} of one recording; all ready {ended - killed:.1f} s after the last kill",
    )
    store.close()


def _keep_ahead(store, upload, agent, brought):
    while _unfinished(store) < AHEAD + WORKERS:
        brought.append(upload(agent, f"agent: {len(brought)}"))
        jobs.submit(store, brought[-1].id)


def _kill_in_mid_transcription(nursed, alive, chance):
    """Kills a worker at a random moment of a hearing that it just began; who it was."""
    seen, spared = len(nursed.lines()), chance.randint(0, MOST_SPARED)
    found = []

    def at_work():
        found[:] = [pid for what, _, pid in nursed.lines()[seen:] if what == "begun" and pid in alive]
        return len(found) > spared

    until(at_work, 60)
    time.sleep(chance.uniform(0, nursery.SECONDS_TO_HEAR))
    os.kill(found[-1], signal.SIGKILL)
    return found[-1]


def _unfinished(store):
    return store.value("SELECT count(*) FROM calls WHERE state NOT IN ('ready', 'failed', 'cancelled')")


def _begun_after_kept(lines):
    kept, again = set(), []
    for what, sha256, _ in lines:
        if what == "kept":
            kept.add(sha256)
        elif sha256 in kept:
            again.append(sha256)
    return again
