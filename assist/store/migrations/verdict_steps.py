"""What people say of what the machine found: verdicts, disputes, scores of one's own and blind ones: step 12."""

from sqlite_utils import Database

from assist.store.migrations.steps import MIGRATIONS

_DISPUTED = """
    ALTER TABLE calls ADD COLUMN machine_key TEXT;
    CREATE TABLE disputes (
        id INTEGER PRIMARY KEY,
        call_id INTEGER NOT NULL REFERENCES calls(id) ON DELETE CASCADE,
        agent_id INTEGER NOT NULL REFERENCES users(id),
        kind TEXT NOT NULL,
        finding TEXT NOT NULL,
        start REAL NOT NULL,
        until REAL NOT NULL,
        title TEXT NOT NULL,
        quote TEXT NOT NULL,
        reason TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('open', 'kept', 'changed', 'withdrawn')),
        raised_at TEXT NOT NULL,
        decided_by INTEGER REFERENCES users(id),
        decided_at TEXT,
        answer TEXT NOT NULL DEFAULT ''
    );
    CREATE UNIQUE INDEX disputes_once ON disputes(call_id, kind, finding, start) WHERE state = 'open';
    CREATE INDEX disputes_open ON disputes(raised_at) WHERE state = 'open';
    CREATE INDEX disputes_call ON disputes(call_id, id);
    CREATE INDEX disputes_agent ON disputes(agent_id, id DESC);
    CREATE INDEX disputes_decided ON disputes(decided_at DESC) WHERE state IN ('kept', 'changed');
"""
_RULED = """
    CREATE TABLE finding_verdicts (
        id INTEGER PRIMARY KEY,
        call_id INTEGER NOT NULL REFERENCES calls(id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        finding TEXT NOT NULL,
        start REAL NOT NULL,
        until REAL NOT NULL,
        title TEXT NOT NULL,
        quote TEXT NOT NULL,
        added INTEGER NOT NULL,
        decision TEXT NOT NULL CHECK (decision IN ('kept', 'changed')),
        ruling TEXT NOT NULL,
        machine TEXT NOT NULL,
        reason TEXT NOT NULL,
        dispute_id INTEGER REFERENCES disputes(id),
        made_by INTEGER NOT NULL REFERENCES users(id),
        made_at TEXT NOT NULL,
        replaced_by INTEGER REFERENCES finding_verdicts(id),
        fits INTEGER NOT NULL DEFAULT 1
    );
    CREATE INDEX finding_verdicts_call ON finding_verdicts(call_id, id);
    CREATE INDEX finding_verdicts_made ON finding_verdicts(made_at);
    CREATE TABLE rule_verdicts (
        rule TEXT NOT NULL,
        verdict_id INTEGER NOT NULL REFERENCES finding_verdicts(id) ON DELETE CASCADE,
        overturned INTEGER NOT NULL,
        made_at TEXT NOT NULL,
        PRIMARY KEY (rule, verdict_id)
    ) WITHOUT ROWID;
    CREATE INDEX rule_verdicts_since ON rule_verdicts(rule, made_at, overturned);
    CREATE INDEX rule_verdicts_verdict ON rule_verdicts(verdict_id);
    CREATE TABLE accepted_findings (
        call_id INTEGER NOT NULL REFERENCES calls(id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        finding TEXT NOT NULL,
        start REAL NOT NULL,
        agent_id INTEGER NOT NULL REFERENCES users(id),
        accepted_at TEXT NOT NULL,
        PRIMARY KEY (call_id, kind, finding, start)
    ) WITHOUT ROWID;
"""
_SCORED = """
    CREATE TABLE self_scores (
        call_id INTEGER NOT NULL REFERENCES calls(id) ON DELETE CASCADE,
        agent_id INTEGER NOT NULL REFERENCES users(id),
        steps TEXT NOT NULL,
        strength TEXT NOT NULL,
        change TEXT NOT NULL,
        made_at TEXT NOT NULL,
        shared_at TEXT,
        PRIMARY KEY (call_id, agent_id)
    ) WITHOUT ROWID;
    CREATE INDEX self_scores_agent ON self_scores(agent_id, made_at DESC);
    CREATE TABLE blind_scores (
        id INTEGER PRIMARY KEY,
        call_id INTEGER NOT NULL REFERENCES calls(id) ON DELETE CASCADE,
        user_id INTEGER NOT NULL REFERENCES users(id),
        state TEXT NOT NULL CHECK (state IN ('open', 'scored', 'passed')),
        given_at TEXT NOT NULL,
        scored_at TEXT,
        focus TEXT NOT NULL DEFAULT 'none',
        needed INTEGER NOT NULL DEFAULT 0,
        note TEXT NOT NULL DEFAULT '',
        UNIQUE (call_id, user_id)
    );
    CREATE UNIQUE INDEX blind_scores_open ON blind_scores(user_id) WHERE state = 'open';
    CREATE INDEX blind_scores_user ON blind_scores(user_id, scored_at DESC);
    CREATE INDEX blind_scores_scored ON blind_scores(scored_at DESC) WHERE state = 'scored';
    CREATE TABLE blind_marks (
        blind_id INTEGER NOT NULL REFERENCES blind_scores(id) ON DELETE CASCADE,
        skill TEXT NOT NULL,
        criterion TEXT NOT NULL,
        value REAL,
        machine REAL,
        PRIMARY KEY (blind_id, skill, criterion)
    ) WITHOUT ROWID;
"""


@MIGRATIONS()
def m012_verdicts(db: Database) -> None:
    """Where people's verdicts changed a call, `calls.analysis_key` is the report with them and `machine_key` the
    machine's own; without any `machine_key` is NULL.

    A finding is named by kind, id and the seconds of its evidence (`start` -1 where it has no place). Of several
    verdicts on one finding the latest stands; `replaced_by` names the next. `rule_verdicts` are rows for hit rates.
    `blind_marks` has a row a skill (`criterion` empty) and a criterion that a lead scored blind, `machine` beside it.
    """
    db.executescript(_DISPUTED + _RULED + _SCORED)
