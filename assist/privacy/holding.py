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

_DISPUTED = "EXISTS (SELECT 1 FROM disputes d WHERE d.call_id = c.id AND d.state = 'open')"
_TALKED = """EXISTS (SELECT 1 FROM session_notes n JOIN coaching_sessions s ON s.id = n.session_id
    WHERE n.call_id = c.id AND s.state IN ('planned', 'held'))"""
_AGREED = """EXISTS (SELECT 1 FROM session_notes n JOIN actions a ON a.session_id = n.session_id
    WHERE n.call_id = c.id AND a.state = 'open')"""
_PLACED = "EXISTS (SELECT 1 FROM holds h WHERE h.call_id = c.id AND h.lifted_at IS NULL)"
HELD = f"({_PLACED} OR {_DISPUTED} OR {_TALKED} OR {_AGREED})"
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
    for why, query in _OTHERS.items():
        found += [Hold(**row | _times(row), why=why) for row in store.rows(query, [MOST])]
    return found


def of_call(store: Store, call_id: int) -> tuple[Why, ...]:
    """Why a call is spared; empty where it is not."""
    kinds: dict[Why, str] = {"hold": _PLACED, "dispute": _DISPUTED, "one-on-one": _TALKED, "agreement": _AGREED}
    row = store.row(f"SELECT {', '.join(f'{one} AS x{n}' for n, one in enumerate(kinds.values()))} FROM calls c "
                    "WHERE c.id = ?", [call_id]) or {}  # fmt: skip
    return tuple(why for why, yes in zip(kinds, row.values(), strict=False) if yes)


_OTHERS: dict[Why, str] = {
    "dispute": """SELECT DISTINCT c.id AS call_id, c.called_at FROM disputes d JOIN calls c ON c.id = d.call_id
                  WHERE d.state = 'open' ORDER BY c.called_at LIMIT ?""",
    "one-on-one": """SELECT DISTINCT c.id AS call_id, c.called_at FROM coaching_sessions s
                     JOIN session_notes n ON n.session_id = s.id JOIN calls c ON c.id = n.call_id
                     WHERE s.state IN ('planned', 'held') ORDER BY c.called_at LIMIT ?""",
    "agreement": """SELECT DISTINCT c.id AS call_id, c.called_at FROM actions a
                    JOIN session_notes n ON n.session_id = a.session_id JOIN calls c ON c.id = n.call_id
                    WHERE a.state = 'open' ORDER BY c.called_at LIMIT ?""",
}


def _times(row: dict[str, str]) -> dict[str, datetime]:
    return {name: moment(row[name]) for name in ("called_at", "placed_at") if name in row}
