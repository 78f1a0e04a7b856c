"""The process that works on recordings, and the one that watches over it.

`supervise` starts a worker, notes what it was at should it die, and starts it again. The worker itself takes the work
queue's next call, step by step. Both may be killed at any moment: everything goes on where it was.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, get_args

import click
import structlog

from assist import engine as engines
from assist import lifetime, locks, logs
from assist.calls import cuts, recordings
from assist.config import Settings
from assist.errors import AssistError, SetupError
from assist.store import Store, attempts
from assist.texts import N_

CANNOT_START = 78
"""Exit status of a worker whose installation lacks something: starting it again would not help."""

Queue = Literal["all", "judge", "speech"]
QUEUES: tuple[Queue, ...] = get_args(Queue)
"""What a worker does: all of it; what needs the store; or only the hearing, which needs none."""

_STOP_SECONDS = 2.0
_LOCK_SECONDS = 10.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 10.0
_OOM_COUNTERS = (Path("/proc/vmstat"), Path("/sys/fs/cgroup/memory.events"))

_log = structlog.get_logger(__name__)


class AnotherWorker(SetupError):
    message = N_("Another worker is at work as %(worker)s in %(data)s. Stop it, or give this one another --slot.")


def supervise(
    settings: Settings, stop: threading.Event, *, engine: str = engines.STANDARD, slot: int = 0, queue: Queue = "all"
) -> int:
    """Keeps one worker alive until `stop` is set; returns 0, or CANNOT_START where it gave up."""
    store, pause = None if queue == "speech" else Store(settings), _FIRST_PAUSE
    try:
        while not stop.is_set():
            kills, began, boot = _out_of_memory_kills(), time.monotonic(), secrets.token_hex(4)
            status = _watch(_start(settings, engine, slot, queue, boot), stop)
            if stop.is_set():
                return 0
            if status == CANNOT_START:
                return status
            crashed = status != -signal.SIGTERM and (status != -signal.SIGKILL or _out_of_memory_kills() > kills)
            if store is not None:
                attempts.worker_died(store, name_of(settings, slot), crashed=crashed)
            _tell_others(settings, name_of(settings, slot), boot, crashed=crashed)
            _log.warning("worker died", status=status, crashed=crashed)
            in_a_row = crashed and time.monotonic() - began < _LONGEST_PAUSE
            pause = min(pause * 2, _LONGEST_PAUSE) if in_a_row else _FIRST_PAUSE
            stop.wait(pause)
        return 0
    finally:
        if store is not None:
            store.close()


def work(
    settings: Settings,
    *,
    engine: str = engines.STANDARD,
    slot: int = 0,
    stop: threading.Event,
    queue: Queue = "all",
    boot: str = "",
) -> None:
    """Works on the queue until `stop` is set. Raises AnotherWorker and what the engine lacks (SetupError)."""
    worker = name_of(settings, slot)
    with _alone(settings, worker), _own_temporary_folder(settings, worker) as folder:
        if queue == "speech":
            _hear(settings, engines.ears(engine)(settings), worker, folder, stop, boot)
        else:
            _work_near_the_store(settings, engine, worker, folder if queue == "all" else None, stop, boot)


def _work_near_the_store(
    settings: Settings, engine: str, worker: str, hearing: Path | None, stop: threading.Event, boot: str
) -> None:
    """`hearing` is the folder to hear in, where this worker also hears what is sent to others."""
    from assist import jobs
    from assist.fleet import exchange, near, upkeep
    from assist.pipeline import Pipeline

    store = Store(settings)
    recordings.sweep(settings)
    cuts.sweep(settings)
    away = exchange.of(settings)
    pipeline = Pipeline(store, engines.factory(engine)(settings, store), worker, away)
    upkeep.reconcile(store, thoroughly=True)
    with jobs.running(pipeline, *near.hearing_too(pipeline, hearing), boot=boot):
        _log.info("worker ready", worker=worker)
        near.watch(pipeline, stop)
        attempts.worker_stopped(store, worker)
        _leave(settings, worker, boot)


def _hear(settings: Settings, ears: engines.Ears, worker: str, folder: Path, stop: threading.Event, boot: str) -> None:
    from assist import jobs
    from assist.fleet import exchange, hearing

    part = hearing.part(hearing.Listener(settings, ears, exchange.needed(settings, "speech"), folder))
    with jobs.launched(settings, worker, part, boot=boot):
        _log.info("worker ready", worker=worker, hears=part.hears)
        stop.wait()
        _leave(settings, worker, boot)


def name_of(settings: Settings, slot: int) -> str:
    return f"{settings.node}worker-{slot}"


def _start(settings: Settings, engine: str, slot: int, queue: Queue, boot: str) -> subprocess.Popen[bytes]:
    options = ["--engine", engine, "--slot", str(slot), "--queue", queue, "--boot", boot, "--parent", str(os.getpid())]
    command = [sys.executable, "-m", "assist.worker", *options]
    return subprocess.Popen(command, env=os.environ | _as_environment(settings), stdin=subprocess.DEVNULL)


def _leave(settings: Settings, worker: str, boot: str) -> None:
    """A model at work cannot be interrupted, and need not be: what is not done is begun again."""
    _tell_others(settings, worker, boot, crashed=False)
    os._exit(0)


def _tell_others(settings: Settings, worker: str, boot: str, *, crashed: bool) -> None:
    """Others need not wait until they miss the worker."""
    from assist.fleet import beats

    try:
        beats.died(settings, beats.executor_of(worker, boot), crashed=crashed)
    except Exception:  # then they will miss it
        _log.warning("the death of a worker could not be told", exc_info=True)


def _watch(worker: subprocess.Popen[bytes], stop: threading.Event) -> int:
    """Waits for the worker's end; asks it to end, then ends it, once `stop` is set."""
    while worker.poll() is None and not stop.wait(0.1):
        pass
    if worker.poll() is None:
        worker.terminate()
    try:
        return worker.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        worker.kill()
        return worker.wait()


def _as_environment(settings: Settings) -> dict[str, str]:
    """The settings as the environment that makes them again in the child."""
    values = settings.model_dump(mode="json", exclude_none=True)
    return {f"ASSIST_{name.upper()}": str(value) for name, value in values.items()}


def _out_of_memory_kills() -> int:
    """How often the kernel has killed for want of memory; 0 where it does not tell."""
    count = 0
    for path in _OOM_COUNTERS:
        try:
            lines = path.read_text().splitlines()
        except OSError:
            continue
        count += sum(int(line.split()[1]) for line in lines if line.split()[0] == "oom_kill")
    return count


@contextmanager
def _alone(settings: Settings, worker: str) -> Iterator[None]:
    try:
        with locks.held(settings, worker, wait=_LOCK_SECONDS):
            yield
    except locks.Taken as error:
        raise AnotherWorker(worker=worker, data=settings.data) from error


@contextmanager
def _own_temporary_folder(settings: Settings, worker: str) -> Iterator[Path]:
    """Temporary files lie where the next start finds and clears them."""
    folder = (settings.data / "work" / worker).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    yield folder


@click.command(hidden=True)
@click.option("--engine", required=True)
@click.option("--slot", type=int, required=True)
@click.option("--queue", type=click.Choice(QUEUES), required=True)
@click.option("--boot", required=True)
@click.option("--parent", type=int, required=True)
def main(engine: str, slot: int, queue: Queue, boot: str, parent: int) -> None:
    """The worker process; `assist worker` starts and watches it."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the supervisor too, and that one tells us
    lifetime.end_with(parent)  # so that no two workers are ever at one call
    settings = Settings()
    logs.configure(form=settings.log_format)
    try:
        work(settings, engine=engine, slot=slot, stop=stop, queue=queue, boot=boot)
    except AssistError as error:
        click.echo(error.text(settings.language), err=True)
        sys.exit(CANNOT_START)


if __name__ == "__main__":
    main()
