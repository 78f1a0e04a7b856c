"""The processes that answer requests: one, or several that take connections from one socket in turns.

Python runs one thread of a process at a time, so a second core is of use only to a second process. All they share lies
in the store; what Prometheus counts lies in files that every process adds up.
"""

import gc
import importlib
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any

from assist import lifetime
from assist.config import Settings

if TYPE_CHECKING:
    import uvicorn
    from uvicorn.supervisors import Multiprocess

GRACE_SECONDS = 2
"""So long requests that are under way may go on after the server was told to stop; then they are broken off."""

LAST_SECONDS = 4.5
"""Then the process ends whatever still runs: what was accepted is on the disk, what was not leaves nothing behind."""

_MOST_BY_ITSELF = 2
_ALIVE_SECONDS = 60
"""A process that gives no sign for so long is replaced; loading the app on a busy machine takes a third of it."""
_COUNTS = "PROMETHEUS_MULTIPROC_DIR"


def serve(settings: Settings, host: str, port: int, stop: threading.Event) -> None:
    """Until a signal comes; sets `stop` with it. Exits with 1 where the app could not be started."""
    processes = settings.web_processes or min(_MOST_BY_ITSELF, os.cpu_count() or 1)
    if processes == 1:
        _alone(_config("assist.commands.web:alone", settings, host, port), stop)
        return
    config = _config("assist.commands.web:app", settings, host, port)
    config.workers = processes
    with _counts_together():
        _together(config, stop)


def app() -> Any:
    """The app in a process of its own: with the log set up, and no longer alive than the process that began it."""
    from assist import logs

    lifetime.end_with(os.getppid())
    settings = Settings()
    logs.configure(form=settings.log_format)
    return alone()


def alone() -> Any:
    """The app, in the process that was started. What is made while it is loaded stays: the collector is not to look
    through all of it again and again, which takes a seventh of the start, nor later."""
    gc.disable()
    try:
        return importlib.import_module("api.app").create_app(Settings())
    finally:
        gc.freeze()
        gc.enable()


def _config(factory: str, settings: Settings, host: str, port: int) -> "uvicorn.Config":
    import uvicorn

    return uvicorn.Config(
        factory,
        factory=True,
        host=host,
        port=port,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_worker_healthcheck=_ALIVE_SECONDS,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        access_log=False,
        log_config=None,
    )


def _alone(config: "uvicorn.Config", stop: threading.Event) -> None:
    import uvicorn

    server = uvicorn.Server(config)
    stop_server = server.handle_exit

    def handle(number: int, frame: FrameType | None) -> None:
        stop.set()
        _at_last(lambda: None)
        stop_server(number, frame)

    server.handle_exit = handle  # type: ignore[method-assign, assignment]
    server.run()
    if not server.started:
        sys.exit(1)


def _together(config: "uvicorn.Config", stop: threading.Event) -> None:
    from uvicorn.config import STARTUP_FAILURE
    from uvicorn.supervisors import Multiprocess

    supervisor = Multiprocess(config, [config.bind_socket()])

    def handle(number: int, frame: FrameType | None) -> None:
        stop.set()
        _at_last(lambda: _kill(supervisor))
        supervisor.should_exit.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handle)
    supervisor.run()
    if any(process.exitcode == STARTUP_FAILURE for process in supervisor.processes):
        sys.exit(1)


def _kill(supervisor: "Multiprocess") -> None:
    for process in supervisor.processes:
        process.process.kill()


def _at_last(kill: Callable[[], object]) -> None:
    def end() -> None:
        kill()
        os._exit(0)

    timer = threading.Timer(LAST_SECONDS, end)
    timer.daemon = True
    timer.start()


@contextmanager
def _counts_together() -> Iterator[None]:
    """A folder in which the processes count; those that follow find it in their environment."""
    with tempfile.TemporaryDirectory(prefix="assist-counts-") as folder:
        os.environ[_COUNTS] = folder
        try:
            yield
        finally:
            del os.environ[_COUNTS]
