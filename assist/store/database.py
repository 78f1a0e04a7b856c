"""The database of one Assist folder: connections, transactions, opening. Tables are in `migrations`."""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlite_utils import Database

from assist.config import Settings
from assist.errors import AssistError, SetupError
from assist.store import audit_head
from assist.store import upgrade as upgrading
from assist.store.migrations import MIGRATIONS, STEPS
from assist.texts import N_

Parameters = Sequence[Any] | dict[str, Any]

BUSY_SECONDS = 15
MAPPED_BYTES = 1 << 31
"""So much of the database file is read as memory that all connections share, not page by page."""


RESTORING = ".restoring"
"""Lies in a data folder until all of a backup is in it."""


class RestoreUnfinished(SetupError):
    message = N_("Restoring a backup into %(path)s was broken off. Run the same `assist restore` again.")


class NewerDatabase(SetupError):
    message = N_(
        "The database %(path)s was made by a newer Assist (it has the step %(step)s). Install that version again, "
        "or restore the backup that was taken before the upgrade."
    )


class DatabaseUnusable(SetupError):
    message = N_("The database %(path)s cannot be opened: %(reason)s. Check the folder, its owner and the disk.")


class StoreClosed(AssistError):
    message = N_("Assist was stopping while this was under way. Start it and try again.")


class _Connection(sqlite3.Connection):
    """Closed when its last user lets it go: closed under a thread that is in a query, it takes the process with it."""

    def __del__(self) -> None:
        self.close()


class Store:
    """One folder's database. Safe to share between threads: each gets a connection of its own.

    Writes that are accepted survive a power cut: WAL with synchronous FULL. Reads see the last committed state and
    wait for nobody.
    """

    def __init__(self, settings: Settings) -> None:
        """Opens the database, making or upgrading it. Raises NewerDatabase, DatabaseUnusable, RestoreUnfinished."""
        if (settings.data / RESTORING).exists():
            raise RestoreUnfinished(path=settings.data)
        self.settings = settings
        self._local = threading.local()
        self._closed = False
        try:
            settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._upgrade()
        except (OSError, sqlite3.DatabaseError) as error:
            self.close()
            raise DatabaseUnusable(path=settings.database, reason=error) from error

    @property
    def db(self) -> Database:
        """This thread's connection. Raises StoreClosed."""
        database: Database | None = getattr(self._local, "database", None)
        if database is None:
            if self._closed:
                raise StoreClosed
            database = self._local.database = self._connect()
        return database

    @contextmanager
    def write(self) -> Iterator[Database]:
        """One short write transaction, taken at once so that it cannot fail half way; nested ones are savepoints."""
        db = self.db
        if db.conn.in_transaction:
            with db.atomic():
                yield db
            return
        db.execute("BEGIN IMMEDIATE")
        later: dict[str, Callable[[Store], None]] = {}
        self._local.later = later
        try:
            yield db
        except BaseException:
            db.rollback()
            raise
        db.commit()
        for what in later.values():
            what(self)

    def when_committed(self, name: str, what: Callable[["Store"], None]) -> None:
        """Has `what` done once the open write transaction is committed, once for each name; never where it fails."""
        self._local.later[name] = what

    def rows(self, sql: str, parameters: Parameters = ()) -> list[dict[str, Any]]:
        """All rows of a query."""
        cursor = self.db.conn.execute(sql, parameters)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def row(self, sql: str, parameters: Parameters = ()) -> dict[str, Any] | None:
        """The first row of a query, None where there is none."""
        return next(iter(self.rows(sql, parameters)), None)

    def value(self, sql: str, parameters: Parameters = ()) -> Any:
        """The first column of the first row, None where there is none."""
        found = self.db.conn.execute(sql, parameters).fetchone()
        return found[0] if found else None

    def change(self, sql: str, parameters: Parameters = ()) -> int:
        """Run one writing statement in its own transaction (or the open one); how many rows it touched."""
        with self.write() as db:
            return db.execute(sql, parameters).rowcount

    def close(self) -> None:
        """Lets go of the connections of all threads: each closes when the query that it is in has ended."""
        self._closed = True
        self._local = threading.local()

    def _connect(self) -> Database:
        connection = sqlite3.connect(
            self.settings.database, timeout=BUSY_SECONDS, check_same_thread=False, factory=_Connection
        )
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA mmap_size = {MAPPED_BYTES}")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten, not only let go of
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            connection.execute("PRAGMA journal_mode = WAL")
        return Database(connection, execute_plugins=False)

    def _upgrade(self) -> None:
        unknown = [step.name for step in MIGRATIONS.applied(self.db) if step.name not in STEPS]
        if unknown:
            self.close()
            raise NewerDatabase(path=self.settings.database, step=unknown[0])
        if MIGRATIONS.pending(self.db):
            with self.write() as db:  # the lock: two processes starting at once upgrade one after the other
                upgrading.upgrade(self.settings, db)
                self.when_committed("audit head", audit_head.publish)
