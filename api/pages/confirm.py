"""Showing again who one is, before a step that somebody at an open browser must not be able to take."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api.context import SignedIn, StoreHere
from api.errors import NotSignedIn, headers_of, status_of
from api.language import language
from api.pages.sign_in import inside, origin_of
from api.render import page
from assist.errors import AccessDenied, AssistError
from assist.people import identity, sessions, users
from assist.people.users import User
from assist.store import Store

router = APIRouter()


@router.get("/confirm")
def ask(request: Request, store: StoreHere, user: SignedIn, next: str = "/account") -> Response:
    return _show(request, store, user, next)


@router.post("/confirm")
def give(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/account",
) -> Response:
    if request.state.visit is None:
        raise NotSignedIn
    try:
        users.authenticate(store, user.login, password, origin_of(request))
    except AccessDenied as error:
        return _show(request, store, user, next, error)
    sessions.confirm(store, request.state.visit.id)
    return RedirectResponse(inside(next), 303)


def _show(request: Request, store: Store, user: User, next: str, error: AssistError | None = None) -> Response:
    answer = page(
        request,
        "confirm.html",
        status=status_of(error) if error else 200,
        wrong=error.text(language(request)) if error else "",
        next=inside(next),
        by_password=users.has_password(store, user) and users.may_use_password(store, user),
        by_company=identity.offered(store) and identity.linked(store, user),
        company_title=store.settings.oidc_title,
    )
    answer.headers.update(headers_of(error) if error else {})
    return answer
