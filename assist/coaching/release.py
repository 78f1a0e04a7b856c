"""Calls are released to their agents: one, all that fit a filter, or those that a signed session was about."""

import json
from collections.abc import Sequence
from dataclasses import replace

from assist.calls import listing
from assist.calls.listing import Filters, Page
from assist.coaching.measures import Reading
from assist.errors import NotFound
from assist.people import access, audit
from assist.people.users import User
from assist.store import Store
from assist.store.clock import stamp

_RELEASE = "UPDATE calls AS c SET held = 0, released_at = :at, released_by = :by WHERE c.held = 1 AND "


def waiting(store: Store, user: User, filters: Filters | None = None) -> Page:
    """The calls that wait for the user to release them, the latest first. Raises AccessDenied."""
    access.require(user, "call.release")
    return listing.listing(store, user, _judged(filters))


def release(store: Store, user: User, call_id: int) -> bool:
    """Whether the call was still held. Raises AccessDenied, NotFound."""
    access.require(user, "call.release")
    scope = access.calls_of(user)
    with store.write() as db:
        known = {"id": call_id} | scope.parameters
        if not store.value(f"SELECT 1 FROM calls c WHERE c.id = :id AND {scope.where}", known):
            raise NotFound
        done = db.execute(_RELEASE + "c.id = :id", {"id": call_id, "at": stamp(), "by": user.id}).rowcount
        if done:
            audit.record(store, user, "call.release", f"call:{call_id}")
        return bool(done)


def release_all(store: Store, user: User, filters: Filters | None = None) -> int:
    """Releases what `waiting` lists, all pages of it; how many. Raises AccessDenied."""
    access.require(user, "call.release")
    where, parameters = listing.where(user, _judged(filters))
    with store.write() as db:
        done = db.execute(_RELEASE + where, parameters | {"at": stamp(), "by": user.id}).rowcount
        if done:
            audit.record(store, user, "call.release-all", f"user:{user.id}", calls=done)
        return int(done)


def with_session(store: Store, user: User, agent_id: int, call_ids: Sequence[int]) -> int:
    """Releases the calls that a signed session with an agent was about; how many were held. Raises AccessDenied."""
    access.require(user, "call.release")
    scope = access.calls_of(user)
    marks = ",".join(str(int(one)) for one in call_ids) or "NULL"
    values = {"agent": agent_id, "at": stamp(), "by": user.id} | scope.parameters
    with store.write() as db:
        done = db.execute(f"{_RELEASE} c.agent_id = :agent AND c.id IN ({marks}) AND {scope.where}", values).rowcount
        if done:
            audit.record(store, user, "call.release-all", f"user:{agent_id}", calls=done)
        return int(done)


def readable(store: Store, user: User, found: Sequence[Reading]) -> tuple[Reading, ...]:
    """Those of an agent's measured calls that the user may read."""
    if access.may_read(user, held=True):
        return tuple(found)
    asked = json.dumps([one.call_id for one in found])
    rows = store.rows("SELECT id FROM calls WHERE held = 1 AND id IN (SELECT value FROM json_each(?))", [asked])
    held = {row["id"] for row in rows}
    return tuple(one for one in found if one.call_id not in held)


def _judged(filters: Filters | None) -> Filters:
    return replace(filters or Filters(), state="ready", held=True)
