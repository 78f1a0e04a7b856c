"""What a team shares: clips, playlists, the noon hour's choice, and the words of calls to search: step 14."""

from sqlite_utils import Database

from assist.store.migrations.steps import MIGRATIONS

_SHARED = """
    CREATE TABLE clips (
        id INTEGER PRIMARY KEY,
        call_id INTEGER NOT NULL REFERENCES calls(id) ON DELETE CASCADE,
        start REAL NOT NULL CHECK (start >= 0),
        stop REAL NOT NULL CHECK (stop > start),
        title TEXT NOT NULL,
        note TEXT NOT NULL,
        outcome TEXT NOT NULL CHECK (outcome IN ('won', 'lost', 'neutral')),
        audience TEXT NOT NULL CHECK (audience IN ('newcomer', 'experienced', 'model')),
        skill TEXT NOT NULL,
        point TEXT NOT NULL,
        objection TEXT NOT NULL,
        hide_names INTEGER NOT NULL,
        shared TEXT NOT NULL CHECK (shared IN ('nobody', 'team', 'all')),
        team_id INTEGER REFERENCES teams(id),
        lines TEXT NOT NULL,
        words TEXT NOT NULL,
        made_by INTEGER NOT NULL REFERENCES users(id),
        made_at TEXT NOT NULL,
        shared_by INTEGER REFERENCES users(id),
        shared_at TEXT
    );
    CREATE INDEX clips_call ON clips(call_id);
    CREATE INDEX clips_made ON clips(made_at DESC, id DESC);
    CREATE INDEX clips_team ON clips(team_id, shared, made_at DESC);
    CREATE INDEX clips_maker ON clips(made_by, made_at DESC);
    CREATE TABLE playlists (
        id INTEGER PRIMARY KEY,
        title TEXT NOT NULL,
        note TEXT NOT NULL,
        shared TEXT NOT NULL CHECK (shared IN ('nobody', 'team', 'all')),
        team_id INTEGER REFERENCES teams(id),
        made_by INTEGER NOT NULL REFERENCES users(id),
        made_at TEXT NOT NULL,
        changed_at TEXT NOT NULL
    );
    CREATE INDEX playlists_changed ON playlists(changed_at DESC);
    CREATE TABLE playlist_clips (
        playlist_id INTEGER NOT NULL REFERENCES playlists(id) ON DELETE CASCADE,
        clip_id INTEGER NOT NULL REFERENCES clips(id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        PRIMARY KEY (playlist_id, clip_id)
    ) WITHOUT ROWID;
    CREATE INDEX playlist_clips_clip ON playlist_clips(clip_id);
    CREATE TABLE noon_choices (
        team_id INTEGER NOT NULL REFERENCES teams(id),
        day TEXT NOT NULL,
        slot TEXT NOT NULL CHECK (slot IN ('good', 'lost', 'objection')),
        call_id INTEGER NOT NULL REFERENCES calls(id) ON DELETE CASCADE,
        chosen_by INTEGER NOT NULL REFERENCES users(id),
        chosen_at TEXT NOT NULL,
        PRIMARY KEY (team_id, day, slot)
    ) WITHOUT ROWID;
"""
_SAID = """
    CREATE TABLE said_calls (
        call_id INTEGER PRIMARY KEY REFERENCES calls(id) ON DELETE CASCADE,
        transcript_key TEXT NOT NULL,
        place INTEGER NOT NULL UNIQUE,
        body BLOB NOT NULL
    );
    CREATE VIRTUAL TABLE said_words USING fts5(words, facts, tokenize = 'unicode61 remove_diacritics 0',
                                               columnsize = 0);
    CREATE TRIGGER said_calls_gone AFTER DELETE ON said_calls
    BEGIN DELETE FROM said_words WHERE rowid = OLD.place; END;

    CREATE INDEX calls_counted ON calls(team_id, called_at, state, outcome, agent_id, opening, questioning,
                                        rejection_handling, overall, flag_count);
    CREATE INDEX spoken_points_status ON spoken_points(point, status, call_id);
    CREATE INDEX raised_objections_answered ON raised_objections(objection, answered, call_id);
"""


@MIGRATIONS()
def m014_team(db: Database) -> None:
    """`clips.lines` is what is said in a clip as it may be shown, `words` what a search of clips looks at.

    `said_words` is found by `said_calls.place`, which grows with the time of the call, so that the latest matches come
    first without sorting; its row goes with the call's.
    """
    db.executescript(_SHARED + _SAID)
