"""What handlers ask for: the store, the settings, the person who asks."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request

from api.errors import NotSignedIn, PasswordDue
from assist.config import Settings
from assist.desk import Desk
from assist.people import sessions, tokens
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
    store = store_of(request)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        user = tokens.user_of(store, token.strip()) if request.url.path.startswith("/api/") else None
    else:
        user = sessions.user_of(store, request.cookies.get(COOKIE))
    request.state.user = user
    return user


def user_of(request: Request) -> User:
    """Who asks. Raises NotSignedIn; PasswordDue where a new password comes first."""
    user = visitor_of(request)
    if user is None:
        raise NotSignedIn
    if user.must_change and not request.url.path.startswith(_WHILE_PASSWORD_DUE):
        raise PasswordDue
    return user


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


DeskHere = Annotated[Desk, Depends(desk_of)]
StoreHere = Annotated[Store, Depends(store_of)]
SettingsHere = Annotated[Settings, Depends(settings_of)]
SubmitHere = Annotated[Submit, Depends(submit_of)]
Visitor = Annotated[User | None, Depends(visitor_of)]
SignedIn = Annotated[User, Depends(user_of)]
