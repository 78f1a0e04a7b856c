"""Whether what was agreed is done: the agent's calls since then against those before, decided once.

The comparison is made a single time, a day after the agreement ended (recordings come in late), however often anybody
looks before; until then only counts are shown. So the interval's level holds for the one look there is. Before are the
same days again, and never fewer than four weeks: what was chosen because it was at its worst a while ago would else get
better by itself. Calls that were talked about are left out for the same reason.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from assist.coaching import agreements, measures, release
from assist.coaching.agreements import Action
from assist.coaching.change import Change, change, side
from assist.coaching.measures import Reading
from assist.people import audit
from assist.people.users import User
from assist.store import Store
from assist.store.clock import moment, now, stamp

BEFORE = timedelta(days=28)
"""The stretch before an agreement is at least this long."""
GRACE = timedelta(days=1)
"""So long after the end recordings may still come in."""
LATEST = timedelta(days=7)
"""So long calls that are still being worked on are waited for."""


@dataclass(frozen=True, slots=True)
class Progress:
    """`before` and `after` are the calls that count, the oldest first. `change` is None until it is `decided`."""

    action: Action
    before: tuple[Reading, ...]
    after: tuple[Reading, ...]
    change: Change | None
    decides_at: datetime

    @property
    def decided(self) -> bool:
        return self.change is not None


def progress(store: Store, action: Action) -> Progress:
    """How it stands now; once decided, by the figures it was decided by."""
    return current(store, [action])[0]


def shown_to(store: Store, user: User, found: Progress) -> Progress:
    """The same without calls that were not released to the reader yet."""
    before, after = (release.readable(store, user, side) for side in (found.before, found.after))
    return replace(found, before=before, after=after)


def current(store: Store, actions: Sequence[Action]) -> list[Progress]:
    """The progress of many."""
    for agent_id in {action.agent_id for action in actions if action.figures is None}:
        measures.catch_up(store, agent_id)
    return [_progress(store, action) for action in actions]


def _progress(store: Store, action: Action) -> Progress:
    decides = action.until + GRACE
    if action.figures is not None:
        before, after = (_readings(action.figures[side]) for side in ("before", "after"))
        return Progress(action, before, after, _decided(store, action, before, after), decides)
    return Progress(action, *_sides(store, action), None, decides)


def settle(store: Store, agent_ids: Sequence[int], at: datetime | None = None) -> int:
    """Decides the agreements of these agents that are due; how many. Cheap where none is."""
    at = at or now()
    due = store.rows(
        f"""{agreements.SELECT} WHERE x.state = 'open' AND x.until <= ? AND s.lead_signed_at IS NOT NULL
            AND {agreements.VALID} AND x.agent_id IN (SELECT value FROM json_each(?)) ORDER BY x.id""",
        [stamp(at - GRACE), json.dumps(list(agent_ids))],
    )
    return sum(_decide(store, agreements.action_from(row), at) for row in due)


def _decide(store: Store, action: Action, at: datetime) -> bool:
    if at < action.until + LATEST and _still_working(store, action):
        return False
    measures.catch_up(store, action.agent_id)
    before, after = _sides(store, action)
    found = _compare(store, action, before, after)
    figures = {"before": _plain(before), "after": _plain(after), "low": found.low, "high": found.high}
    values = [found.verdict, stamp(at), json.dumps(figures), action.id]
    with store.write() as db:
        decided = db.execute(
            "UPDATE actions SET state = ?, decided_at = ?, figures = ? WHERE id = ? AND state = 'open'", values
        ).rowcount
        if decided:
            audit.record(store, None, "action.decide", f"action:{action.id}", verdict=found.verdict)
    return bool(decided)


def _sides(store: Store, action: Action) -> tuple[tuple[Reading, ...], tuple[Reading, ...]]:
    talked = {
        row["call_id"]
        for row in store.rows("SELECT call_id FROM session_notes WHERE session_id = ?", [action.session_id])
    }
    span = max(action.until - action.since, BEFORE)
    before = measures.readings(store, action.agent_id, action.measure, action.since - span, action.since, talked)
    return before, measures.readings(store, action.agent_id, action.measure, action.since, action.until)


def _compare(store: Store, action: Action, before: Sequence[Reading], after: Sequence[Reading]) -> Change:
    return change(measures.by_day(store, before), measures.by_day(store, after), action.measure.unit)


def _decided(store: Store, action: Action, before: Sequence[Reading], after: Sequence[Reading]) -> Change:
    """The change as it was decided, whatever would be decided today."""
    assert action.figures is not None
    assert action.state != "open"
    sides = [side(measures.by_day(store, found)) for found in (before, after)]
    return Change(sides[0], sides[1], action.figures["low"], action.figures["high"], action.state)


def _still_working(store: Store, action: Action) -> bool:
    """Whether calls of that time are on their way."""
    return bool(
        store.value(
            """SELECT 1 FROM calls WHERE agent_id = ? AND called_at >= ? AND called_at < ?
               AND state NOT IN ('ready', 'failed', 'cancelled', 'waiting')""",
            [action.agent_id, stamp(action.since), stamp(action.until)],
        )
    )


def _plain(found: Sequence[Reading]) -> list[list[Any]]:
    return [[one.call_id, stamp(one.called_at), one.value, one.start] for one in found]


def _readings(rows: list[list[Any]]) -> tuple[Reading, ...]:
    return tuple(Reading(call_id, moment(at), value, start) for call_id, at, value, start in rows)
