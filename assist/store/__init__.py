"""What Assist keeps: one SQLite database per folder."""

from assist.store.database import Store, StoreClosed

__all__ = ["Store", "StoreClosed"]
