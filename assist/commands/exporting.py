"""`assist export`."""

from datetime import datetime
from pathlib import Path

import click

from assist.commands.common import acting, opened
from assist.console import language
from assist.exports import exporting
from assist.exports.changes import Asked
from assist.exports.tables import WHATS, What
from assist.exports.writing import Form
from assist.store import Store
from assist.texts import N_, translate

_DAYS = ("%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")


@click.command("export")
@click.argument("output", metavar="FILE|-")
@click.option("--what", type=click.Choice(WHATS), required=True, help="The table.")
@click.option("--format", "form", type=click.Choice(["csv", "parquet"]), default="csv", show_default=True)
@click.option("--since", type=click.DateTime(_DAYS), help="Calls made at that moment or later.")
@click.option("--until", type=click.DateTime(_DAYS), help="Calls made before that moment.")
@click.option("--after", type=click.IntRange(0), help="Only what changed after this watermark.")
@click.option(
    "--state", type=click.Path(path_type=Path, dir_okay=False), help="File that keeps the watermark from run to run."
)
@click.option("--whole", is_flag=True, help="Leave personal data in the quotes. Only for admins; noted in the audit.")
@click.option("--user", "login", help="Sign-in name of the person whose calls these are. Default: the first admin.")
def export(
    output: str, what: What, form: Form, since: datetime | None, until: datetime | None, after: int | None,
    state: Path | None, whole: bool, login: str | None,
) -> None:  # fmt: skip
    """Write one table of findings to FILE, for a warehouse.

    With --state every run writes what changed since the run before. docs/export.md tells the columns, and how to load
    them.
    """
    marks = exporting.kept(state) if state else {}
    with opened() as store:
        asked = Asked(
            what,
            after if after is not None else marks.get(what, 0),
            _moment(store, since),
            _moment(store, until),
            whole,
        )
        made = exporting.export(store, acting(store, login), asked, output, form)
    if state:
        exporting.keep(state, marks | {what: made.watermark})
    told = translate(N_("%(rows)s rows. Watermark: %(watermark)s"), language())
    click.echo(told % {"rows": made.rows, "watermark": made.watermark}, err=output == "-")


def _moment(store: Store, at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=store.settings.zone) if at else None
