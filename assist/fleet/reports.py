"""How far hearing elsewhere is: told there, shown here, and stopped where nobody wants it any more."""

from __future__ import annotations

import time

import sqlalchemy as sa
import structlog

from assist.calls.progress import Superseded, left
from assist.config import Settings
from assist.fleet import ledger
from assist.fleet.exchange import Parcel
from assist.fleet.ledger import PROGRESS
from assist.ports import Progress
from assist.store import Store

REPORT_SECONDS = 2.0

_log = structlog.get_logger(__name__)


def reporter(settings: Settings, parcel: Parcel) -> Progress:
    """A Progress for hearing elsewhere. Calling it raises Superseded once the workflow was cancelled."""
    begun: list[tuple[float, float]] = []
    told = [float("-inf")]

    def report(step: str, share: float) -> None:
        now, words = time.monotonic(), step == "transcribing"
        if words and not begun:
            begun.append((now, share))
        if now - told[0] < REPORT_SECONDS:
            return
        told[0] = now
        shown = min(share, 1.0) if words else float(bool(begun))
        try:
            wanted = _tell(settings, parcel, step, shown, left(begun, now, shown))
        except sa.exc.DBAPIError:  # the database is away: hearing goes on without being watched
            _log.warning("progress could not be told", exc_info=True)
            return
        if not wanted:
            raise Superseded

    return report


def done(settings: Settings, parcel: Parcel) -> None:
    with ledger.engine(settings).begin() as db:
        mine = (PROGRESS.c.call_id == parcel.call_id) & (PROGRESS.c.run == parcel.run)
        db.execute(sa.delete(PROGRESS).where(mine))


def show(store: Store) -> int:
    """Brings what was told into the calls; of how many. Only a call that was sent, of the same run, is moved."""
    with ledger.engine(store.settings).connect() as db:
        rows = db.execute(sa.select(PROGRESS)).all()
    if not rows:
        return 0
    with store.write() as db:
        return db.conn.executemany(
            """UPDATE calls SET state = 'transcribing', step = ?, progress = ?, remaining_s = ?
               WHERE id = ? AND run = ? AND (state = 'received' OR state = 'transcribing')
               AND (step <> ? OR progress <> ?)""",
            [(row.step, row.share, row.remaining, row.call_id, row.run, row.step, row.share) for row in rows],
        ).rowcount


def _tell(settings: Settings, parcel: Parcel, step: str, share: float, remaining: float | None) -> bool:
    """Whether the transcript is still wanted."""
    changed = {"step": step, "share": share, "remaining": remaining, "changed": ledger.now(settings)}
    row = {"call_id": parcel.call_id, "run": parcel.run} | changed
    flows = ledger.flows(settings)
    with ledger.engine(settings).begin() as db:
        db.execute(ledger.upsert(settings, PROGRESS, row, changed, "call_id", "run"))
        status = db.execute(sa.select(flows.c.status).where(flows.c.workflow_uuid == parcel.workflow)).scalar()
    return status != "CANCELLED"
