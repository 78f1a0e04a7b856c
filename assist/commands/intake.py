"""`assist import`."""

import hashlib
import signal
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from assist import jobs, locks
from assist.bulk import listed, reporting
from assist.bulk.progress import Progress
from assist.bulk.sources import Folder, source_at
from assist.bulk.taking import Intake, Taken, take
from assist.bulk.watching import APART, REFUSED, Steady, Then, Watch
from assist.commands.common import acting, opened, say
from assist.console import INTERRUPTED, language
from assist.errors import Conflict, InputError
from assist.fleet import bounds
from assist.people import access, audit
from assist.people.users import User
from assist.store import Store
from assist.texts import N_, translate

_SHOWN = 20
"""Refused files that are named on the terminal; the report names all."""


_FULL_SECONDS = 5.0
_FULL = N_("The work queue has no more room for imports; waiting until the workers have made some.")


class WatchesFolders(InputError):
    message = N_("Only a folder can be watched, not %(place)s. Run `assist import` there from time to time instead.")


class NamesTell(InputError):
    message = N_("--watch takes no --manifest: file names tell whose call each is. Leave one of the two out.")


class WatchedAlready(Conflict):
    message = N_("Another `assist import --watch` is at work on this folder. Stop it first.")


@click.command("import")
@click.argument("source", metavar="FOLDER|s3://BUCKET/PREFIX")
@click.option(
    "--manifest", "csv", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="CSV: whose call each is."
)
@click.option("--user", "login", help="Sign-in name of the person who brings them in. Default: the first admin.")
@click.option(
    "--report", type=click.Path(path_type=Path, dir_okay=False), help="CSV to write: what was refused, and why."
)
@click.option("--again", is_flag=True, help="Read every file again, also those that an earlier import brought in.")
@click.option("--watch", is_flag=True, help="Go on: take what comes into the folder, until stopped.")
@click.option(
    "--every", type=click.FloatRange(0.05), default=5.0, show_default=True, help="Watching: seconds between looks."
)
@click.option(
    "--settle",
    type=click.FloatRange(0),
    default=10.0,
    show_default=True,
    help="Watching: seconds a file must not change before it is taken.",
)
@click.option("--then", type=click.Choice(["move", "leave"]), default="move", show_default=True,
              help="Watching: move files to done/ and refused/ below the folder, or leave them.")  # fmt: skip
def import_folder(
    source: str, csv: Path | None, login: str | None, report: Path | None, again: bool, watch: bool, every: float,
    settle: float, then: Then,
) -> None:  # fmt: skip
    """Take in all recordings of a folder, or of a prefix in object storage.

    Files that came in before are passed over without reading them, so a run that was broken off is simply started
    again. Agent, time and campaign come from the manifest (columns file, agent, called_at, campaign, direction,
    customer; UTF-8 or GBK), else from the file names. Exit status 1 where something was refused.
    """
    if watch and csv:
        raise NamesTell
    with _stopped_by_signals() as stop, opened() as store:
        user = acting(store, login)
        access.require(user, "call.upload")
        try:
            if watch:
                _watch(store, user, source, report, Steady(settle), every, then, stop)
                return
            fates = _once(store, user, source, csv, report, again, stop)
        finally:
            jobs.close()
        _sum_up(store, fates)
    if stop.is_set():
        say(N_("Stopped. Run the same command again and it goes on where it was."))
        sys.exit(INTERRUPTED)
    if fates["refused"]:
        sys.exit(1)


def _once(
    store: Store, user: User, address: str, csv: Path | None, report: Path | None, again: bool, stop: threading.Event
) -> Counter[str]:
    source = source_at(address, store.settings.data)
    fates: Counter[str] = Counter()
    with ExitStack() as open_things:
        lines = open_things.enter_context(listed.read(csv)) if csv else None
        told = open_things.enter_context(reporting.writing(report, language()))
        total = lines.lines if lines else source.count()
        progress = open_things.enter_context(Progress(total))
        intake = Intake(store, user, source, lambda store, call_id: _submit(store, call_id, stop), again=again)
        for taken in take(intake, source, lines):
            progress.note(worked=taken.call_id is not None)
            _tell(taken, fates, told)
            if stop.is_set():
                for late in intake.flush():
                    _tell(late, fates, told)
                break
    audit.record(store, user, "call.import", "folder", **fates)
    return fates


def _submit(store: Store, call_id: int, stop: threading.Event) -> None:
    """Puts an imported call into the queue, then waits while imports have no more room there: it is the workers who
    are behind then, and today's calls come first."""
    jobs.submit(store, call_id)
    if not bounds.room(store, bulk=True):
        click.echo(translate(_FULL, language()), err=True)
    while not bounds.room(store, bulk=True) and not stop.is_set():
        stop.wait(_FULL_SECONDS)


def _tell(taken: Taken, fates: Counter[str], told: reporting.Report | None) -> None:
    fates[taken.fate] += 1
    if taken.error is None:
        return
    if told is not None:
        told.add(taken)
    shown = fates["refused"] + fates["unlisted"]
    if shown <= _SHOWN:
        click.echo(f"{taken.file}: {taken.error.text(language())}", err=True)
    elif shown == _SHOWN + 1:
        click.echo(translate(N_("… more are not shown here; --report FILE writes them all."), language()), err=True)


def _sum_up(store: Store, fates: Counter[str]) -> None:
    say(
        N_("New: %(new)s, known already: %(known)s, refused: %(refused)s."),
        new=fates["new"],
        known=fates["known"],
        refused=fates["refused"],
    )
    if fates["unlisted"]:
        say(N_("%(count)s files have no line in the manifest and were left alone."), count=fates["unlisted"])
    waiting = store.value("SELECT count(*) FROM calls WHERE state = 'waiting'")
    if waiting:
        say(N_("%(count)s calls wait for their agent or campaign. Fill them in on the web app."), count=waiting)


def _watch(
    store: Store, user: User, address: str, report: Path | None, steady: Steady, every: float, then: Then,
    stop: threading.Event,
) -> None:  # fmt: skip
    if "://" in address:
        raise WatchesFolders(place=address)
    source = Folder(Path(address), store.settings.data, APART if then == "move" else frozenset())
    intake = Intake(store, user, source, jobs.submit, urgent="now")
    watched = Watch(source, intake, steady, then)
    where = report or (source.path / REFUSED / "refused.csv" if then == "move" else None)
    try:
        with locks.held(store.settings, f"watch-{hashlib.sha256(source.place.encode()).hexdigest()[:16]}"):
            say(N_("Watching %(folder)s. Ctrl-C ends it."), folder=source.path)
            while not stop.is_set():
                _look(watched.round(stop), where, store, user)
                stop.wait(every)
    except locks.Taken as error:
        raise WatchedAlready from error


def _look(round_: Iterator[Taken], where: Path | None, store: Store, user: User) -> None:
    fates: Counter[str] = Counter()
    for taken in round_:
        if taken.error is not None and where is not None:
            where.parent.mkdir(parents=True, exist_ok=True)
            with reporting.writing(where, language(), on=True) as told:
                _tell(taken, fates, told)
        else:
            _tell(taken, fates, None)
    if fates:
        audit.record(store, user, "call.import", "folder", **fates)


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    """Set by Ctrl-C or SIGTERM: what is under way is finished first."""
    stop, before = threading.Event(), {}
    for number in (signal.SIGTERM, signal.SIGINT):
        before[number] = signal.signal(number, lambda *_: stop.set())
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
