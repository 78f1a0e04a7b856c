"""`assist library`."""

from datetime import datetime
from pathlib import Path

import click

from assist.commands.checking import check
from assist.commands.common import acting, opened, say
from assist.commands.scripts import compare_libraries, export, import_file
from assist.store import libraries
from assist.texts import N_


@click.group()
def library() -> None:
    """Publish, list, compare, import and export talk tracks."""


library.add_command(check)


@library.command("publish")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--from", "start", type=click.DateTime(), help="In force from this local time. Default: now.")
@click.option("--note", default="", help="What is new.")
@click.option("--user", "login", help="Sign-in name of the person who publishes. Default: the first admin.")
def publish(file: Path, start: datetime | None, note: str, login: str | None) -> None:
    """Publish FILE (assist-library/1) as the next version of its campaign."""
    with opened() as store:
        begins = start.replace(tzinfo=store.settings.zone) if start else None
        made = libraries.publish(store, file.read_bytes(), acting(store, login), begins, note, file.name)
        local = made.in_force_from.astimezone(store.settings.zone)
    say(
        N_("%(campaign)s version %(number)s is in force from %(start)s."),
        campaign=made.campaign,
        number=made.number,
        start=local.isoformat(sep=" ", timespec="minutes"),
    )


library.add_command(compare_libraries)
library.add_command(import_file)
library.add_command(export)


@library.command("list")
def list_libraries() -> None:
    """List all campaigns and their versions."""
    with opened() as store:
        for campaign in libraries.campaigns(store):
            for found in libraries.versions(store, campaign.id):
                mark = "*" if found.number == campaign.current else " "
                start = found.in_force_from.astimezone(store.settings.zone).isoformat(sep=" ", timespec="minutes")
                click.echo(f"{mark} {campaign.id:<24} {found.number:>4}  {start}  {found.note}")
