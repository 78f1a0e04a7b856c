"""How long calls are kept, what holds them, and who was deleted: step 22."""

from sqlite_utils import Database

from assist.store.migrations.steps import MIGRATIONS

_KEPT = """
    ALTER TABLE calls ADD COLUMN sound_removed_at TEXT;
    ALTER TABLE calls ADD COLUMN words_removed_at TEXT;
    ALTER TABLE calls ADD COLUMN restricted_at TEXT;
    ALTER TABLE calls ADD COLUMN restricted_until TEXT;
    ALTER TABLE calls ADD COLUMN restricted_from TEXT;
    CREATE INDEX calls_customer ON calls(customer, file_name);
    CREATE INDEX calls_sound_kept ON calls(campaign, called_at) WHERE sound_removed_at IS NULL;
    CREATE INDEX calls_words_kept ON calls(campaign, called_at) WHERE words_removed_at IS NULL;
    CREATE INDEX calls_restricted ON calls(restricted_until) WHERE restricted_at IS NOT NULL;
    CREATE TABLE retention_rules (
        campaign TEXT PRIMARY KEY,
        recordings INTEGER CHECK (recordings > 0),
        transcripts INTEGER CHECK (transcripts > 0),
        findings INTEGER CHECK (findings > 0),
        floor INTEGER NOT NULL CHECK (floor >= 0),
        floor_note TEXT NOT NULL,
        changed_by INTEGER REFERENCES users(id),
        changed_at TEXT NOT NULL
    );
    CREATE TABLE retention_done (
        day TEXT NOT NULL,
        campaign TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('recordings', 'transcripts', 'findings')),
        calls INTEGER NOT NULL,
        PRIMARY KEY (day, campaign, kind)
    ) WITHOUT ROWID;
    CREATE TABLE holds (
        id INTEGER PRIMARY KEY,
        call_id INTEGER NOT NULL REFERENCES calls(id) ON DELETE CASCADE,
        reason TEXT NOT NULL,
        placed_by INTEGER NOT NULL REFERENCES users(id),
        placed_at TEXT NOT NULL,
        lifted_by INTEGER REFERENCES users(id),
        lifted_at TEXT
    );
    CREATE UNIQUE INDEX holds_standing ON holds(call_id) WHERE lifted_at IS NULL;
"""
_DELETED = """
    CREATE TABLE deletions (
        id INTEGER PRIMARY KEY,
        subject TEXT NOT NULL,
        asked_by TEXT NOT NULL CHECK (asked_by IN ('customer', 'authority', 'company', 'ledger')),
        reason TEXT NOT NULL,
        ordered_by INTEGER REFERENCES users(id),
        ordered_at TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('running', 'locked', 'done')),
        step TEXT NOT NULL,
        counts TEXT NOT NULL DEFAULT '{}',
        done_at TEXT,
        certificate TEXT,
        certificate_sha256 TEXT
    );
    CREATE INDEX deletions_open ON deletions(id) WHERE state <> 'done';
    CREATE TABLE deletion_calls (
        deletion_id INTEGER NOT NULL REFERENCES deletions(id),
        call_id INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('named', 'locked', 'gone', 'admitted')),
        until TEXT,
        why TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (deletion_id, sha256)
    ) WITHOUT ROWID;
    CREATE INDEX deletion_calls_sha256 ON deletion_calls(sha256, state);
    CREATE TABLE removing (call_id INTEGER PRIMARY KEY);
"""
_SIGNED = """
    DROP TRIGGER session_notes_signed_change;
    CREATE TRIGGER session_notes_signed_change
    BEFORE UPDATE OF words, start, quote, session_id ON session_notes
    WHEN (SELECT state FROM coaching_sessions WHERE id = old.session_id) = 'signed'
        AND NOT (new.session_id = old.session_id AND new.quote = '' AND new.words IN (old.words, '')
                 AND EXISTS (SELECT 1 FROM removing WHERE call_id = old.call_id))
    BEGIN SELECT RAISE(ABORT, 'a signed session never changes'); END;
"""


@MIGRATIONS()
def m022_retention(db: Database) -> None:
    """`calls.sound_removed_at` and `words_removed_at` say since when retention has taken these away. A call under lock
    (`restricted_at`) is cancelled; `restricted_from` is the state it had, `restricted_until` NULL: until it is lifted.

    `retention_rules` has a row a campaign, '' for all that have none of their own; NULL days keep for ever, `floor` is
    the least number of days the law asks for. `retention_done` counts what was removed.

    A deletion names recordings by sha256 and a customer by a keyed hash (`subject`), never by anything of theirs.
    `removing` has rows only inside the transaction that takes a call's words away: signed notes lose their quotes then.
    """
    db.executescript(_KEPT + _DELETED + _SIGNED)
