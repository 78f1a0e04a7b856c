"""`assist demo`: makes the demo, works on its recordings where people watch, and serves it."""

import os
import socket
import subprocess
import sys
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from assist import jobs
from assist.calls import calls
from assist.calls.calls import FINAL, Call
from assist.config import Settings
from assist.console import clear_progress, language, one_line_errors, progress_line
from assist.demo import team
from assist.errors import SetupError
from assist.store import Store
from assist.texts import N_, translate

_POLL_SECONDS = 0.3
_STOP_SECONDS = 10


class PortTaken(SetupError):
    message = N_("Port %(port)s is taken; perhaps the demo is running already. Stop it, or set ASSIST_PORT=%(other)s.")


class WorkerStopped(SetupError):
    message = N_("The worker stopped before the recordings were ready. The reason is at the end of %(log)s.")


@click.command()
@click.option("--no-serve", is_flag=True, help="Stop when the recordings are ready.")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def demo(context: click.Context, no_serve: bool, debug: bool) -> None:
    """Fill a folder of its own with a demo team, a library and calls; serve it."""
    with one_line_errors(debug):
        settings = _settings()
        if not no_serve:
            _check_port(settings)
        failed = _fill(settings)
        _welcome(settings, failed)
        if no_serve:
            context.exit(1 if failed else 0)
    from assist.commands.run import serve

    context.invoke(serve)


def _settings() -> Settings:
    """The demo's data never lie among real ones: without ASSIST_DATA they get a folder of their own."""
    settings = Settings()
    if "data" not in settings.model_fields_set:
        os.environ["ASSIST_DATA"] = str(settings.data / "demo")
    return Settings()


def _check_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise PortTaken(port=settings.port, other=settings.port + 1) from error


def _fill(settings: Settings) -> int:
    """Returns how many recordings failed."""
    store = Store(settings)
    try:
        mine = team.prepare(store)
        if not _finished(store, mine):
            _say(N_("Listening to %(count)s sample recordings; this takes a few minutes."), count=len(mine))
            with _worker(settings) as worker:
                _watch(store, mine, worker, _log(settings))
        return sum(calls.load(store, number).state == "failed" for number in mine)
    finally:
        jobs.close()
        store.close()


@contextmanager
def _worker(settings: Settings) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker while this is open; what it logs goes to a file, so that progress stays readable."""
    with _log(settings).open("wb") as log:
        worker = subprocess.Popen([sys.executable, "-m", "assist", "worker"], stderr=log, stdin=subprocess.DEVNULL)
        try:
            yield worker
        finally:
            worker.terminate()
            try:
                worker.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()


def _log(settings: Settings) -> Path:
    return settings.data / "demo.log"


def _watch(store: Store, mine: list[int], worker: "subprocess.Popen[bytes]", log: Path) -> None:
    """Shows how far each recording is, until all have come to an end. Raises WorkerStopped."""
    told: set[int] = set()
    while True:
        for call in (calls.load(store, number) for number in mine):
            if call.state in FINAL and call.id not in told:
                told.add(call.id)
                _tell(call)
            elif call.state not in FINAL and call.state != "received":
                progress_line(call.file_name)(call.state, call.progress)
        if len(told) == len(mine):
            return
        if worker.poll() is not None:
            raise WorkerStopped(log=log)
        time.sleep(_POLL_SECONDS)


def _finished(store: Store, mine: list[int]) -> bool:
    return all(calls.load(store, number).state in FINAL for number in mine)


def _tell(call: Call) -> None:
    clear_progress()
    if call.failure:
        click.echo(f"  ✗ {call.file_name}  {call.failure.text(language())}")
    else:
        click.echo(f"  ✓ {call.file_name}  {call.agent}  {_minutes(call.seconds or 0)}")


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _welcome(settings: Settings, failed: int) -> None:
    if failed:
        _say(N_("%(count)s recordings failed; why stands above, and in %(log)s."), count=failed, log=_log(settings))
    _say(N_("The demo team is ready."))
    click.echo()
    for person in team.TEAM:
        who = _wide(person.login, 10) + _wide(person.name, 8) + _wide(_text(_ROLES[person.role]), 14)
        click.echo(f"  {who}{_text(person.see)}")
    click.echo()
    _say(N_("Password of all: %(password)s"), password=team.PASSWORD)
    _say(N_("Open http://%(host)s:%(port)s and sign in, first as zhoumin."), host=settings.host, port=settings.port)


_ROLES = {"lead": N_("team lead"), "agent": N_("agent"), "editor": N_("script editor"), "admin": N_("administrator")}


def _wide(text: str, columns: int) -> str:
    """Padded to so many columns of a terminal, where a Chinese character takes two."""
    taken = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    return text + " " * max(1, columns - taken)


def _text(text: str) -> str:
    return translate(text, language())


def _say(text: str, **facts: object) -> None:
    click.echo(_text(text) % facts)
