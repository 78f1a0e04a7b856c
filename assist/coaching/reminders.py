"""What is due with whom: planned talks, signatures that are missing, agreements that end soon or came back.

In the app only, on the pages where leads and agents begin their day.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from assist.coaching import agreements, followup
from assist.people import access
from assist.people.users import User
from assist.store import Store
from assist.store.clock import moment, now, stamp

Kind = Literal["returned", "planned", "to-sign", "ending", "unsigned"]
ORDER: tuple[Kind, ...] = ("returned", "planned", "to-sign", "ending", "unsigned")
AHEAD = timedelta(days=7)
ENDS_SOON = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Reminder:
    """`returned`: an agreement that was not kept, or of which nothing can be said (`state`), back with the lead.
    `planned`: a talk. `to-sign`: it waits for the reader's signature. `ending`: an agreement ends `at`.
    `unsigned`: the lead waits for the agent's signature."""

    kind: Kind
    agent_id: int
    agent: str
    session_id: int
    action_id: int | None
    at: datetime
    behaviour: str = ""
    state: str = ""

    @property
    def overdue(self) -> bool:
        return self.kind == "planned" and self.at < now()


def listing(store: Store, user: User) -> tuple[Reminder, ...]:
    """What the user is reminded of, in the order of doing; nothing for whoever neither leads nor is led."""
    if user.role not in ("agent", "lead") or not access.allows(user, "coaching.see"):
        return ()
    scope = access.coaching_of(user)
    agents = [row["id"] for row in store.rows(f"SELECT a.id FROM users a WHERE {scope.where}", scope.parameters)]
    followup.settle(store, agents)
    found = [*_talks(store, user), *_agreements(store, user)]
    return tuple(sorted(found, key=lambda one: (ORDER.index(one.kind), one.at)))


def _talks(store: Store, user: User) -> list[Reminder]:
    scope = access.coaching_of(user)
    rows = store.rows(
        f"""SELECT s.id, s.agent_id, a.name AS agent, s.state, s.planned_for, s.held_at, s.lead_signed_at
            FROM users a JOIN coaching_sessions s ON s.agent_id = a.id
            WHERE {scope.where} AND s.state IN ('planned', 'held')""",
        scope.parameters,
    )
    return [one for one in (_talk(user, row) for row in rows) if one is not None]


def _talk(user: User, row: dict[str, Any]) -> Reminder | None:
    if row["state"] == "planned":
        at = moment(row["planned_for"])
        return _reminder("planned", row, at) if at <= now() + AHEAD else None
    mine = (row["lead_signed_at"] is None) == (user.role == "lead")
    if not mine and user.role == "agent":
        return None
    return _reminder("to-sign" if mine else "unsigned", row, moment(row["held_at"]))


def _agreements(store: Store, user: User) -> list[Reminder]:
    scope = access.coaching_of(user)
    rows = store.rows(
        f"""SELECT x.session_id AS id, x.id AS action_id, x.agent_id, a.name AS agent, x.behaviour, x.state, x.until,
                   x.decided_at
            FROM users a JOIN actions x ON x.agent_id = a.id JOIN coaching_sessions s ON s.id = x.session_id
            WHERE {scope.where} AND {agreements.VALID} AND (
                (x.state = 'open' AND s.lead_signed_at IS NOT NULL AND x.until > :now AND x.until <= :soon)
                OR (:lead AND x.state IN ('not-kept', 'unclear') AND x.settled_at IS NULL))""",
        scope.parameters | {"now": stamp(), "soon": stamp(now() + ENDS_SOON), "lead": user.role == "lead"},
    )
    return [
        _reminder("ending", row, moment(row["until"]))
        if row["state"] == "open"
        else _reminder("returned", row, moment(row["decided_at"]))
        for row in rows
    ]


def _reminder(kind: Kind, row: dict[str, Any], at: datetime) -> Reminder:
    return Reminder(
        kind, row["agent_id"], row["agent"], row["id"], row.get("action_id"), at, row.get("behaviour", ""), row["state"]
    )
