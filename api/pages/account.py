"""One's own account: look, password, second factor, where one is signed in."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api import cookies
from api.context import SignedIn, StoreHere
from api.errors import headers_of, status_of
from api.language import language
from api.pages.sign_in import begin, origin_of, set_session
from api.render import THEME_COOKIE, THEMES, page
from assist.errors import AccessDenied, AssistError, RequestError
from assist.people import identity, second_factor, sessions, tokens, users
from assist.people.passwords import SHORTEST, SHORTEST_ADMIN
from assist.people.users import User
from assist.store import Store
from assist.texts import N_, translate

router = APIRouter()

_DONE = {
    "changed": N_("The password is changed."),
    "ended": N_("You are signed out everywhere else."),
}


@router.get("/account")
def show(request: Request, store: StoreHere, user: SignedIn) -> Response:
    told = next((text for name, text in _DONE.items() if name in request.query_params), "")
    return _show(request, store, user, done=translate(told, language(request)) if told else "")


@router.post("/account/theme")
def choose_theme(request: Request, user: SignedIn, theme: Annotated[str, Form()]) -> Response:
    answer = RedirectResponse("/account", 303)
    cookies.remember(request, answer, THEME_COOKIE, theme if theme in THEMES else "auto")
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
        users.authenticate(store, user.login, now, origin_of(request))
        users.change_password(store, user, new, by=user)
    except (AccessDenied, RequestError) as error:
        return _show(request, store, user, error)
    answer = RedirectResponse("/account?changed", 303)
    set_session(request, answer, begin(request, store, user))
    return answer


@router.post("/account/sessions/others/end")
def end_others(request: Request, store: StoreHere, user: SignedIn) -> Response:
    sessions.end_others(store, user, _session_id(request))
    return RedirectResponse("/account?ended", 303)


@router.post("/account/sessions/{session_id}/end")
def end_session(store: StoreHere, user: SignedIn, session_id: int) -> Response:
    sessions.end_one(store, user, session_id)
    return RedirectResponse("/account", 303)


def _session_id(request: Request) -> int | None:
    return request.state.visit.id if request.state.visit else None


def _show(request: Request, store: Store, user: User, error: AssistError | None = None, *, done: str = "") -> Response:
    answer = page(
        request,
        "account.html",
        status=status_of(error) if error else 200,
        sessions=sessions.listing(store, user),
        here=_session_id(request),
        factor=second_factor.of(store, user),
        factor_due=user.role in second_factor.roles(store),
        company=identity.offered(store),
        linked=identity.offered(store) and identity.linked(store, user),
        by_password=users.has_password(store, user),
        shortest=SHORTEST_ADMIN if user.role == "admin" else SHORTEST,
        tokens=[one for one in tokens.listing(store, user) if not one.expired],
        wrong=error.text(language(request)) if error else "",
        done=done,
    )
    answer.headers.update(headers_of(error) if error else {})
    return answer
