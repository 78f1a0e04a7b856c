"""For administrators: a person's sign-in, and what holds for everybody's."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api.context import SignedIn, StoreHere
from api.errors import status_of
from api.language import language
from api.render import page
from assist.errors import AssistError, RequestError
from assist.people import access, audit, identity, lockout, second_factor, sessions, users
from assist.people.users import ROLES, User
from assist.store import Store
from assist.texts import N_, translate

router = APIRouter()

_DONE = {
    "ended": N_("Signed out everywhere."),
    "placed": N_("Role and team are changed; the person has to sign in again."),
    "reset": N_("The second factor is reset; the person signs in with the password alone and sets it up anew."),
    "lifted": N_("Nobody waits for this name any longer."),
    "unlinked": N_("The company's account is unlinked."),
}


@router.get("/people/sign-in")
def rules(request: Request, store: StoreHere, user: SignedIn) -> Response:
    access.require(user, "people.manage")
    required = second_factor.roles(store)
    return page(
        request,
        "sign_in_rules.html",
        waits=lockout.waiting(store),
        roles=ROLES,
        required=required,
        without=second_factor.without(store) if required else 0,
        company=identity.offered(store),
        settings=store.settings,
        done=translate(N_("Saved."), language(request)) if "saved" in request.query_params else "",
    )


@router.post("/people/sign-in/roles")
def require_factor(store: StoreHere, user: SignedIn, role: Annotated[list[str] | None, Form()] = None) -> Response:
    access.require(user, "people.manage")
    second_factor.require_for(store, user, role or [])
    return RedirectResponse("/people/sign-in?saved", 303)


@router.post("/people/sign-in/waits/{wait_id}/lift")
def lift(store: StoreHere, user: SignedIn, wait_id: int) -> Response:
    access.require(user, "people.manage")
    lockout.lift(store, user, wait_id)
    return RedirectResponse("/people/sign-in", 303)


@router.get("/people/{user_id}")
def person(request: Request, store: StoreHere, user: SignedIn, user_id: int) -> Response:
    access.require(user, "people.manage")
    told = next((text for name, text in _DONE.items() if name in request.query_params), "")
    done = translate(told, language(request)) if told else ""
    return _show(request, store, users.get(store, user_id), done=done)


@router.post("/people/{user_id}/place")
def place(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    user_id: int,
    role: Annotated[str, Form()],
    team: Annotated[str, Form()] = "",
) -> Response:
    """Nobody takes the right to do this away from themselves: somebody has to keep it."""
    access.require(user, "people.manage")
    found = users.get(store, user_id)
    try:
        moved = users.move(store, found, role=found.role if user_id == user.id else role, team=team)
    except RequestError as error:
        return _show(request, store, found, error=error)
    audit.record(store, user, "people.place", f"user:{user_id}", role=moved.role, team=moved.team_id)
    return RedirectResponse(f"/people/{user_id}?placed", 303)


@router.post("/people/{user_id}/sessions/end")
def end_sessions(store: StoreHere, user: SignedIn, user_id: int) -> Response:
    access.require(user, "people.manage")
    sessions.end_by(store, user, users.get(store, user_id))
    return RedirectResponse(f"/people/{user_id}?ended", 303)


@router.post("/people/{user_id}/second-factor")
def reset_factor(store: StoreHere, user: SignedIn, user_id: int) -> Response:
    access.require(user, "people.manage")
    second_factor.reset(store, user, users.get(store, user_id))
    return RedirectResponse(f"/people/{user_id}?reset", 303)


@router.post("/people/{user_id}/waits/lift")
def lift_all(store: StoreHere, user: SignedIn, user_id: int) -> Response:
    access.require(user, "people.manage")
    found = users.get(store, user_id)
    lockout.forget(store, found.login)
    audit.record(store, user, "session.unlocked", f"user:{user_id}")
    return RedirectResponse(f"/people/{user_id}?lifted", 303)


@router.post("/people/{user_id}/identity/unlink")
def unlink(store: StoreHere, user: SignedIn, user_id: int) -> Response:
    access.require(user, "people.manage")
    identity.unlink(store, user, users.get(store, user_id))
    return RedirectResponse(f"/people/{user_id}?unlinked", 303)


def _show(request: Request, store: Store, found: User, *, error: AssistError | None = None, done: str = "") -> Response:
    return page(
        request,
        "person.html",
        status=status_of(error) if error else 200,
        person=found,
        teams=users.teams(store),
        sessions=sessions.listing(store, found),
        factor=second_factor.of(store, found),
        factor_due=found.role in second_factor.roles(store),
        waits=lockout.waiting_for(store, found.login),
        linked=identity.offered(store) and identity.linked(store, found),
        wrong=error.text(language(request)) if error else "",
        done=done,
    )
