"""The folder that backups lie in: its mark, its lock, its seal, which backups it holds."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assist import disk, locks
from assist.backup import sealing
from assist.backup.manifest import NAME, Manifest
from assist.backup.sealing import Seal
from assist.errors import Conflict, InputError
from assist.texts import N_

MARK = "assist-backup.json"
KEY = "key.age"
LEDGER = "deletions.jsonl"
_FORMAT = "assist-backups/1"


class NotEmpty(InputError):
    message = N_("The folder %(path)s is not empty and holds no backups. Give an empty or a new one.")


class NoBackup(InputError):
    message = N_("There is no backup in %(path)s. Give the folder that `assist backup` wrote to, or one backup in it.")


class OtherSeal(InputError):
    message = N_(
        "The backups in %(path)s are sealed to other keys, or not sealed. Leave the keys out, or give another folder."
    )


class BackupRunning(Conflict):
    message = N_("Another backup into %(path)s is running. Wait until it is done.")


@dataclass(frozen=True, slots=True)
class Vault:
    """One backup folder; `seal` says how its files are written."""

    path: Path
    seal: Seal

    def backups(self) -> list[Path]:
        """Complete ones, the newest first: by their number, whatever the clock said."""
        found = [path for path in self.path.glob("[0-9]*-*") if (path / NAME).is_file()]
        return sorted(found, key=lambda path: path.name, reverse=True)

    def newest(self) -> Path:
        """Raises NoBackup."""
        found = self.backups()
        if not found:
            raise NoBackup(path=self.path)
        return found[0]

    def begin(self, at: datetime) -> Path:
        """A new folder for a backup; what earlier runs left unfinished is cleared away."""
        done = {path.name for path in self.backups()}
        for path in self.path.glob("[0-9]*-*"):
            if path.name not in done:
                shutil.rmtree(path)
        number = max((int(name.split("-")[0]) for name in done), default=0) + 1
        folder = self.path / f"{number:06d}-{at:%Y%m%dT%H%M%SZ}"
        folder.mkdir(mode=0o700)
        return folder

    def recording(self, sha256: str) -> Path:
        return self.path / "recordings" / sha256[:2] / (sha256 + self.seal.ending)

    def prune(self, keep: int) -> int:
        """Deletes all backups but the newest `keep`, then recordings that none of the rest needs; how many backups.

        Raises Damaged where a manifest cannot be read: nobody knows then what is still needed.
        """
        found = self.backups()
        for path in found[keep:]:
            (path / NAME).unlink()  # from here on it is none
            shutil.rmtree(path)
        needed = {one.sha256 for path in found[:keep] for one in Manifest.read(path).recordings}
        for path in self.path.glob("recordings/??/*"):
            if path.name.removesuffix(self.seal.ending) not in needed:
                path.unlink()
        return len(found[keep:])

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One writer at a time. Raises BackupRunning."""
        try:
            with locks.on(self.path / ".lock"):
                yield
        except locks.Taken as error:
            raise BackupRunning(path=self.path) from error


def make(path: Path, recipients: tuple[str, ...] = (), passphrase: str | None = None) -> Vault:
    """The backup folder at a path, begun where there is none. Raises NotEmpty, OtherSeal, BadRecipient."""
    if (path / MARK).is_file():
        if passphrase is not None and not (path / KEY).is_file():
            raise OtherSeal(path=path)
        return _known(path, sealing.check_recipients(recipients))
    if path.exists() and {one.name for one in path.iterdir()} - {KEY, f"{KEY}{disk.PART}", f"{MARK}{disk.PART}"}:
        raise NotEmpty(path=path)
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    if passphrase is not None:
        public, sealed = sealing.new_key(passphrase)
        disk.write(path / KEY, sealed)
        recipients = (*recipients, public)
    sealing.check_recipients(recipients)
    disk.write(path / MARK, json.dumps({"format": _FORMAT, "recipients": recipients}).encode())
    return Vault(path, Seal(recipients))


def find(given: Path) -> tuple[Vault, Path]:
    """The folder and the backup that a path means: one backup, or the newest in a backup folder. Raises NoBackup."""
    given = given.absolute()
    for path in (given, given.parent):
        if (path / MARK).is_file():
            vault = _known(path, ())
            backup = vault.newest() if path == given else given
            if not (backup / NAME).is_file():
                raise NoBackup(path=given)
            return vault, backup
    raise NoBackup(path=given)


def identities(vault: Vault, file: Path | None, passphrase: str | None) -> tuple[str, ...]:
    """The keys that open it. Raises BadIdentity, WrongKey."""
    found = sealing.identities_in(file) if file else ()
    if passphrase is not None and (vault.path / KEY).is_file():
        found += sealing.unlock((vault.path / KEY).read_bytes(), passphrase)
    return found


def _known(path: Path, recipients: tuple[str, ...]) -> Vault:
    try:
        known = tuple(json.loads((path / MARK).read_bytes())["recipients"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoBackup(path=path) from error
    if set(recipients) - set(known):
        raise OtherSeal(path=path)
    return Vault(path, Seal(known))
