"""The ledger of what was deleted: recordings by sha256, customers by a keyed hash, nothing of theirs.

It is a table, and a file of the same lines beside the database, so that a backup that is older than a deletion does not
bring back what was deleted: `merge` takes in a file's lines, `assist.privacy.deletion.reapply` deletes again.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from assist.calls.refusals import DeletedBefore, RemovedBefore
from assist.config import Settings
from assist.store import Store
from assist.store.clock import moment, stamp

FILE = "deletions.jsonl"


@dataclass(frozen=True, slots=True)
class Entry:
    """One recording that is gone for good, or will be. `subject` is empty where a single call was deleted; `state` is
    named, locked, gone, or admitted: an administrator let it in again."""

    sha256: str
    subject: str
    ordered_at: datetime
    state: str
    until: str | None


def path_of(settings: Settings) -> Path:
    return settings.data / FILE


def listing(store: Store) -> list[Entry]:
    """All that was ever deleted, the first first."""
    rows = store.rows(
        """SELECT i.sha256, d.subject, d.ordered_at, i.state, i.until FROM deletion_calls i
           JOIN deletions d ON d.id = i.deletion_id ORDER BY d.id, i.sha256"""
    )
    return [Entry(**row | {"ordered_at": moment(row["ordered_at"])}) for row in rows]


def write(store: Store) -> None:
    """The file anew, with what the table has and what only the file has."""
    path = path_of(store.settings)
    lines = {_key(line): line for line in _read(path)} | {_key(line): line for line in map(_line, listing(store))}
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    with partial.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines.values())
        file.flush()
        os.fsync(file.fileno())
    partial.chmod(0o600)
    partial.replace(path)


def merge(store: Store, path: Path | None = None) -> int:
    """Takes in the lines of a ledger file (this folder's own without one) that the table does not know; how many."""
    with store.write():
        return sum(_take(store, line) for line in _read(path or path_of(store.settings)))


def _take(store: Store, line: dict[str, Any]) -> bool:
    """Whether the line was news: what was deleted is to be deleted again, what was admitted is admitted."""
    wanted = "named" if line["state"] == "gone" else line["state"]
    row = store.row(
        """SELECT i.deletion_id, i.state FROM deletion_calls i JOIN deletions d ON d.id = i.deletion_id
           WHERE i.sha256 = ? AND d.ordered_at = ?""",
        [line["sha256"], line["ordered_at"]],
    )
    if row is None:
        _add(store, line, wanted)
        return True
    if row["state"] in (line["state"], wanted) or (row["state"] == "gone" and line["state"] != "admitted"):
        return False
    keys = {"state": wanted, "deletion": row["deletion_id"], "sha256": line["sha256"]}
    store.change("UPDATE deletion_calls SET state = :state WHERE deletion_id = :deletion AND sha256 = :sha256", keys)
    if wanted == "named":
        store.change("UPDATE deletions SET state = 'running', step = '' WHERE id = ?", [row["deletion_id"]])
    return True


def _add(store: Store, line: dict[str, Any], state: str) -> None:
    deed = {
        "subject": line["subject"],
        "asked_by": "ledger",
        "reason": "",
        "ordered_at": line["ordered_at"],
        "state": {"named": "running", "locked": "locked"}.get(state, "done"),
        "step": "",
    }
    call = store.value("SELECT id FROM calls WHERE sha256 = ?", [line["sha256"]])
    with store.write() as db:
        identity = int(str(db.table("deletions").insert(deed).last_pk))
        row = {"deletion_id": identity, "call_id": call or 0, "sha256": line["sha256"], "state": state}
        db.table("deletion_calls").insert(row | {"until": line["until"]})


def purge(folder: Path, store: Store) -> int:
    """Removes recordings that the ledger names from a backup's folder; how many."""
    gone = [folder / "recordings" / one.sha256[:2] / one.sha256 for one in listing(store) if one.state == "gone"]
    there = [path for path in gone if path.is_file()]
    for path in there:
        path.unlink()
    return len(there)


def refuse(store: Store, sha256: str) -> None:
    """Raises DeletedBefore where the bytes were deleted and not admitted again, RemovedBefore where their time was
    over."""
    row = store.row(
        """SELECT d.ordered_at FROM deletion_calls i JOIN deletions d ON d.id = i.deletion_id
           WHERE i.sha256 = ? AND i.state IN ('named', 'gone') ORDER BY d.id DESC""",
        [sha256],
    )
    if row is not None:
        raise DeletedBefore(day=row["ordered_at"][:10])
    removed = store.value("SELECT sound_removed_at FROM calls WHERE sha256 = ?", [sha256])
    if removed:
        raise RemovedBefore(day=removed[:10])


def _line(entry: Entry) -> dict[str, Any]:
    return {
        "sha256": entry.sha256,
        "subject": entry.subject,
        "ordered_at": stamp(entry.ordered_at),
        "state": entry.state,
        "until": entry.until,
    }


def _key(line: dict[str, Any]) -> tuple[str, str]:
    return line["sha256"], line["ordered_at"]


def _read(path: Path) -> Iterator[dict[str, Any]]:
    """Lines that can be read; one that was cut off is passed over."""
    if not path.is_file():
        return
    for text in path.read_text(encoding="utf-8").splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if isinstance(line, dict) and {"sha256", "subject", "ordered_at", "state", "until"} <= line.keys():
            yield line
