"""The coaching queue: the few calls worth a lead's half hour, by agent, with the reason and the moment to hear.

One call is one item however many flags it has, and the same weakness over many calls is one item too. Work is claimed
with a conditional UPDATE, so of two leads one wins and the other is told; a claim lapses by itself.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from assist.coaching.items import SEVERITY, AgentItem, CallItem, Example, Filters, FlagItem, QueuePage
from assist.coaching.placing import put
from assist.coaching.waiting import flags_of, item, items, latest, of_agent, page, state_of
from assist.errors import Conflict, NotFound, RequestError
from assist.people import access, audit
from assist.people.users import User
from assist.store import Store
from assist.store.clock import now, stamp
from assist.texts import N_

__all__ = [
    "SEVERITY", "AgentItem", "CallItem", "Example", "Filters", "FlagItem", "QueuePage", "assign", "claim", "dismiss",
    "done", "flags_of", "item", "items", "latest", "leads_of", "of_agent", "page", "put", "release", "snooze",
    "state_of", "wake",
]  # fmt: skip

Dismissal = Literal["false-alarm", "already-discussed", "not-worth"]
DISMISSALS: tuple[Dismissal, ...] = get_args(Dismissal)
_LONGEST = timedelta(days=60)


class ClaimedByOther(Conflict):
    message = N_("%(name)s is working on this call. Take another one, or ask them to release it.")


class AlreadyClosed(Conflict):
    message = N_("This call has left the queue already. Load the page again.")


class ReasonMissing(RequestError):
    message = N_("Say in a few words why this is dismissed. It helps to make the rule better.")


class WhyLater(RequestError):
    message = N_("Say in a few words why this can wait. Whoever looks for it will read that.")


class BadDay(RequestError):
    message = N_("Choose a day from tomorrow on, within the next 60 days.")


class NoSuchDismissal(RequestError):
    message = N_("There is no dismissal %(kind)s. Use false-alarm, already-discussed or not-worth.")


class NotALeadHere(RequestError):
    message = N_("This person does not lead the team of the call. Choose one of its leads.")


def claim(store: Store, user: User, call_id: int) -> None:
    """Takes an item for oneself. Raises ClaimedByOther, AlreadyClosed, NotFound."""
    at = now()
    until = at + timedelta(minutes=store.settings.claim_minutes)
    with store.write() as db:
        call_id = _root(store, user, call_id)
        taken = db.execute(
            """UPDATE queue_items SET claimed_by = ?, claimed_until = ?, snoozed_until = NULL
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
        call_id = _root(store, user, call_id)
        _refuse_others(store, user, call_id)
        db.execute("UPDATE queue_items SET claimed_by = NULL, claimed_until = NULL WHERE call_id = ?", [call_id])
        audit.record(store, user, "queue.release", f"call:{call_id}")


def leads_of(store: Store, user: User, call_id: int) -> list[tuple[int, str]]:
    """Ids and names of the leads who can be given an item. Raises NotFound."""
    call_id = _root(store, user, call_id)
    rows = store.rows(
        """SELECT u.id, u.name FROM users u JOIN queue_items q ON q.team_id = u.team_id
           WHERE q.call_id = ? AND u.role = 'lead' AND u.active ORDER BY u.name, u.id""",
        [call_id],
    )
    return [(row["id"], row["name"]) for row in rows]


def assign(store: Store, user: User, call_id: int, lead_id: int | None) -> None:
    """Gives an item to a lead of its team, to nobody with None; who holds it lets go of it.

    Raises NotALeadHere, ClaimedByOther, AlreadyClosed, NotFound.
    """
    with store.write():
        call_id = _root(store, user, call_id)
        if lead_id is not None and lead_id not in dict(leads_of(store, user, call_id)):
            raise NotALeadHere
        _change(store, user, call_id, {"assigned_to": lead_id, "claimed_by": None, "claimed_until": None})
        audit.record(store, user, "queue.assign", f"call:{call_id}", lead=lead_id)


def snooze(store: Store, user: User, call_id: int, until: datetime, reason: str) -> None:
    """Puts an item off until a moment within 60 days; it comes back by itself.

    Raises WhyLater, BadDay, ClaimedByOther, AlreadyClosed, NotFound.
    """
    if not reason.strip():
        raise WhyLater
    if not now() < until <= now() + _LONGEST:
        raise BadDay
    with store.write():
        call_id = _root(store, user, call_id)
        values = {"snoozed_until": stamp(until), "snooze_reason": reason.strip()[:300], "snoozed_by": user.id}
        _change(store, user, call_id, values | {"claimed_by": None, "claimed_until": None})
        audit.record(store, user, "queue.snooze", f"call:{call_id}", until=stamp(until))


def wake(store: Store, user: User, call_id: int) -> None:
    """Brings a snoozed item back at once. Raises AlreadyClosed, NotFound."""
    with store.write():
        call_id = _root(store, user, call_id)
        _change(store, user, call_id, {"snoozed_until": None, "snooze_reason": ""})
        audit.record(store, user, "queue.wake", f"call:{call_id}")


def done(store: Store, user: User, call_id: int, note: str = "") -> None:
    """The call was talked about. Raises ClaimedByOther, AlreadyClosed, NotFound."""
    _close(store, user, call_id, "done", note)


def dismiss(
    store: Store,
    user: User,
    call_id: int,
    reason: str,
    kind: str = "not-worth",
    rules: Collection[str] | None = None,
) -> None:
    """The call needs no talk; say why. A false alarm counts against the `rules` that were wrong, all without them.

    Raises ReasonMissing, NoSuchDismissal, ClaimedByOther, AlreadyClosed, NotFound.
    """
    if kind not in DISMISSALS:
        raise NoSuchDismissal(kind=kind[:40])
    if not reason.strip():
        raise ReasonMissing
    _close(store, user, call_id, "dismissed", reason, kind, rules)


def _root(store: Store, user: User, call_id: int) -> int:
    """The item that a call belongs to: its own, or the one it is folded into. Raises NotFound."""
    access.require(user, "queue.work")
    scope = access.queue_of(user)
    seen = store.row(
        f"""SELECT coalesce(q.folded_into, q.call_id) AS root FROM queue_items q
            WHERE q.call_id = :id AND {scope.where}""",
        {"id": call_id} | scope.parameters,
    )
    if not seen:
        raise NotFound
    return int(seen["root"])


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


def _change(store: Store, user: User, call_id: int, values: dict[str, Any]) -> None:
    """Raises ClaimedByOther, AlreadyClosed."""
    _refuse_others(store, user, call_id)
    sets = ", ".join(f"{name} = :{name}" for name in values)
    query = f"UPDATE queue_items SET {sets} WHERE call_id = :call AND state = 'open'"
    if not store.change(query, values | {"call": call_id}):
        raise AlreadyClosed


def _close(
    store: Store,
    user: User,
    call_id: int,
    state: str,
    note: str,
    kind: str = "",
    rules: Collection[str] | None = None,
) -> None:
    with store.write():
        call_id = _root(store, user, call_id)
        closed = {"state": state, "closed_by": user.id, "closed_at": stamp(), "note": note.strip()[:1000]}
        free = {"dismissal": kind, "claimed_by": None, "claimed_until": None}
        _change(store, user, call_id, closed | free)
        folded = store.rows("SELECT call_id FROM queue_items WHERE folded_into = ? AND state = 'open'", [call_id])
        for row in folded:
            _change(store, user, row["call_id"], closed | free)
            _judge_flags(store, row["call_id"], "useful" if state == "done" else "neither", None)
        _judge_flags(store, call_id, _outcome(state, kind), rules)
        audit.record(store, user, f"queue.{state}", f"call:{call_id}", **({"kind": kind} if kind else {}))


def _outcome(state: str, kind: str) -> str:
    return "useful" if state == "done" else "false-alarm" if kind == "false-alarm" else "neither"


def _judge_flags(store: Store, call_id: int, outcome: str, rules: Collection[str] | None) -> None:
    """Keeps what became of each flag; of a false alarm, those of other rules were right or nobody knows."""
    store.change(
        f"""INSERT OR REPLACE INTO flag_outcomes (call_id, rule, about, agent_id, team_id, rubric, outcome, closed_at)
            SELECT f.call_id, f.rule, f.about, q.agent_id, q.team_id, f.rubric,
                   CASE WHEN :outcome <> 'false-alarm' OR {_named(rules)} THEN :outcome ELSE 'neither' END, :now
            FROM flags f JOIN queue_items q ON q.call_id = f.call_id
            WHERE f.call_id = :call GROUP BY f.rule, f.about""",
        {"outcome": outcome, "now": stamp(), "call": call_id, **_marked(rules)},
    )


def _named(rules: Collection[str] | None) -> str:
    marks = ", ".join(f":{name}" for name in _marked(rules))
    return "1" if rules is None else f"f.rule IN ({marks})"


def _marked(rules: Collection[str] | None) -> dict[str, str]:
    return {f"rule{number}": rule for number, rule in enumerate(sorted(rules or ()))}
