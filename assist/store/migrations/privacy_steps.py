"""What is masked, who saw it unmasked, and personal numbers as they can be looked for: step 21."""

import json
import secrets
from typing import Any

from sqlite_utils import Database

from assist.privacy import NUMBERS, mask
from assist.store.migrations.steps import MIGRATIONS

_TABLES = """
    CREATE TABLE campaign_masking (
        campaign TEXT PRIMARY KEY REFERENCES campaigns(id) ON DELETE CASCADE,
        numbers INTEGER NOT NULL,
        names TEXT NOT NULL CHECK (names IN ('never', 'outside', 'always')),
        sound INTEGER NOT NULL,
        changed_by INTEGER REFERENCES users(id),
        changed_at TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE unmaskings (
        id INTEGER PRIMARY KEY,
        call_id INTEGER NOT NULL REFERENCES calls(id) ON DELETE CASCADE,
        user_id INTEGER NOT NULL REFERENCES users(id),
        reason TEXT NOT NULL,
        at TEXT NOT NULL,
        until TEXT NOT NULL
    );
    CREATE INDEX unmaskings_call ON unmaskings(call_id, user_id, until);
    CREATE INDEX unmaskings_user ON unmaskings(user_id, until);
    CREATE TABLE said_numbers (
        digest TEXT NOT NULL,
        call_id INTEGER NOT NULL REFERENCES calls(id) ON DELETE CASCADE,
        PRIMARY KEY (digest, call_id)
    ) WITHOUT ROWID;
    CREATE INDEX said_numbers_call ON said_numbers(call_id);
    CREATE TABLE said_numbers_key (key TEXT NOT NULL);
    UPDATE said_calls SET transcript_key = '';
"""
_QUOTES = (
    ("flags", ("quote", "reason")),
    ("queue_items", ("quote", "reason")),
    ("raised_objections", ("quote",)),
    ("flag_examples", ("quote", "why")),
    ("disputes", ("quote",)),
    ("finding_verdicts", ("quote",)),
    ("clips", ("lines", "words")),
)
"""Rows that hold what was said, for lists: masked from now on when they are written."""


@MIGRATIONS()
def m021_privacy(db: Database) -> None:
    """`campaign_masking` has a row only where a campaign differs from the usual. `said_numbers` holds keyed hashes of
    the personal numbers of a call, so that it is found by a whole number and by no part of one; the index of words
    holds none. Calls are indexed anew (`said_calls.transcript_key`)."""
    db.executescript(_TABLES)
    db.table("said_numbers_key").insert({"key": secrets.token_hex(32)})
    db.register_function(_masked, name="masked_text")
    for table, columns in _QUOTES:
        for name in columns:
            db.execute(f"UPDATE {table} SET {name} = masked_text({name}) WHERE {name} <> masked_text({name})")


def _masked(text: Any) -> Any:
    if not isinstance(text, str) or not text:
        return text
    if text.startswith("[["):
        return json.dumps([[*line[:3], mask(line[3], kinds=NUMBERS)] for line in json.loads(text)], ensure_ascii=False)
    return mask(text, kinds=NUMBERS)
