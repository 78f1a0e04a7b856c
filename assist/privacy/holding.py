"""What keeps a call beyond its time: a dispute, a one-on-one or an agreement that is not over, or somebody's word."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from assist.errors import RequestError
from assist.people import access, audit
from assist.people.users import User
from assist.store import Store
from assist.store.clock import moment, stamp
from assist.texts import N_

Why = Literal["hold", "dispute", "one-on-one", "agreement"]

_BEHIND: dict[Why, str] = {
    "hold": "SELECT call_id FROM holds WHERE lifted_at IS NULL",
    "dispute": "SELECT call_id FROM disputes WHERE state = 'open'",
    "one-on-one": """SELECT n.call_id FROM coaching_sessions s JOIN session_notes n ON n.session_id = s.id
                     WHERE s.state IN ('planned', 'held') AND n.call_id IS NOT NULL""",
    "agreement": """SELECT n.call_id FROM actions a JOIN session_notes n ON n.session_id = a.session_id
                    WHERE a.state = 'open' AND n.call_id IS NOT NULL""",
}
"""The calls behind each reason: few, and found without looking at calls."""
HELD = f"c.id IN ({' UNION '.join(_BEHIND.values())})"
"""A condition on calls (alias c)."""

LONGEST_REASON = 300
MOST = 200


class NoReason(RequestError):
    message = N_("Say why. The reason is shown to whoever looks after this later.")


@dataclass(frozen=True, slots=True)
class Hold:
    """A call that is spared. `id` is there where somebody placed it (`why` hold)."""

    call_id: int
    called_at: datetime
    why: Why
    id: int | None = None
    reason: str = ""
    placed_by: str = ""
    placed_at: datetime | None = None


def place(store: Store, user: User, call_id: int, reason: str) -> None:
    """Nothing of the call is removed until the hold is lifted; of a call that is held already the reason is changed.

    Raises AccessDenied, NotFound, NoReason.
    """
    from assist.calls import calls

    access.require(user, "privacy.hold")
    if not reason.strip():
        raise NoReason
    call = calls.there(store, user, call_id)
    values = [call.id, reason.strip()[:LONGEST_REASON], user.id, stamp()]
    with store.write() as db:
        db.execute("UPDATE holds SET lifted_by = ?, lifted_at = ? WHERE call_id = ? AND lifted_at IS NULL",
                   [user.id, stamp(), call.id])  # fmt: skip
        db.execute("INSERT INTO holds (call_id, reason, placed_by, placed_at) VALUES (?, ?, ?, ?)", values)
        audit.record(store, user, "hold.place", f"call:{call.id}")


def lift(store: Store, user: User, call_id: int) -> bool:
    """Whether there was a hold. Raises AccessDenied."""
    access.require(user, "privacy.hold")
    with store.write() as db:
        query = "UPDATE holds SET lifted_by = ?, lifted_at = ? WHERE call_id = ? AND lifted_at IS NULL"
        lifted = db.execute(query, [user.id, stamp(), call_id]).rowcount
        if lifted:
            audit.record(store, user, "hold.lift", f"call:{call_id}")
    return bool(lifted)


def standing(store: Store, user: User) -> list[Hold]:
    """All calls that are spared and why, the oldest first; at most MOST of a kind. Raises AccessDenied."""
    access.require(user, "privacy.hold")
    placed = store.rows(
        """SELECT h.call_id, c.called_at, h.id, h.reason, u.name AS placed_by, h.placed_at FROM holds h
           JOIN calls c ON c.id = h.call_id JOIN users u ON u.id = h.placed_by
           WHERE h.lifted_at IS NULL ORDER BY h.placed_at LIMIT ?""",
        [MOST],
    )
    found = [Hold(**row | _times(row), why="hold") for row in placed]
    for why, query in _BEHIND.items():
        if why != "hold":
            rows = store.rows(
                f"""SELECT c.id AS call_id, c.called_at FROM calls c WHERE c.id IN ({query})
                    ORDER BY c.called_at LIMIT ?""",
                [MOST],
            )
            found += [Hold(**row | _times(row), why=why) for row in rows]
    return found


def of_call(store: Store, call_id: int) -> tuple[Why, ...]:
    """Why a call is spared; empty where it is not."""
    return tuple(why for why, query in _BEHIND.items() if store.value(f"SELECT ? IN ({query})", [call_id]))


def _times(row: dict[str, str]) -> dict[str, datetime]:
    return {name: moment(row[name]) for name in ("called_at", "placed_at") if name in row}
