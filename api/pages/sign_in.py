"""Signing in and out, the start page, and the choice of language."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api import language, navigation
from api.context import COOKIE, SignedIn, StoreHere, Visitor
from api.errors import status_of
from api.render import page
from assist.errors import AccessDenied
from assist.people import sessions, users
from assist.texts import language_of

router = APIRouter()

_A_YEAR = 365 * 24 * 3600


@router.get("/")
def start(user: SignedIn) -> Response:
    return RedirectResponse(navigation.start(user), 303)


@router.get("/sign-in")
def form(request: Request, visitor: Visitor, next: str = "/") -> Response:
    if visitor:
        return RedirectResponse(inside(next), 303)
    return page(request, "sign_in.html", wrong="", login="", next=inside(next))


@router.post("/sign-in")
def sign_in(
    request: Request,
    store: StoreHere,
    login: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",
) -> Response:
    try:
        user = users.authenticate(store, login, password)
    except AccessDenied as error:
        wrong = error.text(language.language(request))
        return page(request, "sign_in.html", status=status_of(error), wrong=wrong, login=login, next=inside(next))
    token = sessions.start(store, user, request.headers.get("user-agent", ""))
    answer = RedirectResponse(inside(next), 303)
    set_session(request, answer, token)
    return answer


@router.post("/sign-out")
def sign_out(request: Request, store: StoreHere) -> Response:
    sessions.end(store, request.cookies.get(COOKIE))
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(COOKIE)
    return answer


@router.post("/language")
def choose_language(
    store: StoreHere,
    visitor: Visitor,
    wish: Annotated[str, Form(alias="language")],
    next: Annotated[str, Form()] = "/",
) -> Response:
    tag = language_of(wish)
    if visitor:
        users.set_language(store, visitor, tag)
    return remember(RedirectResponse(inside(next), 303), tag)


def remember(answer: Response, tag: str) -> Response:
    """The language also without a sign-in, on this device."""
    answer.set_cookie(language.COOKIE, tag, max_age=_A_YEAR, samesite="lax", httponly=True)
    return answer


def set_session(request: Request, answer: Response, token: str) -> None:
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=secure)


def inside(address: str) -> str:
    """`address` where it is a path of this site, the start page otherwise: a sign-in must not send people elsewhere."""
    plain = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if plain else "/"
