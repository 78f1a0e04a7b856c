"""What waits in the work queue, since when, and what is worked on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from assist.config import Settings
from assist.fleet import ledger, urgency
from assist.fleet.ledger import QUEUES
from assist.fleet.urgency import Urgency

if TYPE_CHECKING:
    from assist.store import Store

UNFINISHED = "state NOT IN ('ready', 'failed', 'cancelled') AND state <> 'waiting'"
"""Condition on calls that have their details and are not done; an index knows the first half as it is written here."""


@dataclass(frozen=True, slots=True)
class Length:
    """Of one queue: how much waits and runs, and how many seconds ago the oldest that waits came in."""

    queue: str
    waiting: int
    running: int
    oldest: float


def lengths(settings: Settings) -> list[Length]:
    """Every queue that ever had a worker, and the one near the store, by name."""
    flows, now = ledger.flows(settings), ledger.now(settings)
    with ledger.engine(settings).connect() as db:
        names = {ledger.NEAR, *db.execute(sa.select(QUEUES.c.name)).scalars()}
        found = []
        for name in sorted(names):
            counts = {status: int(db.execute(_count(flows, name, status)).scalar_one()) for status in _IN_FLIGHT}
            oldest = sa.select(now - sa.func.min(flows.c.created_at) / 1000.0).where(*_in(flows, name, "ENQUEUED"))
            since = (db.execute(oldest).scalar() or 0.0) if counts["ENQUEUED"] else 0.0
            found.append(Length(name, counts["ENQUEUED"], counts["PENDING"], max(0.0, float(since))))
    return found


def serving(settings: Settings, urgent: Urgency) -> int | None:
    """The lowest priority of an urgency that waits in any queue; None where nothing does."""
    flows, (first, end) = ledger.flows(settings), urgency.band(urgent)
    with ledger.engine(settings).connect() as db:
        names = {ledger.NEAR, *db.execute(sa.select(QUEUES.c.name)).scalars()}
        lowest = [
            db.execute(
                sa.select(sa.func.min(flows.c.priority)).where(
                    *_in(flows, name, "ENQUEUED"), flows.c.priority >= first, flows.c.priority < end
                )
            ).scalar()
            for name in names
        ]
    return min((one for one in lowest if one is not None), default=None)


def in_flight(settings: Settings) -> set[str]:
    """The workflows that wait or run, by their names."""
    flows = ledger.flows(settings)
    either = sa.or_(*(flows.c.status == sa.literal_column(f"'{status}'") for status in (*_IN_FLIGHT, "DELAYED")))
    with ledger.engine(settings).connect() as db:
        return set(db.execute(sa.select(flows.c.workflow_uuid).where(either)).scalars())


def unfinished(store: Store) -> int:
    """Calls that were taken in, have their details, and are not judged yet."""
    return int(store.value(f"SELECT count(*) FROM calls WHERE {UNFINISHED}"))


_IN_FLIGHT = ("ENQUEUED", "PENDING")


def _in(flows: sa.TableClause, queue: str, status: str) -> tuple[sa.ColumnElement[bool], ...]:
    # Written out, not bound: SQLite uses the index of what is in flight only where it sees which status is meant.
    return flows.c.queue_name == queue, flows.c.status == sa.literal_column(f"'{status}'")


def _count(flows: sa.TableClause, queue: str, status: str) -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(flows).where(*_in(flows, queue, status))
