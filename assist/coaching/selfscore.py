"""Judge my own call first: the agent scores the skills before seeing what the machine says, and names one strength and
one thing to change. Nobody else sees it unless the agent shares it with the lead."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assist.analysis.findings import SKILLS, Skill
from assist.analysis.scale import STEPS
from assist.calls import calls
from assist.calls.calls import Call
from assist.coaching.judged import NotJudgedYet
from assist.coaching.verdicts import LONGEST
from assist.errors import AccessDenied, Conflict, RequestError
from assist.people import access, audit
from assist.people.users import User
from assist.store import Store
from assist.store.clock import moment, stamp
from assist.texts import N_


class ScoredBefore(Conflict):
    message = N_("You have judged this call already. What you thought before seeing the scores is kept as it was.")


class NotAStep(RequestError):
    message = N_("Give every skill a step from 1 to 5, or say that there was no occasion.")


class TwoThingsMissing(RequestError):
    message = N_("Name one thing that went well and one that you would do differently, in a few words each.")


@dataclass(frozen=True, slots=True)
class SelfScore:
    """`steps` 1–5 by skill, None where the agent saw no occasion. `shared_at` None: for the agent alone."""

    call_id: int
    agent_id: int
    agent: str
    steps: Mapping[Skill, int | None]
    strength: str
    change: str
    made_at: datetime
    shared_at: datetime | None


def save(
    store: Store, user: User, call_id: int, steps: Mapping[str, int | None], strength: str, change: str
) -> SelfScore:
    """Keeps what the agent thinks of their own released call; it cannot be changed after the scores were seen.

    Raises NotFound, AccessDenied, NotJudgedYet, NotAStep, TwoThingsMissing, ScoredBefore.
    """
    call = own_call(store, user, call_id)
    if set(steps) != set(SKILLS) or any(
        step is not None and step not in range(1, STEPS + 1) for step in steps.values()
    ):
        raise NotAStep
    if not strength.strip() or not change.strip():
        raise TwoThingsMissing
    with store.write() as db:
        if _row(store, call.id, user.id):
            raise ScoredBefore
        values = [call.id, user.id, json.dumps(dict(steps)), strength.strip()[:LONGEST], change.strip()[:LONGEST]]
        db.execute(
            """INSERT INTO self_scores (call_id, agent_id, steps, strength, change, made_at)
               VALUES (?, ?, ?, ?, ?, ?)""",
            [*values, stamp()],
        )
    return _told(store, call.id, user.id)


def share(store: Store, user: User, call_id: int, shared: bool = True) -> SelfScore:
    """Shows it to the lead, or hides it again. Raises NotFound, AccessDenied, NotJudgedYet."""
    call = own_call(store, user, call_id)
    with store.write() as db:
        at = stamp() if shared else None
        done = db.execute(
            "UPDATE self_scores SET shared_at = ? WHERE call_id = ? AND agent_id = ?", [at, call.id, user.id]
        ).rowcount
        if not done:
            raise AccessDenied
        audit.record(store, user, "self-score.share" if shared else "self-score.hide", f"call:{call.id}")
    return _told(store, call.id, user.id)


def of_call(store: Store, user: User, call: Call) -> SelfScore | None:
    """The agent's own score of a call that the user may read: for the agent, and for others once it is shared."""
    if call.agent_id is None:
        return None
    row = _row(store, call.id, call.agent_id)
    if row is None or (user.id != call.agent_id and row["shared_at"] is None):
        return None
    return _from(row)


def own_call(store: Store, user: User, call_id: int) -> Call:
    """A judged, released call of the user's own. Raises NotFound, AccessDenied, NotJudgedYet."""
    call = calls.get(store, user, call_id)
    access.require(user, "call.self-score")
    if call.agent_id != user.id:
        raise AccessDenied
    if call.state != "ready":
        raise NotJudgedYet
    return call


def _told(store: Store, call_id: int, agent_id: int) -> SelfScore:
    row = _row(store, call_id, agent_id)
    assert row is not None
    return _from(row)


def _row(store: Store, call_id: int, agent_id: int) -> dict[str, Any] | None:
    return store.row(
        """SELECT s.call_id, s.agent_id, u.name AS agent, s.steps, s.strength, s.change, s.made_at, s.shared_at
           FROM self_scores s JOIN users u ON u.id = s.agent_id WHERE s.call_id = ? AND s.agent_id = ?""",
        [call_id, agent_id],
    )


def _from(row: dict[str, Any]) -> SelfScore:
    shared = moment(row["shared_at"]) if row["shared_at"] else None
    times = {"made_at": moment(row["made_at"]), "shared_at": shared}
    return SelfScore(**row | times | {"steps": json.loads(row["steps"])})
