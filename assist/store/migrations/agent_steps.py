"""Which calls their agents may read already, and what agents practise: step 13."""

from sqlite_utils import Database

from assist.store.migrations.steps import MIGRATIONS


@MIGRATIONS()
def m013_agents(db: Database) -> None:
    """`held` calls wait for the lead to release them to their agent; `seen_at` is when the agent first read one.

    A practice plan is an agent's own, one a week (`week` is its Monday); `missed` of `occasions` is what it was made
    of, counted over the calls from `since` to `until`.
    """
    db.executescript("""
        ALTER TABLE teams ADD COLUMN release TEXT NOT NULL DEFAULT 'at-once'
            CHECK (release IN ('at-once', 'by-lead'));
        ALTER TABLE users ADD COLUMN shares_practice INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE calls ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE calls ADD COLUMN released_at TEXT;
        ALTER TABLE calls ADD COLUMN released_by INTEGER REFERENCES users(id);
        ALTER TABLE calls ADD COLUMN seen_at TEXT;
        UPDATE calls SET seen_at = ready_at WHERE ready_at IS NOT NULL;
        CREATE INDEX calls_held ON calls(team_id, called_at DESC, id DESC) WHERE held = 1;
        CREATE INDEX calls_unseen ON calls(agent_id, called_at DESC) WHERE seen_at IS NULL AND state = 'ready';
        CREATE TABLE practice_plans (
            agent_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
            week TEXT NOT NULL,
            made_at TEXT NOT NULL,
            PRIMARY KEY (agent_id, week)
        ) WITHOUT ROWID;
        CREATE TABLE practice_themes (
            id INTEGER PRIMARY KEY,
            agent_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
            week TEXT NOT NULL,
            position INTEGER NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('point', 'objection', 'criterion')),
            about TEXT NOT NULL,
            skill TEXT NOT NULL,
            campaign TEXT NOT NULL,
            missed INTEGER NOT NULL,
            occasions INTEGER NOT NULL,
            since TEXT NOT NULL,
            until TEXT NOT NULL,
            done_at TEXT,
            UNIQUE (agent_id, week, position)
        );
        CREATE TABLE practice_tries (
            id INTEGER PRIMARY KEY,
            agent_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
            theme_id INTEGER NOT NULL REFERENCES practice_themes(id) ON DELETE CASCADE,
            sentence TEXT NOT NULL,
            answer TEXT NOT NULL,
            reading TEXT NOT NULL,
            made_at TEXT NOT NULL
        );
        CREATE INDEX practice_tries_agent ON practice_tries(agent_id, made_at);
        CREATE INDEX practice_tries_theme ON practice_tries(theme_id, made_at);
    """)
