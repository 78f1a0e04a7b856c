"""Where people are signed in, who has to wait, and who needs a second factor."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import Field

from api.context import SignedIn, StoreHere
from api.routes.schemas import Schema
from assist.errors import NotFound
from assist.people import access, lockout, second_factor, sessions, users
from assist.people.users import Role
from assist.store import Store

router = APIRouter()


class SessionOut(Schema):
    """`method` is password or oidc (the company's own sign-in); `here` is the session that asks."""

    id: int
    device: str
    address: str
    method: str
    started_at: datetime
    seen_at: datetime
    here: bool = False


class WaitOut(Schema):
    """`kind` is pair (an address at a name), device (a browser known to the person), code (the second factor), login (a
    name from everywhere) or address; `login` is empty where nobody has the name."""

    id: int
    kind: str
    login: str
    address: str
    failures: int
    until: datetime


class Ended(Schema):
    """How many sessions there were."""

    ended: int


class FactorOut(Schema):
    """`since` null: there is none. `required`: the role asks for it."""

    since: datetime | None
    codes_left: int
    required: bool


class RolesNeeding(Schema):
    """Roles that nobody uses without a second factor."""

    roles: Annotated[list[Role], Field(max_length=4)]


@router.get("/me/sessions")
def list_own_sessions(request: Request, store: StoreHere, user: SignedIn) -> list[SessionOut]:
    """The latest first."""
    here = request.state.visit.id if request.state.visit else None
    return [_session(one, here) for one in sessions.listing(store, user)]


@router.delete("/me/sessions")
def end_other_sessions(request: Request, store: StoreHere, user: SignedIn) -> Ended:
    """Ends all of your sessions but the one that asks."""
    here = request.state.visit.id if request.state.visit else None
    return Ended(ended=sessions.end_others(store, user, here))


@router.delete("/me/sessions/{session_id}", status_code=204)
def end_own_session(store: StoreHere, user: SignedIn, session_id: int) -> None:
    """Ends a session of your own."""
    if not sessions.end_one(store, user, session_id):
        raise NotFound


@router.get("/me/second-factor")
def get_own_factor(store: StoreHere, user: SignedIn) -> FactorOut:
    """Your own; it is set up on the page of your account."""
    return _factor(store, user)


@router.get("/people/{user_id}/sessions")
def list_sessions_of_person(store: StoreHere, user: SignedIn, user_id: int) -> list[SessionOut]:
    """Where somebody is signed in, the latest first."""
    access.require(user, "people.manage")
    return [_session(one) for one in sessions.listing(store, users.get(store, user_id))]


@router.delete("/people/{user_id}/sessions")
def end_sessions_of_person(store: StoreHere, user: SignedIn, user_id: int) -> Ended:
    """Signs somebody out everywhere."""
    access.require(user, "people.manage")
    return Ended(ended=sessions.end_by(store, user, users.get(store, user_id)))


@router.get("/people/{user_id}/second-factor")
def get_factor_of(store: StoreHere, user: SignedIn, user_id: int) -> FactorOut:
    access.require(user, "people.manage")
    return _factor(store, users.get(store, user_id))


@router.delete("/people/{user_id}/second-factor", status_code=204)
def reset_factor_of(store: StoreHere, user: SignedIn, user_id: int) -> None:
    """For somebody who lost phone and recovery codes; signs them out everywhere."""
    access.require(user, "people.manage")
    second_factor.reset(store, user, users.get(store, user_id))


@router.get("/sign-in/waits")
def list_waits(store: StoreHere, user: SignedIn) -> list[WaitOut]:
    """Who must wait after wrong passwords, the longest first, at most 100."""
    access.require(user, "people.manage")
    return [WaitOut.model_validate(one) for one in lockout.waiting(store)]


@router.delete("/sign-in/waits/{wait_id}", status_code=204)
def lift_wait(store: StoreHere, user: SignedIn, wait_id: int) -> None:
    access.require(user, "people.manage")
    if not lockout.lift(store, user, wait_id):
        raise NotFound


@router.get("/sign-in/second-factor-roles")
def get_roles_needing(store: StoreHere, user: SignedIn) -> RolesNeeding:
    access.require(user, "people.manage")
    return RolesNeeding(roles=list(second_factor.roles(store)))


@router.put("/sign-in/second-factor-roles")
def set_roles_needing(store: StoreHere, user: SignedIn, given: RolesNeeding) -> RolesNeeding:
    """People of these roles set one up when they come next; machine tokens stay as they are."""
    access.require(user, "people.manage")
    second_factor.require_for(store, user, given.roles)
    return RolesNeeding(roles=list(second_factor.roles(store)))


def _session(one: sessions.Session, here: int | None = None) -> SessionOut:
    found = SessionOut.model_validate(one)
    return found.model_copy(update={"here": one.id == here})


def _factor(store: Store, user: users.User) -> FactorOut:
    found = second_factor.of(store, user)
    required = user.role in second_factor.roles(store)
    return FactorOut(since=found.since, codes_left=found.codes_left, required=required)
