"""`assist import`."""

import sys
from collections import Counter
from pathlib import Path

import click

from assist import jobs
from assist.calls import folder, manifest
from assist.commands.common import acting, opened, say
from assist.console import language
from assist.people import audit
from assist.texts import N_


@click.command("import")
@click.argument("directory", type=click.Path(path_type=Path))
@click.option(
    "--manifest", "csv", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="CSV: whose call each is."
)
@click.option("--user", "login", help="Sign-in name of the person who brings them in. Default: the first admin.")
def import_folder(directory: Path, csv: Path | None, login: str | None) -> None:
    """Take in all recordings of DIRECTORY.

    Files that came in before are left alone, so a run that was broken off is simply started again. Agent, time and
    campaign come from the manifest (columns file, agent, called_at, campaign, direction, customer), else from the file
    names.
    """
    entries = manifest.loads(csv.read_bytes(), csv.name) if csv else None
    fates: Counter[str] = Counter()
    with opened() as store:
        user = acting(store, login)
        for taken in folder.take(store, user, directory, entries):
            fates[taken.fate] += 1
            if taken.error is not None:
                click.echo(f"{taken.file}: {taken.error.text(language())}", err=True)
            if taken.call_id is not None:
                jobs.submit(store, taken.call_id)
        audit.record(store, user, "call.import", "folder", **fates)
        waiting = store.value("SELECT count(*) FROM calls WHERE state = 'waiting'")
    jobs.close()
    say(
        N_("New: %(new)s, known already: %(known)s, refused: %(refused)s."),
        new=fates["new"],
        known=fates["known"],
        refused=fates["refused"],
    )
    if waiting:
        say(N_("%(count)s calls wait for their agent or campaign. Fill them in on the web app."), count=waiting)
    if fates["refused"]:
        sys.exit(1)
