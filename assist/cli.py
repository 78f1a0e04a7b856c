"""The command `assist`. Each command is imported when it is called, so that `assist --help` is quick."""

import sys
from importlib import import_module
from typing import cast

import click

from assist.console import explained, language, one_line
from assist.texts import N_, translate

COMMANDS = {
    "analyze": ("assist.analyze:analyze", N_("Judge one recording; needs no server and no database.")),
    "serve": ("assist.commands.run:serve", N_("Serve the web app and work on recordings.")),
    "worker": ("assist.commands.run:worker", N_("Work on recordings without the web app.")),
    "queue": ("assist.commands.work:queue", N_("What waits to be worked on; pause and resume.")),
    "import": ("assist.commands.intake:import_folder", N_("Take in a folder of recordings.")),
    "user": ("assist.commands.people:user", N_("Add, list and disable people, set passwords.")),
    "token": ("assist.commands.people:token", N_("Give machines access to the API.")),
    "library": ("assist.commands.library:library", N_("Publish, list, compare, import and export talk tracks.")),
    "evaluate": ("assist.evaluate:evaluate", N_("Compare judgements with labelled calls.")),
    "export": ("assist.commands.exporting:export", N_("Write findings as CSV or Parquet, for a warehouse.")),
    "index": ("assist.commands.upkeep:index", N_("Make calls searchable that were heard before there was a search.")),
    "labels": ("assist.commands.labels:labels", N_("Take out calls that people scored blind, as labelled calls.")),
    "audit": ("assist.commands.audit:audit", N_("Check and take out what was written down of who did what.")),
    "backup": ("assist.commands.backups:backup", N_("Copy everything to a folder while Assist runs.")),
    "restore": ("assist.commands.backups:restore", N_("Put a backup into an empty folder, compared file by file.")),
    "retention": (
        "assist.commands.privacy:retention_command",
        N_("Show how long calls are kept, and take away what is over its time."),
    ),
    "privacy": ("assist.commands.privacy:privacy", N_("Delete a customer for good; check certificates of deletion.")),
    "doctor": ("assist.commands.upkeep:doctor", N_("Check the installation and the data.")),
    "demo": ("assist.demo.run:demo", N_("Fill the data folder with a demo team and calls.")),
}


class LazyGroup(click.Group):
    """Knows its commands by name and one line of help; the module comes when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        return cast(click.Command, getattr(import_module(module), attribute))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, translate(text, language())) for name, (_, text) in COMMANDS.items()]
        with formatter.section(translate(N_("Commands"), language())):
            formatter.write_dl(rows)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def assist(debug: bool) -> None:
    """Assist listens to every telesales call and brings the few worth a lead's half hour, with the evidence."""
    from assist import logs

    logs.configure()


def main() -> None:
    """Runs the command; what goes wrong is one line on standard error and exit status 1."""
    try:
        assist()
    except Exception as error:
        if "--debug" in sys.argv:
            raise
        click.echo(one_line(explained(error)), err=True)
        sys.exit(1)
