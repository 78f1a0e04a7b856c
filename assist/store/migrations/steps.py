"""The list that every step signs up to, in the order the modules are imported by the package."""

from sqlite_utils import Migrations

MIGRATIONS = Migrations("assist")
