"""Whether workers may begin anything, and how much of a queue each takes at a time."""

from __future__ import annotations

import sqlalchemy as sa

from assist.config import Settings
from assist.fleet import ledger
from assist.fleet.ledger import QUEUES, SWITCH


def at_once(settings: Settings, queue: str) -> int:
    """How many workflows of a queue a worker that starts now takes at a time: none while the work is paused."""
    mine = settings.jobs_at_once
    with ledger.engine(settings).begin() as db:
        db.execute(ledger.upsert(settings, QUEUES, {"name": queue, "at_once": mine}, {"at_once": mine}, "name"))
        return 0 if db.execute(sa.select(SWITCH.c.id)).first() else mine


def known(settings: Settings) -> dict[str, int]:
    """Every queue that had a worker, and how much each of its workers takes at a time when nothing is paused."""
    with ledger.engine(settings).connect() as db:
        return {row.name: row.at_once for row in db.execute(sa.select(QUEUES))}
