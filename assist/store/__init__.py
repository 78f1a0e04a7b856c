"""What Assist keeps: one SQLite database per folder."""

from assist.store.database import Store

__all__ = ["Store"]
