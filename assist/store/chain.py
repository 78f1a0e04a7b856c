"""How entries of the audit hang together: the hash of each is made of itself and of the one before it.

Whoever changes, takes out or slips in an entry has to make all later hashes anew, and those are known outside the
database too (`assist.store.audit_head`).
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

ORIGIN = hashlib.sha256(b"assist-audit/1").digest()
"""What the first entry hangs on."""

COLUMNS = ("id", "at", "user_id", "login", "action", "object", "detail")
"""What the hash covers, in this order. Never changed: hashes in the field were made so."""

_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def link(before: bytes, entry: Iterable[Any]) -> bytes:
    """SHA-256 over the hash before and the entry's values (in the order of COLUMNS) as one compact JSON list."""
    return hashlib.sha256(before + _written(list(entry)).encode()).digest()


def chained(before: bytes, entries: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, bytes]]:
    """Id and hash of each entry, the first of which hangs on `before`."""
    for entry in entries:
        before = link(before, entry)
        yield entry[0], before
