"""What handlers ask for: the store, the settings, the person who asks."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request

from api import doors
from api.errors import NotSignedIn, PasswordDue
from assist.config import Settings
from assist.desk import Desk
from assist.people import access, scopes, sessions, tokens
from assist.people.users import User
from assist.store import Store

Submit = Callable[[Store, int], None]
"""Puts a call into the work queue."""

COOKIE = "assist_session"

_WHILE_PASSWORD_DUE = ("/account", "/sign-out", "/language")


def store_of(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


def settings_of(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def submit_of(request: Request) -> Submit:
    submit: Submit = request.app.state.submit
    return submit


def visitor_of(request: Request) -> User | None:
    """Who asks, None where nobody signed in. A bearer token speaks for itself: the cookie is then not looked at."""
    store, bearer = store_of(request), None
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        bearer = tokens.bearer(store, token.strip()) if request.url.path.startswith("/api/") else None
        user = bearer.user if bearer else None
    else:
        user = sessions.user_of(store, request.cookies.get(COOKIE))
    request.state.user = user
    request.state.scopes = bearer.scopes if bearer else None
    return user


Visitor = Annotated[User | None, Depends(visitor_of)]


async def user_of(request: Request, visitor: Visitor) -> User:
    """Who asks. Raises NotSignedIn; PasswordDue where a new password comes first."""
    if visitor is None:
        raise NotSignedIn
    path = request.url.path
    if visitor.must_change and (not path.startswith(_WHILE_PASSWORD_DUE) or path.startswith("/account/tokens")):
        raise PasswordDue
    return visitor


async def enter(request: Request, visitor: Visitor) -> None:
    """What every route asks before anything else: its door. Raises NotSignedIn, PasswordDue, ScopeMissing, PersonOnly,
    AccessDenied."""
    door = doors.door_of(request.scope)
    if door.open:
        return
    user = await user_of(request, visitor)
    if request.state.scopes is not None:
        scopes.require(request.state.scopes, None if door.scope in ("", doors.PERSON) else door.scope)
    if door.right:
        access.require(user, door.right)


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


DeskHere = Annotated[Desk, Depends(desk_of)]
StoreHere = Annotated[Store, Depends(store_of)]
SettingsHere = Annotated[Settings, Depends(settings_of)]
SubmitHere = Annotated[Submit, Depends(submit_of)]
SignedIn = Annotated[User, Depends(user_of)]
