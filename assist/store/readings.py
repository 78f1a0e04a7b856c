"""What was read of a transcript before any library was looked at (`assist.analysis.groundwork`), one body each."""

from assist.store import Store


def body(store: Store, transcript_key: str, reader: str) -> bytes | None:
    """None where there is none, or another reader made it."""
    query = "SELECT body FROM readings WHERE transcript_key = ? AND reader = ?"
    found: bytes | None = store.value(query, [transcript_key, reader])
    return found


def keep(store: Store, transcript_key: str, reader: str, body: bytes) -> None:
    """In place of what an older reader made. A transcript that is not in the store keeps nothing."""
    store.change(
        """INSERT OR REPLACE INTO readings (transcript_key, reader, body)
           SELECT key, ?, ? FROM transcripts WHERE key = ?""",
        [reader, body, transcript_key],
    )
