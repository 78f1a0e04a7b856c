"""What the library's room keeps beside versions and drafts."""

from sqlite_utils import Database

from assist.store.migrations.steps import MIGRATIONS


@MIGRATIONS()
def m015_library(db: Database) -> None:
    db.executescript("""
        CREATE TABLE draft_visits (
            draft_id INTEGER NOT NULL REFERENCES drafts(id) ON DELETE CASCADE,
            user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
            seen_at TEXT NOT NULL,
            PRIMARY KEY (draft_id, user_id)
        ) WITHOUT ROWID;
        CREATE TABLE readings (
            transcript_key TEXT PRIMARY KEY REFERENCES transcripts(key) ON DELETE CASCADE,
            reader TEXT NOT NULL,
            body BLOB NOT NULL
        );
    """)


@MIGRATIONS()
def m016_doubt(db: Database) -> None:
    """How sure it is that an objection was one: NULL for calls that were counted before it was asked."""
    db.executescript("ALTER TABLE raised_objections ADD COLUMN confidence REAL;")
