"""The list that every step signs up to."""

from typing import Any

from sqlite_utils import Database, Migrations


class Numbered(Migrations):
    """Steps are applied by their numbers, whatever order their modules are imported in."""

    def pending(self, db: Database) -> list[Any]:
        return sorted(super().pending(db), key=lambda step: step.name)


MIGRATIONS = Numbered("assist")
