"""What was agreed in a one-on-one: one behaviour, how it is measured, until when. `followup` says what came of it."""

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from assist.coaching import measures, sessions
from assist.coaching.measures import Measure
from assist.errors import Conflict, NotFound, RequestError
from assist.people import access, audit
from assist.people.users import User
from assist.store import Store
from assist.store.clock import moment, stamp
from assist.texts import N_

State = Literal["open", "kept", "not-kept", "unclear"]
LONGEST = timedelta(days=92)
MOST_WORDS = 300


class EndsTooEarly(RequestError):
    message = N_("An agreement ends after the talk. Give a later day.")


class EndsTooLate(RequestError):
    message = N_("An agreement lasts three months at most. Give an earlier day.")


class BehaviourMissing(RequestError):
    message = N_("Say what is to be done, in words that both understand.")


class NotDue(Conflict):
    message = N_("There is nothing to settle: the agreement still runs, was kept, or is settled already.")


class ReasonMissing(RequestError):
    message = N_("Say in a few words how it goes on.")


@dataclass(frozen=True, slots=True)
class Action:
    """One agreement. It counts calls with since ≤ called_at < until. `follows` is the agreement it takes up again.

    `figures` are those it was decided by, None while it is open. One that was not kept, or of which nothing can be
    said, waits for its lead until it is settled: taken up again (`settled_note` empty) or laid to rest with a reason.
    """

    id: int
    session_id: int
    agent_id: int
    agent: str
    lead_id: int
    lead: str
    skill: str
    behaviour: str
    measure: Measure
    since: datetime
    until: datetime
    state: State
    follows: int | None
    signed: bool
    decided_at: datetime | None
    figures: dict[str, Any] | None
    settled_at: datetime | None
    settled_note: str

    @property
    def returned(self) -> bool:
        """Whether it is back with the lead."""
        return self.state in ("not-kept", "unclear") and self.settled_at is None


def agree(
    store: Store, user: User, session_id: int, behaviour: str, measure: str, until: date, follows: int | None = None
) -> Action:
    """Writes an agreement into a talk that takes place; it lasts through the day `until`.

    One that `follows` another settles that. Raises NotFound, NotHeld, AlreadySigned, UnknownMeasure, BehaviourMissing,
    EndsTooEarly, EndsTooLate.
    """
    if not behaviour.strip():
        raise BehaviourMissing
    chosen = measures.parse(measure)
    with store.write() as db:
        session = sessions.writable(store, user, session_id)
        assert session.held_at is not None  # writable: it takes place
        end = datetime.combine(until, time(), store.settings.zone) + timedelta(days=1)
        _check_span(session.held_at, end)
        if follows is not None and get(store, user, follows).agent_id != session.agent_id:
            raise NotFound
        values = {
            "session_id": session_id,
            "agent_id": session.agent_id,
            "lead_id": user.id,
            "team_id": user.team_id,
            "skill": measures.skill_of(store, chosen),
            "behaviour": behaviour.strip()[:MOST_WORDS],
            "measure": chosen.key,
            "since": stamp(session.held_at),
            "until": stamp(end),
            "state": "open",
            "follows": follows,
        }
        action_id = int(str(db.table("actions").insert(values).last_pk))
        audit.record(store, user, "action.agree", f"action:{action_id}", session=session_id, measure=chosen.key)
        if follows is not None:
            _settle(store, user, follows, "")
        return get(store, user, action_id)


def withdraw(store: Store, user: User, action_id: int) -> None:
    """Takes an agreement out of a talk that is not signed. Raises NotFound, NotHeld, AlreadySigned."""
    with store.write() as db:
        action = get(store, user, action_id)
        sessions.writable(store, user, action.session_id)
        db.execute("UPDATE actions SET settled_by = NULL, settled_at = NULL WHERE id = ?", [action.follows])
        db.table("actions").delete(action_id)
        audit.record(store, user, "action.withdraw", f"action:{action_id}", session=action.session_id)


def rest(store: Store, user: User, action_id: int, why: str) -> Action:
    """The lead lays an agreement that came back to rest. Raises NotFound, NotDue, ReasonMissing."""
    if not why.strip():
        raise ReasonMissing
    with store.write():
        action = get(store, user, action_id)
        sessions.agent_of(store, user, action.agent_id, to_lead=True)
        if not action.returned:
            raise NotDue
        _settle(store, user, action_id, why)
        audit.record(store, user, "action.rest", f"action:{action_id}")
        return get(store, user, action_id)


def get(store: Store, user: User, action_id: int) -> Action:
    """Raises NotFound: no such agreement, or not for this user."""
    scope = access.coaching_of(user)
    known = f"{SELECT} WHERE x.id = :id AND {scope.where} AND {_READABLE}"
    row = store.row(known, {"id": action_id, "reader": user.id} | scope.parameters)
    if row is None:
        raise NotFound
    return action_from(row)


def of_agent(store: Store, user: User, agent_id: int, most: int = 50) -> tuple[Action, ...]:
    """Agreements with one agent, the latest first; for the agent those that the lead has signed. Raises NotFound."""
    sessions.agent_of(store, user, agent_id)
    rows = store.rows(
        f"{SELECT} WHERE x.agent_id = :agent AND {VALID} AND {_READABLE} ORDER BY x.id DESC LIMIT :most",
        {"agent": agent_id, "reader": user.id, "most": most},
    )
    return tuple(action_from(row) for row in rows)


def of_session(store: Store, session_id: int) -> tuple[Action, ...]:
    rows = store.rows(f"{SELECT} WHERE x.session_id = ? ORDER BY x.id", [session_id])
    return tuple(action_from(row) for row in rows)


SELECT = """
    SELECT x.id, x.session_id, x.agent_id, a.name AS agent, x.lead_id, l.name AS lead, x.skill, x.behaviour, x.measure,
           x.since, x.until, x.state, x.follows, s.lead_signed_at IS NOT NULL AS signed, x.decided_at, x.figures,
           x.settled_at, x.settled_note
    FROM actions x JOIN users a ON a.id = x.agent_id JOIN users l ON l.id = x.lead_id
         JOIN coaching_sessions s ON s.id = x.session_id
"""
VALID = "s.state <> 'cancelled'"
_READABLE = "(s.lead_signed_at IS NOT NULL OR x.agent_id <> :reader)"
"""Agents see what was agreed once their lead has signed it."""


def action_from(row: dict[str, Any]) -> Action:
    """A row of SELECT as an Action."""
    times = {name: moment(row[name]) if row[name] else None for name in ("since", "until", "decided_at", "settled_at")}
    figures = json.loads(row["figures"]) if row["figures"] else None
    read = {"measure": measures.parse(row["measure"]), "signed": bool(row["signed"]), "figures": figures}
    return Action(**row | times | read)


def _settle(store: Store, user: User, action_id: int, why: str) -> None:
    store.change(
        """UPDATE actions SET settled_by = ?, settled_at = ?, settled_note = ?
           WHERE id = ? AND state IN ('not-kept', 'unclear') AND settled_at IS NULL""",
        [user.id, stamp(), why.strip()[:MOST_WORDS], action_id],
    )


def _check_span(begins: datetime, ends: datetime) -> None:
    if ends <= begins:
        raise EndsTooEarly
    if ends - begins > LONGEST:
        raise EndsTooLate
