"""One's own account: look, password, sessions."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api.context import SignedIn, StoreHere
from api.errors import status_of
from api.language import language
from api.pages.sign_in import set_session
from api.render import THEME_COOKIE, THEMES, page
from assist.errors import AccessDenied, AssistError, RequestError
from assist.people import sessions, tokens, users
from assist.people.users import User
from assist.store import Store
from assist.texts import N_, translate

router = APIRouter()

_A_YEAR = 365 * 24 * 3600


@router.get("/account")
def show(request: Request, store: StoreHere, user: SignedIn) -> Response:
    done = translate(N_("The password is changed."), language(request)) if "changed" in request.query_params else ""
    return _show(request, store, user, done=done)


@router.post("/account/theme")
def choose_theme(user: SignedIn, theme: Annotated[str, Form()]) -> Response:
    answer = RedirectResponse("/account", 303)
    answer.set_cookie(
        THEME_COOKIE, theme if theme in THEMES else "auto", max_age=_A_YEAR, samesite="lax", httponly=True
    )
    return answer


@router.post("/account/password")
def change_password(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    now: Annotated[str, Form()] = "",
    new: Annotated[str, Form()] = "",
) -> Response:
    """Ends all sessions; the device at hand gets a new one."""
    try:
        users.authenticate(store, user.login, now)
        users.change_password(store, user, new)
    except (AccessDenied, RequestError) as error:
        return _show(request, store, user, error)
    answer = RedirectResponse("/account?changed", 303)
    set_session(request, answer, sessions.start(store, user, request.headers.get("user-agent", "")))
    return answer


@router.post("/account/sessions/{session_id}/end")
def end_session(store: StoreHere, user: SignedIn, session_id: int) -> Response:
    sessions.end_one(store, user, session_id)
    return RedirectResponse("/account", 303)


def _show(
    request: Request,
    store: Store,
    user: User,
    error: AssistError | None = None,
    *,
    done: str = "",
) -> Response:
    return page(
        request,
        "account.html",
        status=status_of(error) if error else 200,
        sessions=sessions.listing(store, user),
        tokens=[one for one in tokens.listing(store, user) if not one.expired],
        wrong=error.text(language(request)) if error else "",
        done=done,
    )
