"""People, libraries, calls, results, the queue, corrections, drafts: steps 1 to 9."""

from sqlite_utils import Database

from assist.store.migrations.steps import MIGRATIONS


@MIGRATIONS()
def m001_people(db: Database) -> None:
    db.executescript("""
        CREATE TABLE teams (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        );
        CREATE TABLE users (
            id INTEGER PRIMARY KEY,
            login TEXT NOT NULL UNIQUE COLLATE NOCASE,
            name TEXT NOT NULL,
            role TEXT NOT NULL CHECK (role IN ('agent', 'editor', 'lead', 'admin')),
            team_id INTEGER REFERENCES teams(id),
            language TEXT NOT NULL,
            joined_on TEXT,
            active INTEGER NOT NULL DEFAULT 1,
            password_hash TEXT NOT NULL,
            must_change INTEGER NOT NULL DEFAULT 0,
            created_at TEXT NOT NULL
        );
        CREATE INDEX users_team ON users(team_id);
        CREATE TABLE sessions (
            id INTEGER PRIMARY KEY,
            token_hash TEXT NOT NULL UNIQUE,
            user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
            device TEXT NOT NULL,
            started_at TEXT NOT NULL,
            seen_at TEXT NOT NULL,
            expires_at TEXT NOT NULL
        );
        CREATE INDEX sessions_user ON sessions(user_id);
        CREATE TABLE tokens (
            id INTEGER PRIMARY KEY,
            token_hash TEXT NOT NULL UNIQUE,
            user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            created_at TEXT NOT NULL,
            used_at TEXT,
            expires_at TEXT
        );
        CREATE INDEX tokens_user ON tokens(user_id);
        CREATE TABLE sign_in_failures (
            login TEXT PRIMARY KEY COLLATE NOCASE,
            failures INTEGER NOT NULL,
            locked_until TEXT NOT NULL
        );
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            user_id INTEGER,
            login TEXT NOT NULL,
            action TEXT NOT NULL,
            object TEXT NOT NULL,
            detail TEXT NOT NULL
        );
        CREATE INDEX audit_object ON audit(object);
        CREATE INDEX audit_user ON audit(user_id, at);
    """)


@MIGRATIONS()
def m002_libraries(db: Database) -> None:
    db.executescript("""
        CREATE TABLE campaigns (
            id TEXT PRIMARY KEY,
            title TEXT NOT NULL,
            created_at TEXT NOT NULL
        );
        CREATE TABLE library_versions (
            id INTEGER PRIMARY KEY,
            campaign TEXT NOT NULL REFERENCES campaigns(id),
            number INTEGER NOT NULL,
            source TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            in_force_from TEXT NOT NULL,
            note TEXT NOT NULL,
            published_by INTEGER REFERENCES users(id),
            published_at TEXT NOT NULL,
            UNIQUE (campaign, number)
        );
        CREATE INDEX library_versions_in_force ON library_versions(campaign, in_force_from, number);
        CREATE TABLE rubric_versions (
            id INTEGER PRIMARY KEY,
            number INTEGER NOT NULL UNIQUE,
            source TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            in_force_from TEXT NOT NULL,
            note TEXT NOT NULL,
            published_by INTEGER REFERENCES users(id),
            published_at TEXT NOT NULL
        );
    """)


@MIGRATIONS()
def m003_calls(db: Database) -> None:
    db.executescript("""
        CREATE TABLE recordings (
            sha256 TEXT PRIMARY KEY,
            bytes INTEGER NOT NULL,
            received_at TEXT NOT NULL
        );
        CREATE TABLE calls (
            id INTEGER PRIMARY KEY,
            sha256 TEXT NOT NULL UNIQUE REFERENCES recordings(sha256),
            file_name TEXT NOT NULL,
            agent_id INTEGER REFERENCES users(id),
            team_id INTEGER REFERENCES teams(id),
            campaign TEXT REFERENCES campaigns(id),
            called_at TEXT NOT NULL,
            direction TEXT NOT NULL CHECK (direction IN ('outbound', 'inbound')),
            customer TEXT NOT NULL,
            uploaded_by INTEGER REFERENCES users(id),
            uploaded_at TEXT NOT NULL,
            state TEXT NOT NULL,
            step TEXT NOT NULL,
            progress REAL NOT NULL DEFAULT 0,
            remaining_s REAL,
            failure TEXT,
            run INTEGER NOT NULL DEFAULT 1,
            enqueued_run INTEGER NOT NULL DEFAULT 0,
            pinned_version_id INTEGER REFERENCES library_versions(id),
            ready_at TEXT,
            transcript_key TEXT,
            analysis_key TEXT,
            library_version_id INTEGER REFERENCES library_versions(id),
            seconds REAL,
            layout TEXT,
            opening INTEGER,
            questioning INTEGER,
            rejection_handling INTEGER,
            overall INTEGER,
            outcome TEXT,
            focus TEXT,
            priority INTEGER,
            flag_count INTEGER NOT NULL DEFAULT 0,
            severity INTEGER NOT NULL DEFAULT 0
        );
        CREATE INDEX calls_called ON calls(called_at DESC, id DESC);
        CREATE INDEX calls_agent ON calls(agent_id, called_at DESC, id DESC);
        CREATE INDEX calls_team ON calls(team_id, called_at DESC, id DESC);
        CREATE INDEX calls_campaign ON calls(campaign, called_at DESC, id DESC);
        CREATE INDEX calls_unfinished ON calls(state, id) WHERE state NOT IN ('ready', 'failed', 'cancelled');
        CREATE INDEX calls_uploader ON calls(uploaded_by, called_at DESC, id DESC);
        CREATE TABLE attempts (
            call_id INTEGER PRIMARY KEY REFERENCES calls(id) ON DELETE CASCADE,
            step TEXT NOT NULL,
            worker TEXT NOT NULL,
            running INTEGER NOT NULL,
            crashes INTEGER NOT NULL DEFAULT 0,
            deaths INTEGER NOT NULL DEFAULT 0
        );
    """)


@MIGRATIONS()
def m004_results(db: Database) -> None:
    db.executescript("""
        CREATE TABLE transcripts (
            key TEXT PRIMARY KEY,
            sha256 TEXT NOT NULL REFERENCES recordings(sha256),
            engine TEXT NOT NULL,
            body BLOB NOT NULL,
            created_at TEXT NOT NULL
        );
        CREATE INDEX transcripts_recording ON transcripts(sha256);
        CREATE TABLE analyses (
            key TEXT PRIMARY KEY,
            call_id INTEGER NOT NULL REFERENCES calls(id) ON DELETE CASCADE,
            transcript_key TEXT NOT NULL REFERENCES transcripts(key),
            library_version_id INTEGER NOT NULL REFERENCES library_versions(id),
            engine TEXT NOT NULL,
            body BLOB NOT NULL,
            created_at TEXT NOT NULL
        );
        CREATE INDEX analyses_call ON analyses(call_id, created_at);
        CREATE TABLE peaks (
            sha256 TEXT PRIMARY KEY REFERENCES recordings(sha256),
            body BLOB NOT NULL
        );
        CREATE TABLE vectors (
            encoder TEXT NOT NULL,
            sentence TEXT NOT NULL,
            body BLOB NOT NULL,
            PRIMARY KEY (encoder, sentence)
        ) WITHOUT ROWID;
    """)


@MIGRATIONS()
def m005_queue(db: Database) -> None:
    db.executescript("""
        CREATE TABLE flags (
            id INTEGER PRIMARY KEY,
            call_id INTEGER NOT NULL REFERENCES calls(id) ON DELETE CASCADE,
            rule TEXT NOT NULL,
            severity TEXT NOT NULL,
            reason TEXT NOT NULL,
            turn INTEGER,
            start REAL,
            quote TEXT NOT NULL
        );
        CREATE INDEX flags_call ON flags(call_id);
        CREATE INDEX flags_rule ON flags(rule);
        CREATE TABLE queue_items (
            call_id INTEGER PRIMARY KEY REFERENCES calls(id) ON DELETE CASCADE,
            state TEXT NOT NULL CHECK (state IN ('open', 'done', 'dismissed')),
            queued_at TEXT NOT NULL,
            claimed_by INTEGER REFERENCES users(id),
            claimed_until TEXT,
            closed_by INTEGER REFERENCES users(id),
            closed_at TEXT,
            note TEXT NOT NULL DEFAULT ''
        );
        CREATE INDEX queue_items_open ON queue_items(call_id) WHERE state = 'open';
    """)


@MIGRATIONS()
def m006_corrections(db: Database) -> None:
    """A transcript with `heard_key` is that heard one, corrected."""
    db.executescript("""
        ALTER TABLE transcripts ADD COLUMN heard_key TEXT REFERENCES transcripts(key);
        CREATE TABLE corrections (
            id INTEGER PRIMARY KEY,
            call_id INTEGER NOT NULL REFERENCES calls(id) ON DELETE CASCADE,
            heard_key TEXT NOT NULL REFERENCES transcripts(key),
            turn INTEGER NOT NULL,
            heard_text TEXT NOT NULL,
            heard_speaker TEXT NOT NULL,
            old_text TEXT NOT NULL,
            old_speaker TEXT NOT NULL,
            new_text TEXT NOT NULL,
            new_speaker TEXT NOT NULL,
            corrected_by INTEGER NOT NULL REFERENCES users(id),
            corrected_at TEXT NOT NULL,
            reverted_by INTEGER REFERENCES users(id),
            reverted_at TEXT
        );
        CREATE INDEX corrections_call ON corrections(call_id, turn, id);
    """)


@MIGRATIONS()
def m007_drafts(db: Database) -> None:
    """`about` is library:CAMPAIGN or rubric. A version that is withdrawn before it begins is never in force."""
    db.executescript("""
        ALTER TABLE library_versions ADD COLUMN withdrawn_at TEXT;
        ALTER TABLE library_versions ADD COLUMN withdrawn_by INTEGER REFERENCES users(id);
        CREATE TABLE drafts (
            id INTEGER PRIMARY KEY,
            about TEXT NOT NULL,
            name TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('draft', 'in-review', 'published', 'discarded')),
            revision INTEGER NOT NULL,
            based_on INTEGER,
            created_by INTEGER NOT NULL REFERENCES users(id),
            created_at TEXT NOT NULL,
            changed_by INTEGER NOT NULL REFERENCES users(id),
            changed_at TEXT NOT NULL,
            submitted_by INTEGER REFERENCES users(id),
            submitted_at TEXT,
            published_version INTEGER
        );
        CREATE INDEX drafts_about ON drafts(about, state, changed_at);
        CREATE TABLE draft_changes (
            id INTEGER PRIMARY KEY,
            draft_id INTEGER NOT NULL REFERENCES drafts(id) ON DELETE CASCADE,
            revision INTEGER NOT NULL,
            action TEXT NOT NULL,
            note TEXT NOT NULL,
            made_by INTEGER NOT NULL REFERENCES users(id),
            made_at TEXT NOT NULL,
            body BLOB
        );
        CREATE INDEX draft_changes_draft ON draft_changes(draft_id, id);
        CREATE UNIQUE INDEX draft_changes_revision ON draft_changes(draft_id, revision) WHERE body IS NOT NULL;
        CREATE TABLE publishing_rules (
            about TEXT PRIMARY KEY,
            second_person INTEGER NOT NULL
        );
    """)


@MIGRATIONS()
def m008_spoken(db: Database) -> None:
    """What was found in each judged call, one row a point and an objection, for figures over many calls.

    `wording` is the library's wording that the words came nearest to, empty for own words. `spoken_calls` says which
    analysis the rows are of.
    """
    db.executescript("""
        CREATE TABLE spoken_calls (
            call_id INTEGER PRIMARY KEY REFERENCES calls(id) ON DELETE CASCADE,
            analysis_key TEXT NOT NULL
        );
        CREATE TABLE spoken_points (
            call_id INTEGER NOT NULL REFERENCES calls(id) ON DELETE CASCADE,
            point TEXT NOT NULL,
            status TEXT NOT NULL,
            wording TEXT NOT NULL,
            turn INTEGER,
            start REAL,
            stays INTEGER NOT NULL,
            objection_next INTEGER NOT NULL,
            PRIMARY KEY (call_id, point)
        ) WITHOUT ROWID;
        CREATE INDEX spoken_points_point ON spoken_points(point);
        CREATE TABLE raised_objections (
            call_id INTEGER NOT NULL REFERENCES calls(id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            objection TEXT NOT NULL,
            quote TEXT NOT NULL,
            turn INTEGER NOT NULL,
            start REAL NOT NULL,
            outcome TEXT NOT NULL,
            answered INTEGER NOT NULL,
            answer_turn INTEGER,
            PRIMARY KEY (call_id, number)
        ) WITHOUT ROWID;
        CREATE INDEX raised_objections_objection ON raised_objections(objection);
        CREATE TABLE trials (
            id INTEGER PRIMARY KEY,
            draft_id INTEGER NOT NULL REFERENCES drafts(id) ON DELETE CASCADE,
            revision INTEGER NOT NULL,
            begun_by INTEGER NOT NULL REFERENCES users(id),
            begun_at TEXT NOT NULL,
            touched_at TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('running', 'done', 'cancelled', 'failed')),
            done INTEGER NOT NULL DEFAULT 0,
            total INTEGER NOT NULL DEFAULT 0,
            failure TEXT NOT NULL DEFAULT '',
            body BLOB
        );
        CREATE INDEX trials_draft ON trials(draft_id, id);
    """)


@MIGRATIONS()
def m009_immutable(db: Database) -> None:
    """What was published stays as it is, whatever a later mistake in the program tries."""
    for table in ("library_versions", "rubric_versions"):
        db.execute(f"""
            CREATE TRIGGER {table}_immutable
            BEFORE UPDATE OF number, source, sha256, in_force_from ON {table}
            BEGIN SELECT RAISE(ABORT, 'a published version never changes'); END
        """)
