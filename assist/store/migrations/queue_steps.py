"""What the queue knows beside its calls: who has an item, until when it rests, what became of each flag: step 10."""

from sqlite_utils import Database

from assist.store.migrations.steps import MIGRATIONS

_FLAGS = """
    ALTER TABLE flags ADD COLUMN rubric TEXT NOT NULL DEFAULT '';
    ALTER TABLE flags ADD COLUMN about TEXT NOT NULL DEFAULT '';
    CREATE INDEX flags_call_rule ON flags(call_id, rule);
    CREATE TABLE flag_examples (
        call_id INTEGER NOT NULL REFERENCES calls(id) ON DELETE CASCADE,
        about TEXT NOT NULL,
        place INTEGER NOT NULL,
        example_id INTEGER NOT NULL REFERENCES calls(id) ON DELETE CASCADE,
        turn INTEGER,
        start REAL,
        quote TEXT NOT NULL,
        why TEXT NOT NULL,
        PRIMARY KEY (call_id, about, place)
    ) WITHOUT ROWID;
    CREATE INDEX flag_examples_example ON flag_examples(example_id);
    CREATE TABLE flag_outcomes (
        call_id INTEGER NOT NULL REFERENCES calls(id) ON DELETE CASCADE,
        rule TEXT NOT NULL,
        about TEXT NOT NULL,
        agent_id INTEGER,
        team_id INTEGER,
        rubric TEXT NOT NULL,
        outcome TEXT NOT NULL CHECK (outcome IN ('useful', 'false-alarm', 'neither')),
        closed_at TEXT NOT NULL,
        PRIMARY KEY (call_id, rule, about)
    ) WITHOUT ROWID;
    CREATE INDEX flag_outcomes_rule ON flag_outcomes(rule, closed_at, outcome);
    CREATE INDEX flag_outcomes_team ON flag_outcomes(team_id, rule, closed_at, outcome);
    CREATE INDEX flag_outcomes_agent ON flag_outcomes(agent_id, rule, about, closed_at);
    CREATE TABLE samples (
        call_id INTEGER PRIMARY KEY REFERENCES calls(id) ON DELETE CASCADE,
        agent_id INTEGER NOT NULL,
        rule TEXT NOT NULL,
        taken INTEGER NOT NULL
    );
    CREATE INDEX samples_agent ON samples(agent_id, rule, taken);
"""
_ITEMS = """
    ALTER TABLE queue_items ADD COLUMN kind TEXT NOT NULL DEFAULT 'coach';
    ALTER TABLE queue_items ADD COLUMN agent_id INTEGER REFERENCES users(id);
    ALTER TABLE queue_items ADD COLUMN team_id INTEGER REFERENCES teams(id);
    ALTER TABLE queue_items ADD COLUMN urgency INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE queue_items ADD COLUMN severity INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE queue_items ADD COLUMN reason TEXT NOT NULL DEFAULT '';
    ALTER TABLE queue_items ADD COLUMN start REAL;
    ALTER TABLE queue_items ADD COLUMN quote TEXT NOT NULL DEFAULT '';
    ALTER TABLE queue_items ADD COLUMN folded_into INTEGER REFERENCES calls(id) ON DELETE SET NULL;
    ALTER TABLE queue_items ADD COLUMN assigned_to INTEGER REFERENCES users(id);
    ALTER TABLE queue_items ADD COLUMN snoozed_until TEXT;
    ALTER TABLE queue_items ADD COLUMN snooze_reason TEXT NOT NULL DEFAULT '';
    ALTER TABLE queue_items ADD COLUMN snoozed_by INTEGER REFERENCES users(id);
    ALTER TABLE queue_items ADD COLUMN dismissal TEXT NOT NULL DEFAULT '';
    UPDATE queue_items SET (agent_id, team_id, urgency, severity) =
        (SELECT agent_id, team_id, coalesce(priority, 0), severity FROM calls WHERE id = call_id);
    CREATE INDEX queue_items_waiting ON queue_items(
        team_id, kind, agent_id, urgency, severity, queued_at, call_id, snoozed_until, claimed_by, claimed_until,
        assigned_to, state, folded_into
    ) WHERE state = 'open' AND folded_into IS NULL;
    CREATE INDEX queue_items_latest ON queue_items(kind, queued_at) WHERE state = 'open' AND folded_into IS NULL;
    CREATE INDEX queue_items_agent ON queue_items(agent_id, kind, urgency) WHERE state = 'open';
    CREATE INDEX queue_items_folded ON queue_items(folded_into) WHERE folded_into IS NOT NULL;
    CREATE INDEX queue_items_closed ON queue_items(closed_by, closed_at) WHERE state <> 'open';
    CREATE INDEX calls_heard ON calls(team_id, called_at) WHERE state = 'ready';
    CREATE INDEX calls_heard_all ON calls(called_at) WHERE state = 'ready';
"""


@MIGRATIONS()
def m010_queue(db: Database) -> None:
    """`flags.rubric` is the version that made a flag, `about` the skill it is about where it is about one.

    A queue item of `kind` coach needs a talk, a good or sample one is for the quiet hour. One that is `folded_into`
    another call's is an example of the weakness that repeats there. `flag_outcomes` outlive the flags they are of.
    """
    db.executescript(_FLAGS + _ITEMS)
