"""`assist backup` and `assist restore`."""

import sys
from pathlib import Path

import click

from assist.backup import checking, making, restoring, vault
from assist.commands.common import opened, say
from assist.errors import InputError
from assist.texts import N_


class PassphraseUnreadable(InputError):
    message = N_("The file %(file)s has no passphrase in its first line. Write one there, of six words or more.")


_file = click.Path(path_type=Path, dir_okay=False)
_folder = click.Path(path_type=Path, file_okay=False)
_passphrase = click.option("--passphrase-file", type=_file, help="File whose first line is the passphrase.")
_identity = click.option("--identity", type=_file, help="File of age-keygen with the private key.")


@click.command()
@click.argument("folder", type=_folder)
@click.option("--keep", type=click.IntRange(min=1), help="Delete all backups in FOLDER but so many of the newest.")
@click.option("--recipient", multiple=True, help="Public key of age (age1…) to seal to; may be given several times.")
@_passphrase
@_identity
@click.option("--check", is_flag=True, help="Take none: read the newest backup in FOLDER and compare every file.")
def backup(
    folder: Path,
    keep: int | None,
    recipient: tuple[str, ...],
    passphrase_file: Path | None,
    identity: Path | None,
    check: bool,
) -> None:
    """Back up databases and recordings to FOLDER, also while Assist runs.

    FOLDER may hold many backups; a recording is copied into it once. Keys are given the first time: later backups are
    sealed to the same. Exit status 1 also where a recording had lost its bytes.
    """
    passphrase = _read(passphrase_file)
    if check:
        _check(folder, identity, passphrase)
        return
    with opened() as store:
        made = making.make(store, vault.make(folder, recipient, passphrase), keep)
    say(
        N_("Backup %(path)s: databases and %(recordings)s recordings, %(copied)s of them copied now."),
        path=made.path,
        recordings=made.recordings,
        copied=made.copied,
    )
    if made.dropped:
        say(N_("%(count)s older backups were deleted."), count=made.dropped)
    if made.missing:
        lost = N_("%(count)s recordings have no sound bytes and are not in it (first: %(first)s). Ask `assist doctor`.")
        say(lost, count=len(made.missing), first=made.missing[0])
        sys.exit(1)


@click.command()
@click.argument("backup", type=_folder)
@click.argument("folder", type=_folder)
@_identity
@_passphrase
def restore(backup: Path, folder: Path, identity: Path | None, passphrase_file: Path | None) -> None:
    """Restore BACKUP, or the newest of a folder of backups, into the empty or new FOLDER.

    Every file is compared before FOLDER can be used. What was deleted since the backup was taken is deleted again.
    """
    found, one = vault.find(backup)
    keys = vault.identities(found, identity, _read(passphrase_file))
    done = restoring.restore(vault.Vault(found.path, found.seal.opened_by(keys)), one, folder)
    say(
        N_("Restored %(backup)s into %(path)s: databases and %(recordings)s recordings, every file compared."),
        backup=done.backup,
        path=done.path,
        recordings=done.recordings,
    )
    if done.deleted:
        say(N_("%(count)s calls were deleted since that backup and were deleted again."), count=done.deleted)
    if done.missing:
        say(N_("%(count)s recordings had no sound bytes already when it was taken."), count=done.missing)
    say(N_("Set ASSIST_DATA to it and start Assist; unfinished calls go on by themselves."))


def _check(folder: Path, identity: Path | None, passphrase: str | None) -> None:
    found, one = vault.find(folder)
    keys = vault.identities(found, identity, passphrase)
    manifest = checking.check(vault.Vault(found.path, found.seal.opened_by(keys)), one)
    say(
        N_("Backup %(backup)s is whole: %(files)s files and %(recordings)s recordings are what was written."),
        backup=one.name,
        files=len(manifest.files),
        recordings=len(manifest.recordings),
    )


def _read(file: Path | None) -> str | None:
    """Raises PassphraseUnreadable."""
    if file is None:
        return None
    try:
        first = file.read_text(encoding="utf-8").split("\n", 1)[0].strip()
    except (OSError, ValueError) as error:
        raise PassphraseUnreadable(file=file.name) from error
    if not first:
        raise PassphraseUnreadable(file=file.name)
    return first
