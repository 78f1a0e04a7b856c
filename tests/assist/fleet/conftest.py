"""Work queues on both databases, object storage of three kinds, and a worker in the test's own process."""

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from assist import jobs
from assist.calls import calls
from assist.calls.calls import Call
from assist.config import Settings
from assist.fleet import exchange, near, upkeep
from assist.pipeline import Pipeline
from assist.store import Store
from tests import fakes, postgres

Working = Callable[..., AbstractContextManager[Pipeline]]


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    if postgres.programs() is None:
        pytest.skip("there is no PostgreSQL: apt-get install postgresql")
    with tempfile.TemporaryDirectory(prefix="assist-postgres-") as folder:
        started = postgres.Server(Path(folder))
        yield started
        started.stop()


@pytest.fixture(scope="session")
def template(server: postgres.Server) -> str:
    """A database with the tables of a work queue, to be copied: making them takes seconds."""
    address = server.database()
    with tempfile.TemporaryDirectory() as folder:
        jobs.prepare(Settings(data=Path(folder), jobs_url=address, _env_file=None))
        jobs.close()
    return address


@pytest.fixture(params=["sqlite", "postgresql"])
def queue(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Settings]:
    """Settings with a work queue on either database."""
    if request.param == "postgresql":
        server = request.getfixturevalue("server")
        settings.jobs_url = server.database(request.getfixturevalue("template"))
    settings.jobs_poll_seconds = 0.02
    yield settings
    jobs.close()


@pytest.fixture
def elsewhere(queue: Settings, tmp_path: Path) -> Settings:
    """The same, with hearing done elsewhere."""
    queue.objects = f"file://{tmp_path}/objects"
    return queue


@pytest.fixture
def working(store: Store, tmp_path: Path) -> Working:
    """A worker of everything, in this process, while open."""

    @contextmanager
    def work(engine: fakes.FakeEngine | None = None, *, listens: bool = True) -> Iterator[Pipeline]:
        settings = store.settings
        made = engine or fakes.FakeEngine(settings.data / "heard.log")
        pipeline = Pipeline(store, made, "worker-0", exchange.of(settings))
        folder = tmp_path / "work"
        folder.mkdir(exist_ok=True)
        upkeep.reconcile(store, thoroughly=True)
        with jobs.running(pipeline, *near.hearing_too(pipeline, folder if listens else None)):
            yield pipeline
        # A worker ends with its process; this one lives on, and what takes from the queue must not take once more.
        until(lambda: not any(thread.name.startswith("queue-worker") for thread in threading.enumerate()))

    return work


def wait_for(store: Store, call: Call, *states: str) -> Call:
    until(lambda: calls.load(store, call.id).state in (*states, "failed"))
    found = calls.load(store, call.id)
    assert found.state in states, found.failure
    return found


def until(condition: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.02)


def heard(settings: Settings) -> list[str]:
    """What was begun to be heard, in order."""
    log = settings.data / "heard.log"
    return [line.split()[1] for line in log.read_text().splitlines()] if log.exists() else []
