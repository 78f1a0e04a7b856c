"""The coaching queue: the few calls worth a lead's half hour, by agent, with the reason and the moment to hear.

One call is one item however many flags it has. Work is claimed with a conditional UPDATE, so of two leads one wins and
the other is told; a claim lapses by itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from assist.errors import Conflict, NotFound, RequestError
from assist.people import access, audit
from assist.people.users import User
from assist.store import Store
from assist.store.clock import moment, now, stamp
from assist.texts import N_

SEVERITY = {"critical": 3, "major": 2, "minor": 1}
"""How bad a flag is, as calls.severity holds it (0: no flag)."""


class ClaimedByOther(Conflict):
    message = N_("%(name)s is working on this call. Take another one, or ask them to release it.")


class AlreadyClosed(Conflict):
    message = N_("This call has left the queue already. Load the page again.")


class ReasonMissing(RequestError):
    message = N_("Say in a few words why this is dismissed. It helps to make the rule better.")


@dataclass(frozen=True, slots=True)
class FlagItem:
    """Why the call is in the queue, and where to listen: `turn` and `start` (seconds) are None where the flag is about
    the whole call."""

    rule: str
    severity: str
    reason: str
    turn: int | None
    start: float | None
    quote: str


@dataclass(frozen=True, slots=True)
class CallItem:
    """One call in the queue, its worst flag first. `claimed_by` is a person's name, empty where it is free."""

    call_id: int
    called_at: datetime
    campaign_title: str
    file_name: str
    seconds: float | None
    overall: int | None
    focus: str
    priority: int
    queued_at: datetime
    flags: tuple[FlagItem, ...]
    claimed_by_id: int | None
    claimed_by: str

    @property
    def moment(self) -> FlagItem | None:
        """The first flag that has a place to hear."""
        return next((flag for flag in self.flags if flag.start is not None), None)


@dataclass(frozen=True, slots=True)
class AgentItem:
    """What there is to talk about with one agent: their calls, the most urgent first."""

    agent_id: int
    agent: str
    team: str
    calls: tuple[CallItem, ...]

    @property
    def priority(self) -> int:
        return self.calls[0].priority

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reasons of the most urgent call."""
        return tuple(flag.reason for flag in self.calls[0].flags)


def items(store: Store, user: User) -> list[AgentItem]:
    """The open queue of the leads' team (admins: of all), grouped by agent, the most urgent agent first."""
    access.require(user, "queue.work")
    scope = access.calls_of(user)
    rows = store.rows(_OPEN.format(where=scope.where), scope.parameters | {"now": stamp()})
    flags = _flags(store, f"SELECT q.call_id {_FROM} WHERE q.state = 'open' AND {scope.where}", scope.parameters)
    groups: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["agent_id"], []).append(row)
    return [_agent_item(group, flags) for group in groups.values()]


def put(store: Store, call_id: int, report: dict[str, Any]) -> None:
    """Writes the flags of a judged call, and queues it where it needs a person.

    Judging again replaces the flags; what a lead has closed stays closed.
    """
    with store.write() as db:
        db.table("flags").delete_where("call_id = ?", [call_id])
        turns = {turn["id"]: turn for turn in report["turns"]}
        db.table("flags").insert_all(_flag_row(call_id, flag, turns) for flag in report["flags"])
        if report["coaching"]["needed"]:
            values = {"call_id": call_id, "state": "open", "queued_at": stamp()}
            db.table("queue_items").insert(values, pk="call_id", ignore=True)
        else:
            db.table("queue_items").delete_where("call_id = ? AND state = 'open'", [call_id])


def claim(store: Store, user: User, call_id: int) -> None:
    """Takes an item for oneself. Raises ClaimedByOther, AlreadyClosed, NotFound."""
    at = now()
    until = at + timedelta(minutes=store.settings.claim_minutes)
    with store.write() as db:
        _visible(store, user, call_id)
        taken = db.execute(
            """UPDATE queue_items SET claimed_by = ?, claimed_until = ?
               WHERE call_id = ? AND state = 'open'
                 AND (claimed_by IS NULL OR claimed_by = ? OR claimed_until <= ?)""",
            [user.id, stamp(until), call_id, user.id, stamp(at)],
        ).rowcount
        if not taken:
            _say_why(store, user, call_id)
        audit.record(store, user, "queue.claim", f"call:{call_id}")


def release(store: Store, user: User, call_id: int) -> None:
    """Gives an item back. Raises ClaimedByOther, NotFound."""
    with store.write() as db:
        _visible(store, user, call_id)
        _refuse_others(store, user, call_id)
        db.execute("UPDATE queue_items SET claimed_by = NULL, claimed_until = NULL WHERE call_id = ?", [call_id])
        audit.record(store, user, "queue.release", f"call:{call_id}")


def done(store: Store, user: User, call_id: int, note: str = "") -> None:
    """The call was talked about. Raises ClaimedByOther, AlreadyClosed, NotFound."""
    _close(store, user, call_id, "done", note)


def dismiss(store: Store, user: User, call_id: int, reason: str) -> None:
    """The call needs no talk; say why. Raises ReasonMissing, ClaimedByOther, AlreadyClosed, NotFound."""
    if not reason.strip():
        raise ReasonMissing
    _close(store, user, call_id, "dismissed", reason)


def flags_of(store: Store, call_id: int) -> tuple[FlagItem, ...]:
    """The flags of one call, the worst first."""
    return _flags(store, ":call", {"call": call_id}).get(call_id, ())


def state_of(store: Store, call_id: int) -> str | None:
    """open, done or dismissed; None where the call never was in the queue."""
    found: str | None = store.value("SELECT state FROM queue_items WHERE call_id = ?", [call_id])
    return found


_FROM = "FROM queue_items q JOIN calls c ON c.id = q.call_id"

# What a lead would do first: the agent with the most urgent call, and within an agent the most urgent call; between
# equals the worse flag, then the one that has waited longest.
_OPEN = f"""
    SELECT q.call_id, q.queued_at, c.called_at, c.file_name, c.seconds, c.overall, c.focus, c.priority, c.agent_id,
           u.name AS agent, coalesce(t.name, '') AS team, coalesce(p.title, '') AS campaign_title,
           CASE WHEN q.claimed_until > :now THEN q.claimed_by END AS claimed_by_id,
           CASE WHEN q.claimed_until > :now THEN coalesce(w.name, '') ELSE '' END AS claimed_by
    {_FROM} JOIN users u ON u.id = c.agent_id LEFT JOIN teams t ON t.id = c.team_id
    LEFT JOIN campaigns p ON p.id = c.campaign LEFT JOIN users w ON w.id = q.claimed_by
    WHERE q.state = 'open' AND {{where}}
    ORDER BY max(c.priority) OVER (PARTITION BY c.agent_id) DESC, c.agent_id, c.priority DESC, c.severity DESC,
             q.queued_at, q.call_id
"""


def _agent_item(rows: list[dict[str, Any]], flags: dict[int, tuple[FlagItem, ...]]) -> AgentItem:
    first = rows[0]
    return AgentItem(first["agent_id"], first["agent"], first["team"], tuple(_call_item(row, flags) for row in rows))


def _call_item(row: dict[str, Any], flags: dict[int, tuple[FlagItem, ...]]) -> CallItem:
    return CallItem(
        call_id=row["call_id"],
        called_at=moment(row["called_at"]),
        campaign_title=row["campaign_title"],
        file_name=row["file_name"],
        seconds=row["seconds"],
        overall=row["overall"],
        focus=row["focus"] or "none",
        priority=row["priority"] or 0,
        queued_at=moment(row["queued_at"]),
        flags=flags.get(row["call_id"], ()),
        claimed_by_id=row["claimed_by_id"],
        claimed_by=row["claimed_by"],
    )


def _flags(store: Store, calls: str, parameters: dict[str, Any]) -> dict[int, tuple[FlagItem, ...]]:
    rows = store.rows(
        f"""SELECT call_id, rule, severity, reason, turn, start, quote FROM flags WHERE call_id IN ({calls})
            ORDER BY call_id, CASE severity WHEN 'critical' THEN 0 WHEN 'major' THEN 1 ELSE 2 END, id""",
        parameters,
    )
    found: dict[int, list[FlagItem]] = {}
    for row in rows:
        found.setdefault(row.pop("call_id"), []).append(FlagItem(**row))
    return {call_id: tuple(flags) for call_id, flags in found.items()}


def _flag_row(call_id: int, flag: dict[str, Any], turns: dict[int, dict[str, Any]]) -> dict[str, Any]:
    turn = next((turns[number] for number in flag["turns"] if number in turns), None)
    return {
        "call_id": call_id,
        "rule": flag["rule"],
        "severity": flag["severity"],
        "reason": flag["reason"],
        "turn": turn["id"] if turn else None,
        "start": turn["start"] if turn else None,
        "quote": turn["text"][:200] if turn else "",
    }


def _visible(store: Store, user: User, call_id: int) -> None:
    access.require(user, "queue.work")
    scope = access.calls_of(user)
    seen = store.value(f"SELECT 1 {_FROM} WHERE q.call_id = :id AND {scope.where}", {"id": call_id} | scope.parameters)
    if not seen:
        raise NotFound


def _refuse_others(store: Store, user: User, call_id: int) -> None:
    row = store.row(
        """SELECT u.id, u.name FROM queue_items q JOIN users u ON u.id = q.claimed_by
           WHERE q.call_id = ? AND q.claimed_until > ?""",
        [call_id, stamp()],
    )
    if row and row["id"] != user.id:
        raise ClaimedByOther(name=row["name"])


def _say_why(store: Store, user: User, call_id: int) -> None:
    _refuse_others(store, user, call_id)
    raise AlreadyClosed


def _close(store: Store, user: User, call_id: int, state: str, note: str) -> None:
    with store.write() as db:
        _visible(store, user, call_id)
        _refuse_others(store, user, call_id)
        closed = db.execute(
            """UPDATE queue_items
               SET state = ?, closed_by = ?, closed_at = ?, note = ?, claimed_by = NULL, claimed_until = NULL
               WHERE call_id = ? AND state = 'open'""",
            [state, user.id, stamp(), note.strip()[:1000], call_id],
        ).rowcount
        if not closed:
            raise AlreadyClosed
        audit.record(store, user, f"queue.{state}", f"call:{call_id}", note=note)
