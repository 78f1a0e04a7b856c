"""The search index without what was deleted from it.

FTS5 only marks a deleted row's words; they lie in its segments until these are merged (SQLite's documentation of FTS5,
6.8 and 6.9). `secure-delete` needs SQLite 3.42, so segments are merged instead, a part at a time.
"""

from pathlib import Path

from assist.store import Store

_PAGES = 500
"""Written in one transaction: a tenth of a second or so."""
_MOST_PARTS = 20_000


def mark(store: Store) -> None:
    """Says that deleted words lie in the index, until it is merged; this outlives the process."""
    path = _mark(store)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch()


def tidy(store: Store, most: int = 20) -> None:
    """Merges at most so many parts where deleted words lie in the index."""
    if _mark(store).exists() and merge(store, most):
        _mark(store).unlink(missing_ok=True)


def merge(store: Store, most: int = 200) -> bool:
    """Merges at most so many parts; whether all is one segment now."""
    return any(_part(store) for _ in range(most))


def merge_all(store: Store) -> bool:
    """As many as it takes."""
    return merge(store, _MOST_PARTS)


def _mark(store: Store) -> Path:
    return store.settings.data / "privacy" / "index"


def _part(store: Store) -> bool:
    """Whether there was nothing left to do: a merge that does something changes at least two rows."""
    with store.write() as db:
        before = db.conn.total_changes
        db.execute("INSERT INTO said_words(said_words, rank) VALUES ('merge', ?)", [-_PAGES])
        return db.conn.total_changes - before < 2
