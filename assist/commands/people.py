"""`assist user` and `assist token`."""

import secrets
import sys
from datetime import datetime, timedelta

import click

from assist.commands.common import opened, say
from assist.people import audit, lockout, scopes, second_factor, sessions, tokens, users
from assist.store.clock import now
from assist.texts import N_


@click.group()
def user() -> None:
    """Add, list and disable people, set passwords."""


@user.command("add")
@click.argument("login")
@click.option("--name", default="", help="Full name as others see it.")
@click.option("--role", type=click.Choice(users.ROLES), default="agent", show_default=True)
@click.option("--team", help="Name of the team; a new name makes a new team.")
@click.option("--language", type=click.Choice(["zh-CN", "en"]))
@click.option("--joined", type=click.DateTime(["%Y-%m-%d"]), help="First day with the team.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of making one.")
def add(
    login: str,
    name: str,
    role: str,
    team: str | None,
    language: str | None,
    joined: datetime | None,
    password_stdin: bool,
) -> None:
    """Add a person. Without --password-stdin a first password is made and printed, to be changed at first sign-in."""
    password = _from_stdin() if password_stdin else secrets.token_urlsafe(12)
    with opened() as store:
        made = users.create(
            store,
            login,
            name,
            role,
            password,
            team=team,
            language=language,
            joined_on=joined.date() if joined else None,
            must_change=not password_stdin,
        )
        audit.record(store, None, "user.add", f"user:{made.id}", login=made.login, role=made.role)
    say(N_("%(login)s can sign in now."), login=made.login)
    if not password_stdin:
        say(N_("First password: %(password)s"), password=password)


@user.command("list")
def list_users() -> None:
    """List all people."""
    with opened() as store:
        for found in users.listing(store):
            note = "" if found.active else "  -"
            click.echo(f"{found.login:<20} {found.role:<8} {found.team or '-':<16} {found.name}{note}")


@user.command("password")
@click.argument("login")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of making one.")
def password(login: str, password_stdin: bool) -> None:
    """Set a new password; ends all sessions of the person."""
    new = _from_stdin() if password_stdin else secrets.token_urlsafe(12)
    with opened() as store:
        found = users.by_login(store, login)
        users.change_password(store, found, new, must_change=not password_stdin)
        audit.record(store, None, "user.password", f"user:{found.id}")
    if not password_stdin:
        say(N_("First password: %(password)s"), password=new)


@user.command("disable")
@click.argument("login")
def disable(login: str) -> None:
    """Sign a person out everywhere and let them in no more; their calls stay."""
    _set_active(login, False)
    say(N_("%(login)s can no longer sign in."), login=login)


@user.command("enable")
@click.argument("login")
def enable(login: str) -> None:
    """Let a disabled person in again."""
    _set_active(login, True)
    say(N_("%(login)s can sign in now."), login=login)


@user.command("unlock")
@click.argument("login")
def unlock(login: str) -> None:
    """Let a person try again at once who has to wait after wrong passwords."""
    with opened() as store:
        found = users.by_login(store, login)
        lockout.forget(store, found.login)
        audit.record(store, None, "session.unlocked", f"user:{found.id}")
    say(N_("%(login)s can sign in now."), login=login)


@user.command("sign-out")
@click.argument("login", required=False)
@click.option("--all", "everybody", is_flag=True, help="Everybody: after a restore, which brings old sessions back.")
def sign_out(login: str | None, everybody: bool) -> None:
    """End all sessions of a person."""
    if everybody == bool(login):
        raise click.UsageError("Give a sign-in name, or --all.")
    with opened() as store:
        for found in users.listing(store) if everybody else [users.by_login(store, login or "")]:
            sessions.end_by(store, None, found)
            if not everybody:
                say(N_("%(login)s is signed out everywhere."), login=found.login)
    if everybody:
        say(N_("Everybody is signed out."))


@user.command("reset-factor")
@click.argument("login")
def reset_factor(login: str) -> None:
    """Take the second factor away from a person who lost phone and recovery codes; ends all their sessions."""
    with opened() as store:
        second_factor.reset(store, None, users.by_login(store, login))
    say(N_("%(login)s signs in with the password alone and sets the second factor up anew."), login=login)


@click.group()
def token() -> None:
    """Give machines access to the API."""


@token.command("issue")
@click.argument("login")
@click.option("--name", default="", help="What the token is for.")
@click.option("--scope", "wanted", multiple=True, help="What it may do, e.g. calls:write; repeat. Without: all.")
@click.option("--days", type=click.IntRange(1, 3650), help="How many days it holds. Without: until it is ended.")
def issue(login: str, name: str, wanted: tuple[str, ...], days: int | None) -> None:
    """Print a new token that acts for a person. It is shown this once."""
    ends = now() + timedelta(days=days) if days else None
    with opened() as store:
        found = users.by_login(store, login)
        made = tokens.issue(store, found, name, wanted or (scopes.ALL,), ends)
    click.echo(made)


@token.command("list")
@click.argument("login")
def list_tokens(login: str) -> None:
    """List the tokens of a person: number, last used, end, scopes, name."""
    with opened() as store:
        for found in tokens.listing(store, users.by_login(store, login)):
            used, ends = (at.isoformat(timespec="minutes") if at else "-" for at in (found.used_at, found.expires_at))
            click.echo(f"{found.id:>4}  {used:<22} {ends:<22} {' '.join(found.scopes)}  {found.name}")


@token.command("revoke")
@click.argument("login")
@click.argument("number", type=int)
def revoke(login: str, number: int) -> None:
    """End a token by its number."""
    with opened() as store:
        tokens.revoke(store, users.by_login(store, login), number)


def _set_active(login: str, active: bool) -> None:
    with opened() as store:
        found = users.by_login(store, login)
        users.set_active(store, found, active)
        audit.record(store, None, "user.enable" if active else "user.disable", f"user:{found.id}")


def _from_stdin() -> str:
    return sys.stdin.readline().rstrip("\r\n")
