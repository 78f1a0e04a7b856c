"""`assist audit`: check the audit, take it out, take its loss for known."""

import sys
from datetime import datetime
from typing import cast

import click

from assist import files
from assist.commands.common import opened, say
from assist.people import audit_check, audit_files, audit_list, users
from assist.people.audit_files import Kind
from assist.people.audit_list import NOBODY, Filters
from assist.store import Store


@click.group()
def audit() -> None:
    """Check and take out what was written down of who did what."""


@audit.command()
@click.option("--thorough", is_flag=True, help="From the first entry, not from where it was last found whole.")
def verify(thorough: bool) -> None:
    """Is the audit what was written? Exit status 1 where it is not."""
    with opened() as store:
        found = audit_check.verify(store, thorough=thorough)
    say(audit_check.TROUBLES[found.trouble], **found.facts)
    if not found.whole:
        sys.exit(1)


@audit.command()
def accept() -> None:
    """Take the audit as it ends now for whole, after an older backup was restored. What was missing is written down."""
    with opened() as store:
        found = audit_check.accept(store)
    say(audit_check.TROUBLES[found.trouble], **found.facts)
    if not found.whole:
        sys.exit(1)


@audit.command()
@click.argument("output", default="-")
@click.option("--format", "kind", type=click.Choice(audit_files.KINDS), default="jsonl", show_default=True)
@click.option("--person", help="Sign-in name; - is the command line and the worker.")
@click.option("--action", help="As call.open.")
@click.option("--object", "about", help="As call:12.")
@click.option("--since", type=click.DateTime(), help="From this moment on, in the site's zone.")
@click.option("--until", type=click.DateTime(), help="Before this moment.")
def export(
    output: str,
    kind: str,
    person: str | None,
    action: str | None,
    about: str | None,
    since: datetime | None,
    until: datetime | None,
) -> None:
    """Write the entries to OUTPUT (- is standard output), the first one first. That is an entry itself."""
    with opened() as store:
        zone = store.settings.zone
        wanted = Filters(
            user_id=_person(store, person),
            action=action,
            object=about,
            since=since and since.replace(tzinfo=zone),
            until=until and until.replace(tzinfo=zone),
        )
        made = cast(Kind, kind)
        files.write_pieces(audit_files.written(audit_list.export(store, None, wanted, kind=made), made), output)


def _person(store: Store, login: str | None) -> int | None:
    if login is None:
        return None
    return NOBODY if login == "-" else users.by_login(store, login).id
