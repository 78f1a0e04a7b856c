"""The audit as a chain, and how much workers have heard."""

import json

from sqlite_utils import Database

from assist.store.chain import COLUMNS, ORIGIN, chained
from assist.store.migrations.steps import MIGRATIONS

_FREE_TEXT = ("file", "note", "reason", "title", "why")
"""What entries before the chain held beside ids: words of people, and names of files, which name customers."""


@MIGRATIONS()
def m019_audit_chain(db: Database) -> None:
    """Chains the entries there are, then lets nobody change one. Words that people typed go before: what is in the
    chain stays, and a customer's deletion must not need to touch it."""
    db.executescript("""
        ALTER TABLE audit ADD COLUMN hash BLOB;
        DROP INDEX audit_object;
        CREATE TABLE audit_key (body BLOB NOT NULL);
        INSERT INTO audit_key VALUES (randomblob(32));
        UPDATE audit SET object = 'search' WHERE action = 'call.search';
    """)
    _take_words_out(db)
    entries = db.conn.execute(f"SELECT {', '.join(COLUMNS)} FROM audit ORDER BY id").fetchall()
    hashes = [(made, identity) for identity, made in chained(ORIGIN, entries)]
    db.conn.executemany("UPDATE audit SET hash = ? WHERE id = ?", hashes)
    db.executescript("""
        CREATE INDEX audit_at ON audit(at);
        CREATE INDEX audit_object ON audit(object, at);
        CREATE INDEX audit_action ON audit(action, at);
        CREATE INDEX audit_user_action ON audit(user_id, action, at);
        CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit
            BEGIN SELECT RAISE(ABORT, 'an entry of the audit never changes'); END;
        CREATE TRIGGER audit_kept BEFORE DELETE ON audit
            BEGIN SELECT RAISE(ABORT, 'an entry of the audit never goes'); END;
        CREATE TRIGGER audit_in_order BEFORE INSERT ON audit
            WHEN length(NEW.hash) IS NOT 32 OR NEW.id <= (SELECT coalesce(max(id), 0) FROM audit)
            BEGIN SELECT RAISE(ABORT, 'an entry of the audit comes after all others, with its hash'); END;
        CREATE TABLE hearing_done (
            worker TEXT PRIMARY KEY,
            recordings INTEGER NOT NULL,
            sound_seconds REAL NOT NULL,
            took_seconds REAL NOT NULL
        ) WITHOUT ROWID;
    """)


def _take_words_out(db: Database) -> None:
    for identity, text in db.conn.execute("SELECT id, detail FROM audit WHERE detail <> '{}'").fetchall():
        detail = json.loads(text)
        kept = {name: value for name, value in detail.items() if name not in _FREE_TEXT}
        if kept != detail:
            db.conn.execute(
                "UPDATE audit SET detail = ? WHERE id = ?", (json.dumps(kept, ensure_ascii=False), identity)
            )
