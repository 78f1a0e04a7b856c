"""The company's own sign-in: going there, coming back, linking one's account, showing again who one is."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api import cookies
from api.context import SignedIn, StoreHere, Visitor
from api.errors import respond
from api.pages.sign_in import enter, inside, show
from api.security import from_elsewhere
from assist.errors import AssistError, NotFound
from assist.people import identity, sessions
from assist.people.identity import Arrived, Purpose
from assist.people.provider import ProviderRefused
from assist.people.users import User
from assist.store import Store

router = APIRouter()

_BACK = "/sign-in/identity/back"


@router.get("/sign-in/identity")
def sign_in(request: Request, store: StoreHere, next: str = "/") -> Response:
    try:
        return _go(request, store, "sign-in", None, next)
    except AssistError as error:
        return show(request, store, error, next=next)


@router.get(_BACK)
def back(
    request: Request,
    store: StoreHere,
    visitor: Visitor,
    state: str = "",
    code: str = "",
    iss: str | None = None,
    error: str = "",
) -> Response:
    """What the browser brings back. The code is used at once and with what only this server knows."""
    try:
        if error or not code:
            raise ProviderRefused(reason=error[:40] if error.isidentifier() else "code")
        browser = cookies.read(request, cookies.FLOW)
        arrived = identity.finish(store, _redirect(request, store), browser, state, code, iss)
        answer = _arrive(request, store, arrived)
    except AssistError as problem:
        answer = respond(request, problem) if visitor else show(request, store, problem)
    cookies.drop(request, answer, cookies.FLOW)
    return answer


@router.get("/account/identity")
def go_and_link(request: Request, store: StoreHere, user: SignedIn) -> Response:
    """A link, not a form: the policy lets no form lead to another site."""
    return _go_from_here(request, store, "link", user, "/account")


@router.get("/confirm/identity")
def go_and_confirm(request: Request, store: StoreHere, user: SignedIn, next: str = "/") -> Response:
    return _go_from_here(request, store, "confirm", user, next)


def _go_from_here(request: Request, store: Store, purpose: Purpose, user: User, next: str) -> Response:
    """Raises NotFound where another site sent the browser here."""
    if from_elsewhere(request.headers):
        raise NotFound
    return _go(request, store, purpose, user, next)


def _go(request: Request, store: Store, purpose: Purpose, user: User | None, next: str) -> Response:
    if not identity.offered(store):
        raise NotFound
    begun = identity.begin(store, _redirect(request, store), purpose, user=user, onward=inside(next))
    answer = RedirectResponse(begun.address, 303)
    cookies.put(request, answer, cookies.FLOW, begun.browser, int(identity.LASTS.total_seconds()))
    return answer


def _arrive(request: Request, store: Store, arrived: Arrived) -> Response:
    if arrived.purpose == "sign-in":
        return enter(request, store, arrived.user, arrived.onward, "oidc")
    visit = sessions.visit_of(store, cookies.read(request, cookies.SESSION))
    if visit is None or visit.user.id != arrived.user.id:
        raise identity.SomebodyElse
    if arrived.purpose == "confirm":
        sessions.confirm(store, visit.id)
    return RedirectResponse(inside(arrived.onward), 303)


def _redirect(request: Request, store: Store) -> str:
    base = store.settings.public_url or str(request.base_url)
    return base.rstrip("/") + _BACK
