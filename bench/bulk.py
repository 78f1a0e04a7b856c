"""Ten thousand recordings through `assist import` and a worker, both killed on the way: `python -m bench.bulk`.

Recordings are one second of 8 kHz sound each, no two alike; the recogniser is `bench._quick`, everything else is the
product. Printed: what was lost or doubled (nothing may be), recordings a second, memory over time, and how much of the
store's one write lock it takes. With `--pages`, twenty people open queue, calls and their own page meanwhile, on a
store filled by `python -m bench.fill`.

    python -m bench.bulk [--files 10000] [--pages [--folder data/bench]]
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import wave
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import fmean
from typing import Self

import numpy as np

from assist.config import Settings
from assist.people import users
from assist.store import Store, libraries
from assist.store.clock import now
from bench import _meter, _quick, pages
from bench.fill import FOLDER

PAGES = ("queue", "calls", "me", "my calls")
RATE = 8000
KILL_IMPORT, KILL_WORKER = 0.4, 0.6
"""Of all files: the import is killed when so many are in, the worker when so many are ready (with `--until in`: in)."""
_LOOK = 1.0


@dataclass
class Seen:
    """What was looked at once a second: (seconds, in, ready, megabytes of the import and of one worker)."""

    rows: list[tuple[float, int, int, float, float]] = field(default_factory=list)
    kills: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Outcome:
    """`lost` never came in or never became ready; `doubled` are calls beyond one a recording; `again` recordings whose
    hearing was begun more than once, as after a kill; `in_s` and `all_s` until all were in, and ready."""

    files: int
    ready: int
    lost: int
    doubled: int
    again: int
    in_s: float
    all_s: float
    writes: _meter.Writes
    seen: Seen


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="assist-bulk-") as scratch:
        data = options.folder if options.pages else Path(scratch) / "data"
        if options.pages and not (data / "assist.db").exists():
            sys.exit(f"{data} is empty; fill it first: python -m bench.fill --folder {data}")
        store = Store(Settings(data=data, _env_file=None))
        inbox, manifest = recordings(Path(scratch), options.files, people(store), seed=time.time_ns())
        with _asked_for_pages(store, data) if options.pages else nullcontext():
            found = bring_in(store, inbox, manifest, options.files, options)
        tell(found)
        store.close()
    sys.exit(1 if found.lost or found.doubled else 0)


def people(store: Store) -> list[str]:
    """Sign-in names of agents; in an empty store an admin, three agents and the practice library are made first."""
    agents = [user.login for user in users.listing(store) if user.role == "agent"]
    if agents:
        return agents
    users.create(store, "root", "Root", "admin", "correct horse battery")
    for number in range(3):
        users.create(store, f"agent{number}", f"Agent {number}", "agent", "correct horse battery", team="1")
    libraries.publish(store, _quick.LIBRARY.read_bytes(), None, now() - timedelta(days=400))
    return people(store)


def recordings(scratch: Path, count: int, agents: list[str], seed: int) -> tuple[Path, Path]:
    """A folder of `count` wav files, a hundred to a folder, and its manifest."""
    inbox, manifest = scratch / "inbox", scratch / "manifest.csv"
    chance = np.random.default_rng(seed)
    with manifest.open("w") as lines:
        lines.write("file,agent,called_at,campaign\n")
        for number in range(count):
            path = inbox / f"{number // 100:04}" / f"{number:06}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, chance.integers(0, 256, RATE, dtype=np.uint8))
            at = now() - timedelta(minutes=number % 20_000)
            name = path.relative_to(inbox)
            lines.write(f"{name},{agents[number % len(agents)]},{at:%Y-%m-%d %H:%M:%S},{_quick.CAMPAIGN}\n")
    return inbox, manifest


def bring_in(store: Store, inbox: Path, manifest: Path, count: int, options: argparse.Namespace) -> Outcome:
    """Runs import and workers, kills one of each, and waits until every call has come to its end, at most
    `options.limit` seconds."""
    seen, first = Seen(), int(store.value("SELECT coalesce(max(id), 0) FROM calls"))
    environment = os.environ | {
        "ASSIST_DATA": str(store.settings.data), "QUICK_SECONDS": str(options.seconds), "ASSIST_LANGUAGE": "en",
        "OMP_NUM_THREADS": "1",
    }  # fmt: skip
    importing = ["import", str(inbox), "--manifest", str(manifest)]
    working = [["worker", "--engine", "bench._quick:engine", "--slot", str(slot)] for slot in range(options.workers)]
    with ExitStack() as processes:
        workers = [processes.enter_context(_Process(command, environment)) for command in working]
        brought_in = processes.enter_context(_Process(importing, environment))
        begun, in_s, done = time.perf_counter(), 0.0, 0
        while done < count and time.perf_counter() - begun < options.limit:
            time.sleep(_LOOK)
            came, ready = _counts(store, first)
            done = came if options.until == "in" else ready
            at, child = time.perf_counter() - begun, _child(workers[0].pid)
            in_s = in_s or (at if came >= count else 0.0)
            seen.rows.append((at, came, ready, _meter.memory(brought_in.pid), _meter.memory(child)))
            if came >= count * KILL_IMPORT and "import" not in seen.kills:
                seen.kills.append("import")
                brought_in.start_again()
            if done >= count * KILL_WORKER and "worker" not in seen.kills and child:
                seen.kills.append("worker")
                os.kill(child, signal.SIGKILL)
        all_s = time.perf_counter() - begun
    return _outcome(store, first, count, in_s, all_s, seen, only_in=options.until == "in")


class _Process:
    """`python -m bench._quick …` while open."""

    def __init__(self, arguments: list[str], environment: dict[str, str]) -> None:
        nice = ["nice", "-n", "5"]  # as the units in deploy/ do it
        self._command, self._environment = [*nice, sys.executable, "-m", "bench._quick", *arguments], environment
        self._process = self._start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def start_again(self) -> None:
        """After kill -9."""
        self._process.kill()
        self._process.wait()
        self._process = self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(self._command, env=self._environment, stdout=subprocess.DEVNULL)


def tell(found: Outcome) -> None:
    writes = found.writes
    print(f"{'seconds':>8}{'in':>9}{'ready':>9}{'import MB':>11}{'worker MB':>11}")
    step = max(1, len(found.seen.rows) // 15)
    for at, came, ready, one, other in found.seen.rows[::step]:
        print(f"{at:>8.0f}{came:>9,}{ready:>9,}{one:>11.0f}{other:>11.0f}")
    print(f"killed on the way: {', '.join(found.seen.kills)}")
    print(f"{found.files:,} recordings: {found.lost} lost, {found.doubled} doubled, "
          f"{found.again} whose hearing was begun again after a kill")  # fmt: skip
    print(f"in after {found.in_s:.0f} s ({found.files / max(found.in_s, 1e-6):.0f} a second), "
          f"{found.ready:,} ready after {found.all_s:.0f} s ({found.ready / found.all_s:.0f} a second)")  # fmt: skip
    print(f"write lock of the store: {writes.transactions / found.files:.1f} transactions and "
          f"{writes.held / found.files * 1000:.1f} ms a call; {writes.held / found.all_s:.0%} of the time held, "
          f"{writes.waited / found.all_s:.0%} waited for")  # fmt: skip
    if found.ready < found.files:
        print("  (not all were ready, so a call takes more of it than this)")
    print(f"at most {found.files / max(writes.held, 1e-6):.0f} calls a second through one store "
          f"({found.files / max(writes.held, 1e-6) * 86400:,.0f} a day) if nothing else were in the way")  # fmt: skip
    print(f"memory of the import, megabytes: {_flat(found.seen, 3)}; of the worker: {_flat(found.seen, 4)}")


def _outcome(store: Store, first: int, count: int, in_s: float, all_s: float, seen: Seen, *, only_in: bool) -> Outcome:
    came, ready = _counts(store, first)
    distinct = int(store.value("SELECT count(DISTINCT sha256) FROM calls WHERE id > ?", [first]))
    log = store.settings.data / _quick.HEARD
    begun = log.read_text().split() if log.exists() else []
    writes = _meter.read(_quick.meters(store.settings.data))
    lost, doubled = count - (distinct if only_in else min(distinct, ready)), came - distinct
    return Outcome(count, ready, lost, doubled, len(begun) - len(set(begun)), in_s, all_s, writes, seen)


def _counts(store: Store, first: int) -> tuple[int, int]:
    """Calls that are in, and ready, of those after `first`."""
    row = store.row("SELECT count(*) AS came, sum(state = 'ready') AS ready FROM calls WHERE id > ?", [first]) or {}
    return int(row["came"]), int(row["ready"] or 0)


def _flat(seen: Seen, column: int) -> str:
    """Of the first and the last tenth of the time it ran, after its start."""
    values = [float(row[column]) for row in seen.rows if row[column] > 20][1:]
    if not values:
        return "not seen"
    tenth = max(1, len(values) // 10)
    early, late = fmean(values[:tenth]), fmean(values[-tenth:])
    return f"{early:.0f} at the beginning, {late:.0f} at the end, {max(values):.0f} at most"


def _child(supervisor: int) -> int:
    """The worker that the supervisor watches, 0 while there is none."""
    try:
        children = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()
    except OSError:
        return 0
    return int(children[0]) if children else 0


@contextmanager
def _asked_for_pages(store: Store, data: Path) -> Iterator[None]:
    """Twenty people open pages for as long as this is open; then it tells how long they waited."""
    tally, ended, options = pages.Tally(), threading.Event(), argparse.Namespace(only=PAGES, pause=1.0)
    with pages.server(data) as port:
        pages.visit(store, port, 1, pages.Tally(), options)

        def ask() -> None:
            while not ended.is_set():
                pages.visit(store, port, 1, tally, options)

        begun, thread = time.perf_counter(), threading.Thread(target=ask)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
        pages.tell(store, tally, time.perf_counter() - begun)


def _write(path: Path, samples: np.ndarray) -> None:  # type: ignore[type-arg]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=0.0, help="what hearing a recording takes")
    parser.add_argument("--until", choices=["ready", "in"], default="ready", help="when it ends; in is quicker")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--limit", type=float, default=900.0, help="seconds after which it is given up")
    parser.add_argument("--pages", action="store_true", help="ask for pages meanwhile, on --folder")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="a store filled by bench.fill")
    return parser.parse_args()


if __name__ == "__main__":
    main()
