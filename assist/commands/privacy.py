"""`assist retention` and `assist privacy`."""

import json
import sys
from pathlib import Path

import click

from assist.commands.common import acting, opened, say
from assist.errors import InputError
from assist.privacy import certificate, deletion, finding, handing, keys, retention
from assist.privacy.retention import KINDS
from assist.texts import N_

_by = click.option("--by", help="Sign-in name of the administrator; the first one without it.")


class NoCertificate(InputError):
    message = N_("%(path)s is no certificate of deletion. Give the JSON file that Assist wrote.")


@click.command("retention")
@click.option("--sweep", is_flag=True, help="Take away now what is over its time; a running worker does it by itself.")
@_by
def retention_command(sweep: bool, by: str | None) -> None:
    """Show how long each campaign's recordings, transcripts and findings are kept."""
    with opened() as store:
        user = acting(store, by)
        for title, rule in retention.rules(store, user):
            days = {kind: "—" if rule.days(kind) is None else str(rule.days(kind)) for kind in KINDS}
            say(
                N_("%(campaign)s: recordings %(recordings)s, transcripts %(transcripts)s, findings %(findings)s days; "
                   "at least %(floor)s"),
                campaign=title or "*", floor=rule.floor, **days,
            )  # fmt: skip
        if sweep:
            done = 0
            while taken := retention.sweep(store):
                done += taken
            say(N_("Something was taken away from %(calls)s calls."), calls=done)


@click.group()
def privacy() -> None:
    """Delete a customer for good, hand out what is kept of one, check certificates of deletion."""


@privacy.command()
@click.argument("customer")
@click.option("--reason", required=True, help="Why, without anything of the customer.")
@click.option("--asked-by", type=click.Choice(deletion.ASKED_BY), default="customer", show_default=True)
@click.option("--yes", is_flag=True, help="Do it; without this only what would go is shown.")
@_by
def delete(customer: str, reason: str, asked_by: deletion.AskedBy, yes: bool, by: str | None) -> None:
    """Delete all calls of CUSTOMER (number or name as in the details of the calls) in every place."""
    with opened() as store:
        user = acting(store, by)
        if not yes:
            found = finding.of_customer(store, user, customer)
            free = sum(one.free for one in found)
            say(N_("%(free)s calls would be deleted, %(locked)s would go under lock. Add --yes to do it."),
                free=free, locked=len(found) - free)  # fmt: skip
            return
        deed = deletion.order(store, user, asked_by=asked_by, reason=reason, customer=customer)
        deletion.carry_on(store)
        deed = deletion.get(store, user, deed.id)
        say(N_("Deletion %(number)s: %(gone)s of %(calls)s calls are gone, %(locked)s are under lock."),
            number=deed.id, gone=deed.gone, calls=deed.calls, locked=deed.locked)  # fmt: skip


@privacy.command("carry-on")
def carry_on() -> None:
    """Finish deletions that were interrupted; a running worker does it by itself."""
    with opened() as store:
        say(N_("%(deletions)s deletions came to an end."), deletions=deletion.carry_on(store))


@privacy.command("hand-out")
@click.argument("customer")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@_by
def hand_out(customer: str, target: Path, by: str | None) -> None:
    """Write what is kept of CUSTOMER into the zip file TARGET."""
    with opened() as store:
        made = handing.archive(store, acting(store, by), customer)
        with target.open("wb") as file:
            for block in handing.chunks(made):
                file.write(block)
    say(N_("Written to %(path)s."), path=target)


@privacy.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--key", help="Public key of the installation; without it that of this data folder.")
def verify(path: Path, key: str | None) -> None:
    """Check that nobody changed a certificate and that this installation signed it; exit status 1 where not."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise NoCertificate(path=path) from error
    if key is None:
        with opened() as store:
            key = keys.public(store.settings)
    if not certificate.genuine(document, key.strip().lower()):
        say(N_("This certificate was changed, or another installation signed it."))
        sys.exit(1)
    say(N_("The certificate is genuine: deletion %(number)s, SHA-256 %(digest)s."),
        number=document["number"], digest=certificate.sha256(document))  # fmt: skip
