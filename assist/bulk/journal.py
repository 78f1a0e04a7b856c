"""Which files an import has brought in, so that the next run need not read them again.

A file is known by a sign of its place, size and time. The journal holds no file names: they often name customers.
"""

import hashlib

from sqlite_utils import Database

from assist.bulk.sources import Item, Source
from assist.store import Store
from assist.store.clock import stamp


def sign_of(source: Source, item: Item) -> bytes:
    """Changes when the file does."""
    text = "\0".join((source.place, item.name, str(item.size), item.mark))
    return hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).digest()


def known(store: Store, sign: bytes) -> bool:
    return bool(store.value("SELECT 1 FROM import_files WHERE sign = ?", [sign]))


def note(db: Database, sign: bytes, sha256: str) -> None:
    """In the transaction that brings the recording in."""
    db.execute("INSERT OR REPLACE INTO import_files (sign, sha256, taken_at) VALUES (?, ?, ?)", [sign, sha256, stamp()])
