"""Passwords: argon2id, slow on purpose, and never more than a few at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from assist.config import Settings
from assist.errors import AccessDenied
from assist.people import password_rules
from assist.people.password_rules import LONGEST, SHORTEST, SHORTEST_ADMIN, WeakPassword
from assist.texts import N_

__all__ = ["LONGEST", "SHORTEST", "SHORTEST_ADMIN", "Busy", "WeakPassword", "hash_new", "matches", "outdated"]

_AT_ONCE = threading.BoundedSemaphore(2)
_IN_LINE = threading.BoundedSemaphore(12)
"""Each waits in a thread of the server, which has 40 for everything."""


class Busy(AccessDenied):
    message = N_("Too many people sign in at this moment. Try again in %(seconds)s seconds.")


def hash_new(settings: Settings, password: str, words: password_rules.Words) -> str:
    """The hash of a new password. Raises WeakPassword, Busy."""
    password_rules.check(password, words)
    return hash_code(settings, password)


def hash_code(settings: Settings, secret: str) -> str:
    """The hash of a secret that nobody chose, without rules. Raises Busy."""
    with _turn():
        return _hasher(settings).hash(secret)


def matches(settings: Settings, stored: str | None, password: str) -> bool:
    """Whether the password is right. Without a stored hash it takes as long, so that a name cannot be probed.

    Raises Busy.
    """
    with _turn():
        try:
            return _hasher(settings).verify(stored or _nobody(settings), password[: LONGEST + 1]) and bool(stored)
        except (VerifyMismatchError, InvalidHashError):
            return False


def outdated(settings: Settings, stored: str) -> bool:
    """Whether a hash was made with other parameters than those in force, and should be made anew."""
    return _hasher(settings).check_needs_rehash(stored)


def _hasher(settings: Settings) -> PasswordHasher:
    return _made(settings.password_rounds, settings.password_memory_kib)


@lru_cache(maxsize=8)
def _made(rounds: int, memory_kib: int) -> PasswordHasher:
    return PasswordHasher(time_cost=rounds, memory_cost=memory_kib, parallelism=1)


def _nobody(settings: Settings) -> str:
    return _nobodys(settings.password_rounds, settings.password_memory_kib)


@lru_cache(maxsize=8)
def _nobodys(rounds: int, memory_kib: int) -> str:
    return _made(rounds, memory_kib).hash("nobody has this password")


@contextmanager
def _turn() -> Iterator[None]:
    """Raises Busy where the line is long: a flood of sign-ins must not take every thread of the server."""
    if not _IN_LINE.acquire(blocking=False):
        raise Busy(seconds=2)
    try:
        with _AT_ONCE:
            yield
    finally:
        _IN_LINE.release()
