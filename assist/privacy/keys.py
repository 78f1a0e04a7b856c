"""The key of this installation: signs certificates of deletion, and turns a customer's number into a hash that says
nothing without it."""

import hashlib
import hmac
import re
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from assist import disk
from assist.config import Settings
from assist.errors import SetupError
from assist.texts import N_


class KeyUnusable(SetupError):
    message = N_("The key %(path)s cannot be read: %(reason)s. Put it back from a backup; certificates need it.")


def path_of(settings: Settings) -> Path:
    return settings.data / "keys" / "privacy.pem"


def signing(settings: Settings) -> Ed25519PrivateKey:
    """The key, made when it is first asked for. Raises KeyUnusable."""
    path = path_of(settings)
    try:
        if not path.is_file():
            disk.once(
                path, Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            )
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError) as error:
        raise KeyUnusable(path=path, reason=error) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusable(path=path, reason="Ed25519")
    return key


def public(settings: Settings) -> str:
    """The public half, as 64 hexadecimal digits."""
    return signing(settings).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def subject(settings: Settings, customer: str) -> str:
    """A customer's number or name as a keyed hash: the same customer gives the same, nobody reads it back."""
    secret = signing(settings).private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    salt = hashlib.sha256(b"assist customer\n" + secret).digest()
    return hmac.new(salt, plain(customer).encode(), hashlib.sha256).hexdigest()


def plain(customer: str) -> str:
    """A customer's number or name as it is compared: without spaces, dashes and the country's code of China."""
    bare = re.sub(r"[\s\-—–()（）.·]", "", customer).casefold()
    return re.sub(r"^(?:\+|00)?86(?=1\d{10}$)", "", bare).removeprefix("+")
