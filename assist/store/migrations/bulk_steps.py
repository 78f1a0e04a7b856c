"""What imports have brought in, and which calls a warehouse has not seen yet: step 24."""

from sqlite_utils import Database

from assist.store.migrations.steps import MIGRATIONS

_WATCHED = "state, analysis_key, agent_id, team_id, campaign, called_at, customer"
"""Columns of a call that an export shows or that decide what it shows."""


@MIGRATIONS()
def m024_bulk(db: Database) -> None:
    """`import_files.sign` is of a file's place, size and time; it holds no name. `call_changes.number` grows with every
    change of a judged call, also when it is deleted (`gone`): whoever keeps the last number asks for what came after.
    """
    db.executescript(f"""
        CREATE TABLE import_files (
            sign BLOB PRIMARY KEY,
            sha256 TEXT NOT NULL,
            taken_at TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX import_files_recording ON import_files(sha256);
        CREATE TABLE call_changes (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            call_id INTEGER NOT NULL UNIQUE,
            gone INTEGER NOT NULL DEFAULT 0
        );
        INSERT INTO call_changes (call_id) SELECT id FROM calls WHERE state = 'ready' ORDER BY ready_at, id;
        CREATE TRIGGER calls_added AFTER INSERT ON calls WHEN NEW.state = 'ready'
        BEGIN INSERT OR REPLACE INTO call_changes (call_id) VALUES (NEW.id); END;
        CREATE TRIGGER calls_changed AFTER UPDATE OF {_WATCHED} ON calls
            WHEN NEW.state = 'ready' OR (
                NEW.state IN ('failed', 'cancelled') AND EXISTS (SELECT 1 FROM call_changes WHERE call_id = NEW.id))
        BEGIN INSERT OR REPLACE INTO call_changes (call_id) VALUES (NEW.id); END;
        CREATE TRIGGER calls_gone AFTER DELETE ON calls
            WHEN EXISTS (SELECT 1 FROM call_changes WHERE call_id = OLD.id)
        BEGIN INSERT OR REPLACE INTO call_changes (call_id, gone) VALUES (OLD.id, 1); END;
    """)
