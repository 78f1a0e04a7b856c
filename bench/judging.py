"""How close judging comes to a careful listener, on the labelled calls beside this project (../shared/calls), and how
long it takes.

Each campaign twice: on what was really said, and on the recordings. The gap between the two is what hearing costs.
    python -m bench.judging [CALLS_FOLDER] [--speed] [--calls N]
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from assist.analysis import rubric
from assist.analysis.judge import judge
from assist.config import Settings
from assist.evaluate import evaluate
from assist.scripts import index
from assist.scripts.formats import yaml_format
from assist.standard import Standard
from assist.store import Store, libraries
from assist.store.clock import now
from bench import _stored
from models import encoder

CALLS = Path("../shared/calls")
FIVE_MINUTES, THREE_MINUTES = 300.0, 180.0
CORES = 2
ALLOWED_CALL, ALLOWED_AGAIN = 1.0, 60.0
"""Seconds for a five-minute call, and for judging 1,000 stored calls of three minutes again on two cores."""

Made = TypeVar("Made")


def quality(campaigns: list[Path]) -> None:
    for campaign in campaigns:
        for source in (["--transcripts"], []):
            print(f"\n{campaign.name}, {'what was said' if source else 'recordings'}")
            evaluate.main([str(campaign), *source], standalone_mode=False)


def timed(what: str, work: Callable[[], Made]) -> tuple[Made, float]:
    wall, busy = time.perf_counter(), _busy()
    made = work()
    wall, busy = time.perf_counter() - wall, _busy() - busy
    print(f"{what:<58} {wall:8.2f} s   ({busy:.2f} s of work on all cores)", flush=True)
    return made, wall


def _busy() -> float:
    """Seconds of work by this process and by the children it waited for."""
    return sum(os.times()[:4])


def one_call(campaign: Path) -> None:
    """Loading, learning, and five-minute calls whose vectors nobody knows yet."""
    library = yaml_format.loads((campaign / "library.yaml").read_bytes(), "library.yaml")
    model, _ = timed("load the encoder", encoder.load)
    learned, _ = timed("learn the library", lambda: index.learn(library, model))
    first, *others = _stored.calls(campaign, 4, FIVE_MINUTES)
    standard = rubric.default()
    timed("judge the first five-minute call (readers load)", lambda: judge(first, learned, standard, model))
    walls = [timed("judge another one", lambda c=call: judge(c, learned, standard, model))[1] for call in others]
    _ratio(sorted(walls)[1], ALLOWED_CALL)


def again(campaign: Path, count: int) -> None:
    """Two workers take the calls from the work queue, under a version published just now: from the moment they start
    until the last call is ready. Readings are there, as they are of calls that this version of Assist has judged."""
    with TemporaryDirectory() as folder:
        store = Store(Settings(data=Path(folder), _env_file=None))
        timed(f"store {count} calls", lambda: _stored.fill(store, _engine(store), campaign, count, THREE_MINUTES))
        for what in ("for the first time", "again, by a new version"):
            _, wall = timed(f"judge {count} stored calls {what}", lambda: _worked(store, folder, count))
            print(f"  {wall / count * 1000:.0f} ms a call on {CORES} cores, learning and start included")
            libraries.publish(store, _stored.changed(campaign), None, now() - timedelta(days=1))
            store.change("UPDATE calls SET state = 'received', run = run + 1")
        store.close()
    _ratio(wall * 1000 / count, ALLOWED_AGAIN)


def _ratio(seconds: float, allowed: float) -> None:
    print(f"  {seconds:.2f} s of {allowed:.0f} s allowed: {seconds / allowed:.2f}")


def _engine(store: Store) -> Standard:
    return Standard(store.settings, store)


def _worked(store: Store, folder: str, count: int) -> None:
    """Starts the workers and waits until every call is ready."""
    command = [sys.executable, "-m", "assist", "worker", "--slot"]
    environment = os.environ | {"ASSIST_DATA": folder}
    workers = [subprocess.Popen([*command, str(slot)], env=environment) for slot in range(CORES)]
    try:
        while store.value("SELECT count(*) FROM calls WHERE state IN ('ready', 'failed')") < count:
            time.sleep(0.2)
    finally:
        for worker in workers:
            worker.terminate()
            worker.wait(20)
    if failed := store.value("SELECT count(*) FROM calls WHERE state = 'failed'"):
        raise SystemExit(f"{failed} calls failed")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path, nargs="?", default=CALLS)
    parser.add_argument("--speed", action="store_true", help="leave out how close it comes")
    parser.add_argument("--calls", type=int, default=1000, help="stored calls to judge again")
    options = parser.parse_args()
    campaigns = sorted(path.parent for path in options.folder.glob("*/library.yaml"))
    if not campaigns:
        print(f"No labelled calls in {options.folder}: nothing to measure.")
        return
    if not options.speed:
        quality(campaigns)
    print("\nspeed")
    one_call(campaigns[0])
    again(campaigns[0], options.calls)


if __name__ == "__main__":
    main()
