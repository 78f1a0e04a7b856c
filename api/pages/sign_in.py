"""Signing in and out, the start page, and the choice of language."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api import cookies, language, navigation
from api.context import SignedIn, StoreHere, Visitor
from api.errors import headers_of, status_of
from api.render import page
from assist.errors import AccessDenied, AssistError
from assist.people import devices, identity, second_factor, sessions, steps, users
from assist.people.lockout import Origin
from assist.people.users import User
from assist.store import Store
from assist.texts import language_of

router = APIRouter()

_STEP_SECONDS = int(steps.LASTS.total_seconds())


@router.get("/")
def start(user: SignedIn) -> Response:
    return RedirectResponse(navigation.start(user), 303)


@router.get("/sign-in")
def form(request: Request, store: StoreHere, visitor: Visitor, next: str = "/", local: bool = False) -> Response:
    if visitor:
        return RedirectResponse(inside(next), 303)
    return show(request, store, next=next, local=local)


@router.post("/sign-in")
def sign_in(
    request: Request,
    store: StoreHere,
    login: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",
) -> Response:
    try:
        user = users.authenticate(store, login, password, origin_of(request))
    except AccessDenied as error:
        return show(request, store, error, login=login, next=next, local=True)
    if not second_factor.of(store, user).on:
        return enter(request, store, user, next)
    answer = RedirectResponse(f"/sign-in/code?next={quote(inside(next))}", 303)
    cookies.put(request, answer, cookies.STEP, steps.begin(store, user), _STEP_SECONDS)
    return answer


@router.get("/sign-in/code")
def ask_code(request: Request, store: StoreHere, next: str = "/") -> Response:
    try:
        steps.user_of(store, cookies.read(request, cookies.STEP))
    except steps.StepOver:
        return RedirectResponse(f"/sign-in?next={quote(inside(next))}", 303)
    return page(request, "sign_in_code.html", wrong="", next=inside(next))


@router.post("/sign-in/code")
def give_code(
    request: Request,
    store: StoreHere,
    code: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",
) -> Response:
    """A code of the app, or one of the recovery codes."""
    try:
        user = steps.finish(store, cookies.read(request, cookies.STEP), code, origin_of(request))
    except steps.StepOver as error:
        return show(request, store, error, next=next)
    except AccessDenied as error:
        wrong = error.text(language.language(request))
        answer: Response = page(request, "sign_in_code.html", status=status_of(error), wrong=wrong, next=inside(next))
        answer.headers.update(headers_of(error))
        return answer
    return enter(request, store, user, next)


@router.post("/sign-out")
def sign_out(request: Request, store: StoreHere) -> Response:
    sessions.end(store, cookies.read(request, cookies.SESSION))
    answer = RedirectResponse("/sign-in", 303)
    cookies.drop(request, answer, cookies.SESSION)
    return answer


@router.post("/language")
def choose_language(
    request: Request,
    store: StoreHere,
    visitor: Visitor,
    wish: Annotated[str, Form(alias="language")],
    next: Annotated[str, Form()] = "/",
) -> Response:
    """Also without a sign-in, on this device."""
    tag = language_of(wish)
    if visitor:
        users.set_language(store, visitor, tag)
    answer = RedirectResponse(inside(next), 303)
    cookies.remember(request, answer, language.COOKIE, tag)
    return answer


def show(
    request: Request,
    store: Store,
    error: AssistError | None = None,
    *,
    login: str = "",
    next: str = "/",
    local: bool = False,
) -> Response:
    """The page to sign in on. `local` shows name and password also where the company's sign-in is the only one."""
    answer = page(
        request,
        "sign_in.html",
        status=status_of(error) if error else 200,
        wrong=error.text(language.language(request)) if error else "",
        login=login,
        next=inside(next),
        company=identity.offered(store),
        company_title=store.settings.oidc_title,
        local=local or store.settings.local_sign_in or not identity.offered(store),
    )
    answer.headers.update(headers_of(error) if error else {})
    return answer


def enter(request: Request, store: Store, user: User, next: str, method: str = "password") -> Response:
    """Lets somebody in who showed who they are: a new session, and what this browser held before ends."""
    sessions.end(store, cookies.read(request, cookies.SESSION))
    answer = RedirectResponse(inside(next), 303)
    set_session(request, answer, begin(request, store, user, method))
    device = devices.remember(store, cookies.read(request, cookies.DEVICE), user.id)
    cookies.put(request, answer, cookies.DEVICE, device, int(devices.KEPT.total_seconds()))
    cookies.drop(request, answer, cookies.STEP)
    return answer


def begin(request: Request, store: Store, user: User, method: str = "password") -> str:
    """The token of a new session of this browser."""
    device, address = request.headers.get("user-agent", ""), origin_of(request).address
    return sessions.start(store, user, device, address=address, method=method)


def set_session(request: Request, answer: Response, token: str) -> None:
    cookies.put(request, answer, cookies.SESSION, token)


def origin_of(request: Request) -> Origin:
    """From where somebody tries. Behind a proxy it is the browser's address where ASSIST_TRUSTED_PROXIES names it."""
    return Origin(request.client.host if request.client else "", cookies.read(request, cookies.DEVICE))


def inside(address: str) -> str:
    """`address` where it is a path of this site, the start page otherwise: a sign-in must not send people elsewhere."""
    plain = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if plain else "/"
