"""Secrets at rest: sealed under a key that is not in the database, so that a copy of the database alone opens none.

The key is ASSIST_SECRET_KEY, or a file in the data folder that is made when it is first needed.
"""

import base64
import hashlib
import hmac
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from assist import disk
from assist.config import Settings
from assist.errors import SetupError
from assist.texts import N_

_LENGTH = 32


class KeyUnusable(SetupError):
    message = N_(
        "The key file %(path)s cannot be used: %(reason)s. Restore it from the backup, or set ASSIST_SECRET_KEY."
    )


class KeyChanged(SetupError):
    message = N_(
        "A secret was sealed under another key. Restore the key file secret.key or ASSIST_SECRET_KEY, or have an "
        "administrator reset the second factor."
    )


def seal(settings: Settings, text: str) -> str:
    """`text` encrypted and authenticated (Fernet: AES-128-CBC with HMAC-SHA256)."""
    return _fernet(_material(settings)).encrypt(text.encode()).decode()


def unseal(settings: Settings, sealed: str) -> str:
    """Inverse of `seal`. Raises KeyChanged."""
    try:
        return _fernet(_material(settings)).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise KeyChanged from error


def fingerprint(settings: Settings, text: str) -> str:
    """A keyed hash: tells whether a text came before, and not what it was, though it is easily guessed."""
    return hmac.new(_derived(_material(settings), b"fingerprint"), text.encode(), hashlib.sha256).hexdigest()


def key_file(settings: Settings) -> Path:
    return settings.data / "secret.key"


def open_to_others(settings: Settings) -> bool:
    """Whether other users of this machine can read the key file."""
    path = key_file(settings)
    return path.exists() and bool(path.stat().st_mode & 0o077)


def _material(settings: Settings) -> bytes:
    """Raises KeyUnusable."""
    given = settings.secret_key.get_secret_value() if settings.secret_key else ""
    if given and len(given) < _LENGTH:
        raise KeyUnusable(path="ASSIST_SECRET_KEY", reason="too short")
    return given.encode() if given else _from_file(key_file(settings))


def _from_file(path: Path) -> bytes:
    """Raises KeyUnusable."""
    try:
        if not path.exists():
            disk.once(path, base64.urlsafe_b64encode(secrets.token_bytes(_LENGTH)))
        key = path.read_bytes().strip()
    except OSError as error:
        raise KeyUnusable(path=path, reason=error.strerror) from error
    if len(key) < _LENGTH:
        raise KeyUnusable(path=path, reason="too short")
    return key


@lru_cache(maxsize=8)
def _fernet(material: bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derived(material, b"sealing")))


@lru_cache(maxsize=16)
def _derived(material: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_LENGTH, salt=None, info=b"assist/" + purpose).derive(material)
