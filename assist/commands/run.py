"""`assist serve` and `assist worker`."""

import signal
import socket
import sys
import threading
from contextlib import AbstractContextManager, nullcontext
from types import FrameType

import click

from assist import locks, logs
from assist import worker as workers
from assist.commands import web
from assist.config import Settings
from assist.engine import STANDARD
from assist.errors import SetupError
from assist.store import Store
from assist.texts import N_

GIVEN_UP_SECONDS = 60


class AnotherServer(SetupError):
    message = N_("Another server is running on %(data)s. Stop it, or set ASSIST_DATA to another folder.")


class PortUnusable(SetupError):
    message = N_("Cannot listen on %(host)s:%(port)s (%(reason)s). Stop the other program, or set ASSIST_PORT.")


@click.command()
@click.option("--host", help="Address to listen on. Default: ASSIST_HOST or 127.0.0.1.")
@click.option("--port", type=int, help="Port to listen on. Default: ASSIST_PORT or 8300.")
@click.option("--no-worker", is_flag=True, help="Only the web app; recordings wait for `assist worker`.")
@click.option("--engine", default=STANDARD, hidden=True)
def serve(host: str | None, port: int | None, no_worker: bool, engine: str) -> None:
    """Serve the web app and work on recordings."""
    settings, stop = Settings(), _stop_on_signals()
    logs.configure(form=settings.log_format)
    host, port = host or settings.host, port or settings.port
    _check(host, port)
    try:
        with locks.held(settings, "server", wait=5), nullcontext() if no_worker else _working(settings, stop, engine):
            web.serve(settings, host, port, stop)
    except locks.Taken as error:
        raise AnotherServer(data=settings.data) from error


@click.command()
@click.option("--slot", type=int, default=0, show_default=True, help="Number of this worker, of several.")
@click.option(
    "--queue",
    type=click.Choice(workers.QUEUES),
    default="all",
    show_default=True,
    help="speech: only hear, on any machine (needs ASSIST_OBJECTS). judge: only what needs the store.",
)
@click.option("--engine", default=STANDARD, hidden=True)
def worker(slot: int, queue: workers.Queue, engine: str) -> None:
    """Work on recordings without the web app."""
    settings = Settings()
    logs.configure(form=settings.log_format)
    sys.exit(workers.supervise(settings, _stop_on_signals(), engine=engine, slot=slot, queue=queue))


def _check(host: str, port: int) -> None:
    """Raises PortUnusable: said here in one line, before anything is started."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise PortUnusable(host=host, port=port, reason=error.strerror) from error


def _working(settings: Settings, stop: threading.Event, engine: str) -> AbstractContextManager[None]:
    return _Supervisor(settings, stop, engine)


class _Supervisor:
    """A worker beside the server for as long as this is open."""

    def __init__(self, settings: Settings, stop: threading.Event, engine: str) -> None:
        Store(settings).close()  # makes or upgrades the tables before two processes want to
        self._settings, self._stop, self._engine = settings, stop, engine
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            workers.supervise(self._settings, self._stop, engine=self._engine)
            self._stop.wait(GIVEN_UP_SECONDS)  # it could not start and said why; somebody may mend it


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()

    def handle(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handle)
    return stop
