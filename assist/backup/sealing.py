"""Sealing with age (https://age-encryption.org/v1): who writes backups needs only the public key.

A passphrase seals the private key of the backup folder, once, and every file is sealed to that key's public half: age
makes each use of a passphrase take a second on purpose, too long for every recording.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pyrage

from assist.errors import InputError
from assist.texts import N_

ENDING = ".age"


class BadRecipient(InputError):
    message = N_("This is no public key of age: %(given)s. It begins with age1; `age-keygen -y` shows it.")


class BadIdentity(InputError):
    message = N_("The key file %(file)s holds no private key of age (AGE-SECRET-KEY-…). Give the file of age-keygen.")


class KeyNeeded(InputError):
    message = N_("This backup is sealed. Give its key: --identity FILE or --passphrase-file FILE.")


class WrongKey(InputError):
    message = N_("The key does not open this backup. Give the one that it was sealed with.")


@dataclass(frozen=True, slots=True)
class Seal:
    """How files of one backup folder are written and read. Without `recipients` they lie there as they are."""

    recipients: tuple[str, ...] = ()
    identities: tuple[str, ...] = ()

    @property
    def ending(self) -> str:
        return ENDING if self.recipients else ""

    def put(self, source: Path, target: Path) -> None:
        """Raises OSError."""
        if not self.recipients:
            shutil.copyfile(source, target)
            return
        try:
            pyrage.encrypt_file(str(source), str(target), [_recipient(one) for one in self.recipients])
        except pyrage.EncryptError as error:
            raise OSError(str(error)) from error

    def take(self, stored: Path, target: Path) -> None:
        """Raises KeyNeeded, WrongKey (also where the sealed bytes were changed), OSError."""
        if not self.recipients:
            shutil.copyfile(stored, target)
            return
        if not self.identities:
            raise KeyNeeded
        try:
            pyrage.decrypt_file(str(stored), str(target), [_identity(one) for one in self.identities])
        except pyrage.DecryptError as error:
            raise WrongKey from error

    def opened_by(self, identities: tuple[str, ...]) -> Self:
        return type(self)(self.recipients, identities)


def check_recipients(given: tuple[str, ...]) -> tuple[str, ...]:
    """Raises BadRecipient."""
    for one in given:
        _recipient(one)
    return given


def identities_in(file: Path) -> tuple[str, ...]:
    """The private keys in a file of age-keygen. Raises BadIdentity."""
    try:
        lines = [line.strip() for line in file.read_text().splitlines()]
        found = tuple(line for line in lines if line and not line.startswith("#"))
        for one in found:
            _identity(one)
    except (OSError, ValueError, pyrage.IdentityError) as error:
        raise BadIdentity(file=file.name) from error
    if not found:
        raise BadIdentity(file=file.name)
    return found


def new_key(passphrase: str) -> tuple[str, bytes]:
    """(public key, private key sealed with the passphrase)."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity.to_public()), pyrage.passphrase.encrypt(str(identity).encode(), passphrase)


def unlock(sealed: bytes, passphrase: str) -> tuple[str, ...]:
    """Inverse of `new_key`. Raises WrongKey."""
    try:
        return (pyrage.passphrase.decrypt(sealed, passphrase).decode(),)
    except pyrage.DecryptError as error:
        raise WrongKey from error


def _recipient(text: str) -> "pyrage.x25519.Recipient":
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise BadRecipient(given=text[:20]) from error


def _identity(text: str) -> "pyrage.x25519.Identity":
    return pyrage.x25519.Identity.from_str(text)
