"""Work that nobody takes any more: of another version of the program, or for a recogniser that no worker has.

While an upgrade goes on, workers of two versions run side by side and each takes only its own. When the last one that
could take something is gone, it is taken back here, and its calls are begun anew under what is there now. What waits
to be heard by another recogniser than the store asks for is taken back at once: its transcript would not be used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from assist.config import Settings
from assist.fleet import beats, ledger


@dataclass(frozen=True, slots=True)
class Group:
    """Workflows of one queue, version and status."""

    queue: str
    version: str
    status: str


def groups(settings: Settings, version: str, hearing: str) -> list[Group]:
    """What nobody takes. `version` is that of the worker near the store that asks, `hearing` the queue of the
    recogniser whose transcripts the store takes, empty where it hears by itself."""
    living = beats.living(settings)
    versions = {version, *(sign.version for sign in living)}
    taken = {ledger.NEAR, hearing, *(queue for sign in living for queue in sign.queues)}
    return [
        group
        for group in _in_flight(settings)
        if group.version not in versions or group.queue not in taken or _unwanted(group, hearing)
    ]


def calls_of(name: str, arguments: Any) -> list[tuple[int, int]]:
    """The (call, run) pairs a workflow is about."""
    first = arguments[0]
    if name == "hear_call":
        return [(first["call_id"], first["run"])]
    if name == "judge_again":
        return [(call_id, run) for call_id, run in first]
    return [(first, arguments[1])]


def _unwanted(group: Group, hearing: str) -> bool:
    asked = group.queue.startswith(f"{ledger.HEARING}.") and group.status == "ENQUEUED"
    return asked and bool(hearing) and group.queue != hearing


def _in_flight(settings: Settings) -> list[Group]:
    flows = ledger.flows(settings)
    either = sa.or_(*(flows.c.status == sa.literal_column(f"'{status}'") for status in ("ENQUEUED", "PENDING")))
    ours = (flows.c.queue_name == ledger.NEAR) | flows.c.queue_name.startswith(f"{ledger.HEARING}.")
    columns = (flows.c.queue_name, flows.c.application_version, flows.c.status)
    with ledger.engine(settings).connect() as db:
        rows = db.execute(sa.select(*columns).where(either, ours).distinct()).all()
    return [Group(row[0], row[1] or "", row[2]) for row in rows]
