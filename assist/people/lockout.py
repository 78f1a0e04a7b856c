"""Wrong passwords in a row: after the fifth, wait 30 seconds, then twice as long each time, up to 15 minutes."""

from datetime import timedelta

from assist.errors import AccessDenied
from assist.store import Store
from assist.store.clock import moment, now, stamp
from assist.texts import N_

FAILURES_BEFORE_LOCK = 5
FIRST_LOCK, LONGEST_LOCK = timedelta(seconds=30), timedelta(minutes=15)


class TooManyTries(AccessDenied):
    message = N_("Too many wrong passwords. Wait %(seconds)s seconds and try again.")


def refuse_while_locked(store: Store, login: str) -> None:
    """Raises TooManyTries."""
    until = store.value("SELECT locked_until FROM sign_in_failures WHERE login = ?", [login])
    wait = (moment(until) - now()).total_seconds() if until else 0.0
    if wait > 0:
        raise TooManyTries(seconds=int(wait) + 1)


def count_failure(store: Store, login: str) -> None:
    """Also for names that nobody has: a lock must not tell which names exist."""
    with store.write() as db:
        db.execute("DELETE FROM sign_in_failures WHERE locked_until < ?", [stamp(now() - timedelta(days=1))])
        failures = 1 + (store.value("SELECT failures FROM sign_in_failures WHERE login = ?", [login]) or 0)
        over = failures - FAILURES_BEFORE_LOCK
        wait = min(FIRST_LOCK * 2 ** min(over, 10), LONGEST_LOCK) if over >= 0 else timedelta(0)
        values = {"login": login, "failures": failures, "locked_until": stamp(now() + wait)}
        db.table("sign_in_failures").upsert(values, pk="login")


def forget(store: Store, login: str) -> None:
    store.change("DELETE FROM sign_in_failures WHERE login = ?", [login])
