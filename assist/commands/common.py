"""What commands share."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from assist.config import Settings
from assist.console import language
from assist.errors import SetupError
from assist.people import users
from assist.people.users import User
from assist.store import Store
from assist.texts import N_, translate


class NoAdmin(SetupError):
    message = N_("There is no admin yet. Add one: assist user add NAME --role admin")


@contextmanager
def opened() -> Iterator[Store]:
    """The store of the settings in force."""
    store = Store(Settings())
    try:
        yield store
    finally:
        store.close()


def acting(store: Store, login: str | None) -> User:
    """The user a command acts for: the one named, else the first admin. Raises NoSuchUser, NoAdmin."""
    if login:
        return users.by_login(store, login)
    admins = [user for user in users.listing(store, role="admin") if user.active]
    if not admins:
        raise NoAdmin
    return min(admins, key=lambda user: user.id)


def say(text: str, **facts: object) -> None:
    """One line on standard output in the terminal's language."""
    click.echo(translate(text, language()) % facts)
