"""What `bench.scale` measures here: hearing by cores, judging, writing, and workers that take calls as they come."""

import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median
from typing import Any

from assist import jobs
from assist.bulk import listed
from assist.bulk.sources import Folder
from assist.bulk.taking import Intake, take
from assist.config import Settings
from assist.people import users
from assist.pipeline import STEPS, Pipeline
from assist.scripts.formats import yaml_format
from assist.store import Store
from assist.store.clock import moment
from bench import _meter, _quick, _stored, bulk, capacity

CALL_SECONDS = 180.0
LIMIT_SECONDS = 120.0


@dataclass(frozen=True)
class Hearing:
    """`seconds` of work for `sound` seconds on so many cores."""

    model: str
    cores: int
    seconds: float
    sound: float

    @property
    def times(self) -> float:
        """Seconds of sound heard in one second."""
        return self.sound / self.seconds


@dataclass(frozen=True)
class Writing:
    """Of one call, on average: seconds the store's write lock is held, transactions, bytes of database."""

    held: float
    transactions: float
    bytes: float


@dataclass(frozen=True)
class Queueing:
    """A small case, measured and simulated: seconds until the last call is ready (`whole`), and on average of a call
    from its arrival until it is ready (`through`)."""

    workers: int
    calls: int
    service: float
    whole: float
    through: float
    whole_simulated: float
    through_simulated: float

    @property
    def off(self) -> float:
        """The larger of both differences, as a share."""
        return max(abs(self.whole_simulated / self.whole - 1), abs(self.through_simulated / self.through - 1))


def hearing(recordings: Sequence[Path], library: Path, cores: int, model: str = "base") -> Hearing:
    """In a process of its own that may use so many cores; the models are loaded before the clock starts."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        seconds, sound = pool.apply(_heard, (recordings, library, cores, model))
    return Hearing(model, cores, seconds, sound)


def _heard(recordings: Sequence[Path], library: Path, cores: int, model: str) -> tuple[float, float]:
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    from assist import speed
    from assist.calls.hear import Listener

    listener = Listener(Settings(threads=cores, speech_model=model, device="cpu", _env_file=None))
    speed.measure(Settings(_env_file=None), listener)
    known = yaml_format.loads(library.read_bytes(), library.name)
    begun, sound = time.perf_counter(), 0.0
    for recording in recordings:
        sound += listener.hear(recording, known, lambda step, share: None).seconds
    return time.perf_counter() - begun, sound


def judging(campaign: Path, count: int = 5) -> float:
    """Seconds to judge a call of three minutes whose words nobody knows yet, on one core; models are loaded before."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_judged, (campaign, count))


def _judged(campaign: Path, count: int) -> float:
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])
    from assist.analysis import rubric
    from assist.analysis.judge import judge
    from assist.scripts import index
    from models import encoder

    library, model = yaml_format.loads((campaign / "library.yaml").read_bytes(), "library.yaml"), encoder.load()
    learned, standard = index.learn(library, model), rubric.default()
    walls = []
    for call in _stored.calls(campaign, count + 1, CALL_SECONDS):
        begun = time.perf_counter()
        judge(call, learned, standard, model)
        walls.append(time.perf_counter() - begun)
    return median(walls[1:])


def writing(count: int = 120) -> Writing:
    """Calls brought in as `assist import` does, and worked on with judgements at hand: only writing is counted."""
    counted = _meter.install()
    with _furnished(count) as (store, source, manifest):
        before = (counted.held, counted.transactions)
        admin = users.by_login(store, "root")
        with listed.read(manifest) as lines:
            ids = [one.call_id for one in take(Intake(store, admin, source, lambda *_: None), source, lines)]
        size = _size(store)
        pipeline = Pipeline(store, _quick.QuickEngine(store.settings.data))
        for call_id in ids:
            for step in STEPS:
                pipeline.run(step, call_id or 0, 1)
        grown = _size(store) - size
    return Writing((counted.held - before[0]) / count, (counted.transactions - before[1]) / count, grown / count)


def _size(store: Store) -> int:
    return int(store.value("PRAGMA page_count")) * int(store.value("PRAGMA page_size"))


def saturated(workers: int, calls: int, seconds: float) -> float:
    """Seconds until all of `calls` are ready that come at once; hearing takes `seconds`."""
    with _furnished(calls) as (store, source, manifest), _at_work(store, workers, seconds):
        arrived = _submitted(store, source, manifest, [0.0] * calls)
        done = _ready(store, calls)
        return max(done.values()) - min(arrived.values())


def arriving(workers: int, calls: int, seconds: float, service: float, rate: float) -> Queueing:
    """Calls that come by chance, `rate` a second, to `workers`: measured, and simulated with `service` a call."""
    chance = random.Random(5)  # noqa: S311 the same arrivals every time
    arrivals = list(capacity.poisson(rate, calls / rate * 3, chance))[:calls]
    with _furnished(calls) as (store, source, manifest), _at_work(store, workers, seconds):
        arrived = _submitted(store, source, manifest, arrivals)
        done = _ready(store, calls)
    through = fmean(done[call] - arrived[call] for call in done)
    whole = max(done.values()) - min(arrived.values())
    told = capacity.run([(at, service) for at in arrivals], workers)
    return Queueing(workers, calls, service, whole, through, told.lasted - arrivals[0], told.mean + service)


def _submitted(store: Store, source: Folder, manifest: Path, arrivals: Sequence[float]) -> dict[int, float]:
    """When each call came, by call: they are taken in first and go into the queue at their time."""
    admin = users.by_login(store, "root")
    with listed.read(manifest) as lines:
        ids = [one.call_id for one in take(Intake(store, admin, source, lambda *_: None), source, lines)]
    store.change("UPDATE calls SET enqueued_run = 1")  # so that the worker does not take them up by itself
    jobs.client(store.settings)
    begun, came = time.time(), {}
    for call_id, at in zip(ids, arrivals, strict=True):
        time.sleep(max(0.0, begun + at - time.time()))
        came[call_id or 0] = time.time()
        jobs.submit(store, call_id or 0)
    return came


def _ready(store: Store, calls: int) -> dict[int, float]:
    deadline = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < deadline:
        rows = store.rows("SELECT id, ready_at FROM calls WHERE state = 'ready'")
        if len(rows) == calls:
            return {row["id"]: moment(row["ready_at"]).timestamp() for row in rows}
        time.sleep(0.2)
    sys.exit(f"not all calls were ready after {LIMIT_SECONDS:.0f} s")


@contextmanager
def _furnished(calls: int) -> Iterator[tuple[Store, Folder, Path]]:
    """An empty store with people and a library, a folder of recordings and its manifest."""
    with tempfile.TemporaryDirectory(prefix="assist-scale-") as scratch:
        store = Store(Settings(data=Path(scratch) / "data", _env_file=None))
        inbox, manifest = bulk.recordings(Path(scratch), calls, bulk.people(store), seed=1)
        try:
            yield store, Folder(inbox, store.settings.data), manifest
        finally:
            jobs.close()
            store.close()


@contextmanager
def _at_work(store: Store, workers: int, seconds: float) -> Iterator[None]:
    """Worker processes with the quick engine, ready to take calls."""
    environment: dict[str, Any] = os.environ | {
        "ASSIST_DATA": str(store.settings.data), "QUICK_SECONDS": str(seconds), "OMP_NUM_THREADS": "1",
        "QUICK_TELLS": "1",
    }  # fmt: skip
    command = [sys.executable, "-m", "assist", "worker", "--engine", "bench._quick:engine", "--slot"]
    started = [
        subprocess.Popen([*command, str(slot)], env=environment, stderr=subprocess.PIPE, text=True)
        for slot in range(workers)
    ]
    try:
        for process in started:
            _until_ready(process)
        yield
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(20)


def _until_ready(process: "subprocess.Popen[str]") -> None:
    """Waits for the line that says so; the rest of what it says is read by nobody in particular."""
    assert process.stderr is not None
    for line in process.stderr:
        if "worker ready" in line:
            break
    threading.Thread(target=process.stderr.read, daemon=True).start()
