"""One's own second factor: setting it up, recovery codes, turning it off."""

from typing import Annotated

import segno
from fastapi import APIRouter, Form, Request
from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from api.context import SignedIn, StoreHere
from api.errors import status_of
from api.language import language
from api.render import page
from assist.errors import AccessDenied, AssistError
from assist.people import second_factor, sessions
from assist.people.second_factor import Enrolment
from assist.people.users import User
from assist.store import Store

router = APIRouter()


@router.get("/account/second-factor")
def show(request: Request, store: StoreHere, user: SignedIn) -> Response:
    return _show(request, store, user)


@router.post("/account/second-factor/begin")
def begin(request: Request, store: StoreHere, user: SignedIn) -> Response:
    """The secret is in this answer, and in that to a wrong code, and nowhere else."""
    return _show(request, store, user, enrolment=second_factor.begin(store, user))


@router.post("/account/second-factor/on")
def turn_on(request: Request, store: StoreHere, user: SignedIn, code: Annotated[str, Form()] = "") -> Response:
    """Other devices are signed out: whoever is there signed in without it."""
    try:
        codes = second_factor.confirm(store, user, code)
    except second_factor.CodeRefused as error:
        return _show(request, store, user, error, enrolment=second_factor.begun(store, user))
    except AssistError as error:
        return _show(request, store, user, error)
    sessions.end_others(store, user, request.state.visit.id if request.state.visit else None)
    return _show(request, store, user, codes=codes)


@router.post("/account/second-factor/codes")
def renew_codes(request: Request, store: StoreHere, user: SignedIn) -> Response:
    return _show(request, store, user, codes=second_factor.renew_codes(store, user))


@router.post("/account/second-factor/off")
def turn_off(request: Request, store: StoreHere, user: SignedIn) -> Response:
    try:
        second_factor.turn_off(store, user)
    except AccessDenied as error:
        return _show(request, store, user, error)
    return RedirectResponse("/account/second-factor", 303)


def _show(
    request: Request,
    store: Store,
    user: User,
    error: AssistError | None = None,
    *,
    enrolment: Enrolment | None = None,
    codes: list[str] | None = None,
) -> Response:
    return page(
        request,
        "second_factor.html",
        status=status_of(error) if error else 200,
        factor=second_factor.of(store, user),
        due=user.role in second_factor.roles(store),
        enrolment=enrolment,
        picture=_picture(enrolment.uri) if enrolment else "",
        codes=codes or [],
        wrong=error.text(language(request)) if error else "",
    )


def _picture(uri: str) -> Markup:
    """The QR code as SVG, made here: an address in an `img` would hold the secret."""
    return Markup(segno.make(uri, error="m").svg_inline(border=4, dark="#000", light="#fff", omitsize=True))  # noqa: S704
