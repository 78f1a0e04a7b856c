"""`assist index` and `assist doctor`."""

import re
import sys

import click

from assist import doctor as checks
from assist.calls import search
from assist.commands.common import opened, say
from assist.config import Settings
from assist.console import language
from assist.texts import N_


@click.command()
def index() -> None:
    """Make calls searchable that were heard before there was a search.

    A running worker does the same by and by; calls that become ready are searchable at once.
    """
    with opened() as store:
        say(N_("%(calls)s calls can be searched by their words."), calls=search.catch_up(store))


@click.command()
@click.option("--thorough", is_flag=True, help="Also read every recording and compare it with its checksum.")
@click.option("--mend", is_flag=True, help="Also delete what uploads left behind that were cut off over a day ago.")
@click.option("--speed", is_flag=True, help="Also hear a short clip and say how many calls an hour that makes.")
def doctor(thorough: bool, mend: bool, speed: bool) -> None:
    """Check the installation and the data; exit status 1 where something is wrong."""
    settings = Settings()
    found = list(checks.examine(settings, thorough=thorough, speed=speed, mend=mend))
    for check in found:
        click.echo(f"{'✓' if check.fine else '✗'} {check.text(language())}")
    say(N_("Settings in force:"))
    for name, value in settings.model_dump(mode="json").items():
        click.echo(f"  ASSIST_{name.upper()}={'' if value is None else _without_password(str(value))}")
    if not all(check.fine for check in found):
        sys.exit(1)


def _without_password(value: str) -> str:
    return re.sub(r"(//[^:/@]+):[^@]+@", r"\1:…@", value)
