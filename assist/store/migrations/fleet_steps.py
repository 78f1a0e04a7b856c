"""Whose turn it is in the work queue, how urgent a call is, and which work is to be stopped: step 23."""

from sqlite_utils import Database

from assist.store.migrations.steps import MIGRATIONS

_TURNS = """
    CREATE TABLE turns_drawn (
        urgency TEXT NOT NULL,
        campaign TEXT NOT NULL,
        turn INTEGER NOT NULL,
        PRIMARY KEY (urgency, campaign)
    ) WITHOUT ROWID;
    ALTER TABLE calls ADD COLUMN urgency TEXT NOT NULL DEFAULT 'now';
    CREATE INDEX calls_to_stop ON calls(id) WHERE state = 'cancelled' AND enqueued_run > 0;
"""


@MIGRATIONS()
def m023_turns_of_campaigns(db: Database) -> None:
    """`enqueued_run` is 0 for a cancelled call whose work in the queue was stopped."""
    db.executescript(_TURNS)
