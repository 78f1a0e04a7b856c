"""`assist labels export`: calls that people scored blind, for `assist evaluate`."""

from pathlib import Path

import click

from assist import labels as labelling
from assist.commands.common import acting, opened, say
from assist.texts import N_


@click.group()
def labels() -> None:
    """Take out calls that people scored blind, as labelled calls."""


@labels.command("export")
@click.argument("campaign")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--names", is_flag=True, help="Leave the names of people in the text. Default: hidden.")
@click.option("--recordings", is_flag=True, help="The recordings too; names that are said in them can be heard.")
@click.option("--user", "login", help="Sign-in name of the person whose calls these are. Default: the first admin.")
def export(campaign: str, folder: Path, names: bool, recordings: bool, login: str | None) -> None:
    """Write the labelled calls of CAMPAIGN to FOLDER; `assist evaluate FOLDER` compares judgements with them."""
    with opened() as store:
        made = labelling.export(store, acting(store, login), campaign, names=names, recordings=recordings)
    made.write(folder)
    say(N_("%(count)s labelled calls in %(folder)s."), count=made.calls, folder=folder)
