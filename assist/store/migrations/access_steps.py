"""What a machine token is for, and whose transcripts editors may read: step 17."""

from sqlite_utils import Database

from assist.store.migrations.steps import MIGRATIONS


@MIGRATIONS()
def m017_access(db: Database) -> None:
    """Tokens from before may do what they could: all their owner may. No campaign shows editors its transcripts."""
    db.executescript("""
        ALTER TABLE tokens ADD COLUMN scopes TEXT NOT NULL DEFAULT 'all';
        ALTER TABLE campaigns ADD COLUMN editors_read INTEGER NOT NULL DEFAULT 0;
    """)
