"""Whose turn it is: the order in which calls that wait are taken.

First come uploads of people who wait for them, then bulk imports, then calls that are only judged again. Within each,
campaigns take turns, as in fair queueing by start times: a call's turn is one after the last one its campaign drew,
but never before the turn that is being served now. So one call of a campaign that sends few comes after at most one
call of each other campaign, however many thousands of those wait; and a campaign cannot save up turns it did not use.
"""

from __future__ import annotations

from typing import Literal

from assist.store import Store

Urgency = Literal["now", "bulk", "again"]

_WIDTH = 500_000_000
_BASE: dict[Urgency, int] = {"now": 1, "bulk": 1 + _WIDTH, "again": 1 + 2 * _WIDTH}
"""DBOS priorities go from 1, taken first, to 2**31 - 1."""


def band(urgency: Urgency) -> tuple[int, int]:
    """The first priority of an urgency, and the first one after its last."""
    return _BASE[urgency], _BASE[urgency] + _WIDTH


def draw(store: Store, urgency: Urgency, campaign: str, serving: int | None) -> int:
    """The priority of a campaign's next call. `serving`: the lowest priority in the band that waits now; None where
    nothing waits, and the turns begin anew."""
    first, end = band(urgency)
    with store.write() as db:
        if serving is None:
            db.execute("DELETE FROM turns_drawn WHERE urgency = ?", [urgency])
        drawn = store.value("SELECT turn FROM turns_drawn WHERE urgency = ? AND campaign = ?", [urgency, campaign])
        turn = max(0 if drawn is None else drawn + 1, 0 if serving is None else serving - first)
        turn = min(turn, end - first - 1)
        row = {"urgency": urgency, "campaign": campaign, "turn": turn}
        db.table("turns_drawn").upsert(row, pk=("urgency", "campaign"))
    return first + turn
