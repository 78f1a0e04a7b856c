"""Who was deleted stays deleted: the ledger of deletions lies beside the backups and is applied to what is restored.

The ledger (`assist.privacy.ledger`) names recordings by sha256 and customers by keyed hashes, one JSON object a line.
"""

import json
from pathlib import Path
from typing import Any

from assist import disk
from assist.backup.vault import LEDGER, Vault
from assist.config import Settings
from assist.store import Store

WITH_SOUND = """
    SELECT r.sha256 FROM recordings r LEFT JOIN calls c ON c.sha256 = r.sha256
    WHERE c.sound_removed_at IS NULL ORDER BY r.sha256
"""
"""The recordings whose bytes are kept: retention takes bytes and leaves the row."""


def carry(store: Store, vault: Vault) -> None:
    """Adds this folder's ledger to that of the backups, and deletes there what it names as gone."""
    mine = _lines(store.settings.data / LEDGER)
    if not mine:
        return
    lines = {_key(line): line for line in (*_lines(vault.path / LEDGER), *mine)}
    text = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines.values())
    disk.write(vault.path / LEDGER, text.encode())
    for sha256 in gone(vault):
        if not store.value("SELECT 1 FROM recordings WHERE sha256 = ?", [sha256]):
            vault.recording(sha256).unlink(missing_ok=True)


def gone(vault: Vault) -> set[str]:
    """The recordings that no restore brings back."""
    return {line["sha256"] for line in _lines(vault.path / LEDGER) if line["state"] == "gone"}


def apply(vault: Vault, data: Path) -> int:
    """Deletes in a restored folder what was deleted after its backup was taken; how many calls."""
    if not _lines(vault.path / LEDGER):
        return 0
    from assist.privacy.deletion import reapply

    disk.write(data / LEDGER, (vault.path / LEDGER).read_bytes())
    store = Store(Settings(data=data, _env_file=None))
    try:
        return reapply(store)
    finally:
        store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        store.close()


def _key(line: dict[str, Any]) -> tuple[str, str]:
    return line["sha256"], line["ordered_at"]


def _lines(path: Path) -> list[dict[str, Any]]:
    """Those that can be read; a last one that was cut off is passed over."""
    found = []
    for text in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        try:
            found.append(json.loads(text))
        except ValueError:
            continue
    return [line for line in found if {"sha256", "ordered_at", "state"} <= line.keys()]
