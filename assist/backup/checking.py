"""Is a backup what was written? Every file is read and compared with the manifest."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from assist import disk
from assist.backup import forgetting
from assist.backup.manifest import Damaged, File, Manifest
from assist.backup.sealing import WrongKey
from assist.backup.vault import Vault


def check(vault: Vault, backup: Path) -> Manifest:
    """The manifest of a backup that is whole. Without a key sealed files are compared as they lie there; with it they
    are opened too. Raises Damaged, WrongKey."""
    manifest = Manifest.read(backup)
    broken = [name for name, path, one in parts(vault, backup, manifest) if not _sound(vault, path, one)]
    if broken:
        raise Damaged(file=broken[0], count=len(broken))
    return manifest


def parts(vault: Vault, backup: Path, manifest: Manifest) -> Iterator[tuple[str, Path, File]]:
    """(place in a data folder, where it is stored, what it should be) of all files but those deleted since."""
    for one in manifest.files:
        yield one.name, backup / (one.name + vault.seal.ending), one
    gone = forgetting.gone(vault)
    for one in manifest.recordings:
        path = vault.recording(one.sha256)
        if path.is_file() or one.sha256 not in gone:
            yield f"recordings/{one.sha256[:2]}/{one.sha256}", path, one


def _sound(vault: Vault, path: Path, one: File) -> bool:
    try:
        return disk.digest(path) == one.stored and _opens(vault, path, one)
    except OSError:
        return False


def _opens(vault: Vault, path: Path, one: File) -> bool:
    if not vault.seal.identities or not vault.seal.recipients:
        return True
    with tempfile.TemporaryDirectory() as folder:
        try:
            vault.seal.take(path, Path(folder) / "file")
        except WrongKey:
            if one.name == "assist.db":
                raise
            return False
        return disk.digest(Path(folder) / "file") == one.sha256
