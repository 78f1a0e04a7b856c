"""Tables of our own beside those of DBOS, in the database of the work queue: the only one that all workers reach.

All times are seconds since 1970 by the clock of that database, so that no two machines' clocks are ever compared.
"""

from __future__ import annotations

import threading
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from assist.config import Settings

NEAR, HEARING = "calls", "speech"
"""The queue of the workers near the store, and how the names of the queues of hearing elsewhere begin."""

_META = sa.MetaData()

WORKERS = sa.Table(
    "assist_workers",
    _META,
    sa.Column("executor", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("home", sa.Text, nullable=False),
    sa.Column("queues", sa.Text, nullable=False),
    sa.Column("hears", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("began", sa.Float, nullable=False),
    sa.Column("beat", sa.Float, nullable=False),
    sa.Column("crashed", sa.Boolean, nullable=False, default=False),
)
"""A row a worker process. `home` is machine and folder, where a lock lets only one process have the name."""

DEATHS = sa.Table(
    "assist_deaths",
    _META,
    sa.Column("workflow", sa.Text, primary_key=True),
    sa.Column("executor", sa.Text, primary_key=True),
    sa.Column("crashed", sa.Boolean, nullable=False),
)
"""Which workers died while they were at a workflow, and which of them by themselves."""

PROGRESS = sa.Table(
    "assist_progress",
    _META,
    sa.Column("call_id", sa.Integer, primary_key=True),
    sa.Column("run", sa.Integer, primary_key=True),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("share", sa.Float, nullable=False),
    sa.Column("remaining", sa.Float),
    sa.Column("changed", sa.Float, nullable=False),
)
"""How far hearing elsewhere is."""

SWITCH = sa.Table(
    "assist_switch",
    _META,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("paused_by", sa.Text, nullable=False),
    sa.Column("since", sa.Float, nullable=False),
)
"""One row while the work is paused."""

QUEUES = sa.Table(
    "assist_queues",
    _META,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("at_once", sa.Integer, nullable=False),
)
"""Every queue that had a worker, and how much each worker takes of it at a time when it is not paused."""

_lock = threading.Lock()
_engines: dict[str, sa.Engine] = {}


def engine(settings: Settings) -> sa.Engine:
    """Connections to the database of the work queue, shared in this process."""
    address = settings.jobs_database
    with _lock:
        if address not in _engines:
            _engines[address] = _opened(sa.make_url(address))
        return _engines[address]


def _opened(url: sa.URL) -> sa.Engine:
    if url.drivername.startswith("sqlite"):
        return sa.create_engine(url, connect_args={"timeout": 15})
    return sa.create_engine(url.set(drivername="postgresql+psycopg"), pool_size=3, pool_pre_ping=True)


def prepare(settings: Settings) -> None:
    """Makes the tables where they are missing; two processes may do so at once. Raises SQLAlchemyError."""
    opened = engine(settings)
    try:
        _META.create_all(opened)
    except sa.exc.DBAPIError:
        _META.create_all(opened)  # another process made them meanwhile


def close() -> None:
    """Closes this process's connections."""
    with _lock:
        for opened in _engines.values():
            opened.dispose()
        _engines.clear()


def now(settings: Settings) -> sa.ColumnElement[float]:
    """The database's clock, as part of a statement."""
    if engine(settings).dialect.name == "sqlite":
        return sa.literal_column("((julianday('now') - 2440587.5) * 86400.0)", sa.Float)
    return sa.literal_column("EXTRACT(EPOCH FROM clock_timestamp())::float8", sa.Float)


def upsert(
    settings: Settings, table: sa.Table, values: dict[str, Any], changed: dict[str, Any], *keys: str
) -> sa.Executable:
    """A statement that adds the row, or where its keys are there already changes it."""
    insert = sqlite.insert if engine(settings).dialect.name == "sqlite" else postgresql.insert
    return insert(table).values(values).on_conflict_do_update(index_elements=list(keys), set_=changed)


def add(settings: Settings, table: sa.Table, values: dict[str, Any]) -> sa.Executable:
    """A statement that adds the row where it is not there yet."""
    insert = sqlite.insert if engine(settings).dialect.name == "sqlite" else postgresql.insert
    return insert(table).values(values).on_conflict_do_nothing()


def flows(settings: Settings) -> sa.TableClause:
    """DBOS's own table of workflows, as far as it is read here; an index holds those that wait and run."""
    names = ("workflow_uuid", "status", "queue_name", "priority", "created_at", "application_version")
    schema = None if engine(settings).dialect.name == "sqlite" else "dbos"
    return sa.table("workflow_status", *(sa.column(name) for name in names), schema=schema)
