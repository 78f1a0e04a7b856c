"""One-on-ones, what was agreed in them, and the rows that say whether it is done: step 11."""

from sqlite_utils import Database

from assist.store.migrations.steps import MIGRATIONS

_COUNTED = """
    CREATE TABLE criteria_calls (
        call_id INTEGER PRIMARY KEY REFERENCES calls(id) ON DELETE CASCADE,
        analysis_key TEXT NOT NULL
    );
    CREATE TABLE call_criteria (
        call_id INTEGER NOT NULL REFERENCES calls(id) ON DELETE CASCADE,
        skill TEXT NOT NULL,
        criterion TEXT NOT NULL,
        value REAL NOT NULL,
        weight REAL NOT NULL,
        turn INTEGER,
        start REAL,
        PRIMARY KEY (call_id, skill, criterion)
    ) WITHOUT ROWID;
    CREATE TABLE objection_steps (
        call_id INTEGER NOT NULL REFERENCES calls(id) ON DELETE CASCADE,
        objection TEXT NOT NULL,
        step TEXT NOT NULL,
        done INTEGER NOT NULL,
        turn INTEGER NOT NULL,
        start REAL NOT NULL,
        PRIMARY KEY (call_id, objection, step)
    ) WITHOUT ROWID;
"""
_TALKS = """
    CREATE TABLE coaching_sessions (
        id INTEGER PRIMARY KEY,
        agent_id INTEGER NOT NULL REFERENCES users(id),
        lead_id INTEGER NOT NULL REFERENCES users(id),
        team_id INTEGER REFERENCES teams(id),
        state TEXT NOT NULL CHECK (state IN ('planned', 'held', 'signed', 'cancelled')),
        planned_for TEXT,
        held_at TEXT,
        summary TEXT NOT NULL DEFAULT '',
        created_at TEXT NOT NULL,
        lead_signed_at TEXT,
        agent_signed_at TEXT
    );
    CREATE INDEX coaching_sessions_agent ON coaching_sessions(agent_id, id DESC);
    CREATE INDEX coaching_sessions_lead ON coaching_sessions(lead_id, state);
    CREATE INDEX coaching_sessions_team ON coaching_sessions(team_id, held_at);
    CREATE TABLE session_notes (
        id INTEGER PRIMARY KEY,
        session_id INTEGER NOT NULL REFERENCES coaching_sessions(id) ON DELETE CASCADE,
        call_id INTEGER REFERENCES calls(id) ON DELETE SET NULL,
        start REAL,
        quote TEXT NOT NULL DEFAULT '',
        words TEXT NOT NULL,
        remark INTEGER NOT NULL DEFAULT 0,
        written_by INTEGER NOT NULL REFERENCES users(id),
        written_at TEXT NOT NULL
    );
    CREATE INDEX session_notes_session ON session_notes(session_id, id);
    CREATE INDEX session_notes_call ON session_notes(call_id) WHERE call_id IS NOT NULL;
"""
_AGREED = """
    CREATE TABLE actions (
        id INTEGER PRIMARY KEY,
        session_id INTEGER NOT NULL REFERENCES coaching_sessions(id) ON DELETE CASCADE,
        agent_id INTEGER NOT NULL REFERENCES users(id),
        lead_id INTEGER NOT NULL REFERENCES users(id),
        team_id INTEGER REFERENCES teams(id),
        skill TEXT NOT NULL,
        behaviour TEXT NOT NULL,
        measure TEXT NOT NULL,
        since TEXT NOT NULL,
        until TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('open', 'kept', 'not-kept', 'unclear')),
        follows INTEGER REFERENCES actions(id),
        decided_at TEXT,
        figures TEXT,
        settled_by INTEGER REFERENCES users(id),
        settled_at TEXT,
        settled_note TEXT NOT NULL DEFAULT ''
    );
    CREATE INDEX actions_session ON actions(session_id);
    CREATE INDEX actions_agent ON actions(agent_id, id DESC);
    CREATE INDEX actions_open ON actions(until) WHERE state = 'open';
    CREATE INDEX actions_team ON actions(team_id, since);
    CREATE INDEX actions_follows ON actions(follows) WHERE follows IS NOT NULL;
"""
_SIGNED = """
    CREATE TRIGGER coaching_sessions_signed
    BEFORE UPDATE ON coaching_sessions WHEN old.state = 'signed'
    BEGIN SELECT RAISE(ABORT, 'a signed session never changes'); END;
    CREATE TRIGGER session_notes_signed_change
    BEFORE UPDATE OF words, start, quote, session_id ON session_notes
    WHEN (SELECT state FROM coaching_sessions WHERE id = old.session_id) = 'signed'
    BEGIN SELECT RAISE(ABORT, 'a signed session never changes'); END;
    CREATE TRIGGER session_notes_signed_add
    BEFORE INSERT ON session_notes
    WHEN new.remark = 0 AND (SELECT state FROM coaching_sessions WHERE id = new.session_id) = 'signed'
    BEGIN SELECT RAISE(ABORT, 'a signed session never changes'); END;
    CREATE TRIGGER actions_signed_change
    BEFORE UPDATE OF skill, behaviour, measure, since, until ON actions
    WHEN (SELECT state FROM coaching_sessions WHERE id = old.session_id) = 'signed'
    BEGIN SELECT RAISE(ABORT, 'a signed session never changes'); END;
    CREATE TRIGGER actions_signed_add
    BEFORE INSERT ON actions
    WHEN (SELECT state FROM coaching_sessions WHERE id = new.session_id) = 'signed'
    BEGIN SELECT RAISE(ABORT, 'a signed session never changes'); END;
"""


@MIGRATIONS()
def m011_sessions(db: Database) -> None:
    """`call_criteria` and `objection_steps` are made of a call's newest analysis; `criteria_calls` says of which.

    What was signed stays: notes and agreements of a signed session never change, remarks are added.
    """
    db.executescript(_COUNTED + _TALKS + _AGREED + _SIGNED)
