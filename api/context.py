"""What handlers ask for: the store, the settings, the person who asks."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request

from api import cookies, doors
from api.errors import ConfirmDue, NotSignedIn, PasswordDue, SecondFactorDue
from assist.config import Settings
from assist.desk import Desk
from assist.people import access, scopes, sessions, tokens
from assist.people.users import User
from assist.store import Store

Submit = Callable[[Store, int], None]
"""Puts a call into the work queue."""

COOKIE = cookies.SESSION

_WHILE_DUE = ("/account", "/account/password", "/account/theme", "/account/identity", "/confirm", "/confirm/identity")
_WHILE_DUE += ("/sign-out", "/language", "/sign-in/identity/back")
"""What is open to somebody who has to choose a password, or set up a second factor, first."""

CONFIRMED = frozenset(
    {
        ("POST", "/account/tokens"),
        ("POST", "/api/me/tokens"),
        ("POST", "/account/second-factor/begin"),
        ("POST", "/account/second-factor/codes"),
        ("POST", "/account/second-factor/off"),
        ("GET", "/account/identity"),
        ("POST", "/people"),
        ("POST", "/api/people"),
        ("POST", "/api/privacy/deletions"),
        ("POST", "/api/privacy/hand-outs"),
        ("POST", "/privacy/hand-out"),
        ("POST", "/people/{user_id}/password"),
        ("POST", "/people/{user_id}/place"),
        ("POST", "/people/{user_id}/second-factor"),
        ("POST", "/people/sign-in/roles"),
        ("PUT", "/api/sign-in/second-factor-roles"),
        ("DELETE", "/api/people/{user_id}/second-factor"),
    }
)
"""Routes that want the password again when it was last given a while ago: whoever finds an open browser must not be
able to stay."""

_FACTOR = "/account/second-factor"


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
    store, bearer, visit = store_of(request), None, None
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        bearer = tokens.bearer(store, token.strip()) if request.url.path.startswith("/api/") else None
        user = bearer.user if bearer else None
    else:
        visit = sessions.visit_of(store, cookies.read(request, COOKIE))
        user = visit.user if visit else None
    request.state.user, request.state.visit = user, visit
    request.state.scopes = bearer.scopes if bearer else None
    return user


Visitor = Annotated[User | None, Depends(visitor_of)]


async def user_of(request: Request, visitor: Visitor) -> User:
    """Who asks. Raises NotSignedIn; PasswordDue and SecondFactorDue where these come first."""
    if visitor is None:
        raise NotSignedIn
    visit, path = request.state.visit, request.url.path
    by_password = visit is None or visit.method == "password"
    if visitor.must_change and by_password and path not in _WHILE_DUE:
        raise PasswordDue
    if visit and visit.enrol and path not in _WHILE_DUE and not path.startswith(_FACTOR):
        raise SecondFactorDue
    return visitor


async def enter(request: Request, visitor: Visitor) -> None:
    """What every route asks before anything else: its door. Raises NotSignedIn, PasswordDue, SecondFactorDue,
    ScopeMissing, PersonOnly, AccessDenied, ConfirmDue."""
    door = doors.door_of(request.scope)
    if door.open:
        return
    user = await user_of(request, visitor)
    if request.state.scopes is not None:
        scopes.require(request.state.scopes, None if door.scope in ("", doors.PERSON) else door.scope)
    if door.right:
        access.require(user, door.right)
    if (request.method, doors.template(request.scope)) in CONFIRMED and not _confirmed(request):
        raise ConfirmDue


def _confirmed(request: Request) -> bool:
    """Whether the person showed lately who they are. A machine's token was made by somebody who had."""
    return request.state.visit is None or bool(request.state.visit.confirmed)


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


DeskHere = Annotated[Desk, Depends(desk_of)]
StoreHere = Annotated[Store, Depends(store_of)]
SettingsHere = Annotated[Settings, Depends(settings_of)]
SubmitHere = Annotated[Submit, Depends(submit_of)]
SignedIn = Annotated[User, Depends(user_of)]
