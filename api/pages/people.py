"""For administrators: who signs in."""

import secrets
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api.context import SignedIn, StoreHere
from api.errors import status_of
from api.language import language
from api.render import page
from assist.errors import AssistError, Conflict, InputError
from assist.people import access, audit, users
from assist.store import Store
from assist.texts import N_, translate

router = APIRouter()


@router.get("/people")
def people(request: Request, store: StoreHere, user: SignedIn) -> Response:
    access.require(user, "people.manage")
    added = request.query_params.get("added", "")
    if not added.isdecimal():
        return _people(request, store)
    person = users.get(store, int(added))
    told = translate(N_("%(name)s can sign in now as %(login)s."), language(request))
    return _people(request, store, done=told % {"name": person.name, "login": person.login})


@router.post("/people")
def add(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    name: Annotated[str, Form()] = "",
    login: Annotated[str, Form()] = "",
    role: Annotated[str, Form()] = "agent",
    team: Annotated[str, Form()] = "",
    joined_on: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
) -> Response:
    access.require(user, "people.manage")
    try:
        made = users.create(
            store, login, name, role, password, team=team.strip() or None, joined_on=_date(joined_on), must_change=True
        )
    except (InputError, Conflict) as error:
        typed = {"name": name, "login": login, "role": role, "team": team, "joined_on": joined_on}
        return _people(request, store, error, typed)
    audit.record(store, user, "people.add", f"user:{made.id}", login=made.login, role=made.role)
    return RedirectResponse(f"/people?added={made.id}", 303)


@router.post("/people/{user_id}/active")
def set_active(store: StoreHere, user: SignedIn, user_id: int, active: Annotated[str, Form()]) -> Response:
    """Nobody disables themselves: the last administrator would lock everybody out."""
    access.require(user, "people.manage")
    if user_id != user.id:
        users.set_active(store, users.get(store, user_id), active == "1")
        audit.record(store, user, "people.active", f"user:{user_id}", active=active == "1")
    return RedirectResponse("/people", 303)


@router.post("/people/{user_id}/password")
def reset_password(request: Request, store: StoreHere, user: SignedIn, user_id: int) -> Response:
    """A password for the next sign-in, shown to the administrator this once; the person then chooses another."""
    access.require(user, "people.manage")
    person, password = users.get(store, user_id), secrets.token_urlsafe(9)
    users.change_password(store, person, password, must_change=True)
    audit.record(store, user, "people.password", f"user:{user_id}")
    told = translate(N_("Give %(name)s this password for the next sign-in: %(password)s"), language(request))
    return _people(request, store, done=told % {"name": person.name, "password": password})


def _people(
    request: Request,
    store: Store,
    error: AssistError | None = None,
    typed: dict[str, str] | None = None,
    done: str = "",
) -> Response:
    tag = language(request)
    return page(
        request,
        "people.html",
        status=status_of(error) if error else 200,
        people=users.listing(store),
        teams=users.teams(store),
        wrong=error.text(tag) if error else "",
        done=done,
        typed=typed or {},
    )


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
