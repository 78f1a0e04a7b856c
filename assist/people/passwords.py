"""Passwords: argon2id, slow on purpose, and never more than a few at once."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from assist.errors import RequestError
from assist.texts import N_

SHORTEST, LONGEST = 8, 128

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP ASVS 5.0, appendix C
_AT_ONCE = threading.BoundedSemaphore(2)
_NOBODY = _HASHER.hash("nobody has this password")


class WeakPassword(RequestError):
    message = N_(
        "A password has %(shortest)s to %(longest)s characters and is neither the sign-in name nor one character "
        "repeated. Choose another."
    )


def hash_new(password: str, login: str) -> str:
    """The hash of a new password. Raises WeakPassword."""
    plain = password.casefold()
    if not SHORTEST <= len(password) <= LONGEST or plain == login.casefold() or len(set(plain)) == 1:
        raise WeakPassword(shortest=SHORTEST, longest=LONGEST)
    with _AT_ONCE:
        return _HASHER.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is right. Without a stored hash it takes as long, so that a name cannot be probed."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(stored or _NOBODY, password[:LONGEST]) and stored is not None
        except (VerifyMismatchError, InvalidHashError):
            return False
