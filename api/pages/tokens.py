"""One's own tokens for machines: which there are, what each is for, a new one, ending one."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api.context import SignedIn, StoreHere
from api.errors import status_of
from api.forms import moment_of
from api.language import language
from api.render import page
from assist.errors import AssistError, NotFound, RequestError
from assist.people import tokens
from assist.people.scopes import ALL, SCOPES
from assist.people.users import User
from assist.store import Store
from assist.store.clock import now

router = APIRouter()

USUAL = timedelta(days=365)


@router.get("/account/tokens")
def show(request: Request, store: StoreHere, user: SignedIn) -> Response:
    return _show(request, store, user)


@router.post("/account/tokens")
def make(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    name: Annotated[str, Form(max_length=100)] = "",
    scope: Annotated[list[str] | None, Form()] = None,
    until: Annotated[str, Form()] = "",
) -> Response:
    """The token is in this answer and nowhere else. `until` is its last day."""
    last = moment_of(until)
    ends = last.replace(tzinfo=store.settings.zone) + timedelta(days=1) if last else None
    try:
        fresh = tokens.issue(store, user, name.strip(), scope or (), ends)
    except RequestError as error:
        return _show(request, store, user, error, typed={"name": name, "until": until, "scope": scope or []})
    return _show(request, store, user, fresh=fresh)


@router.post("/account/tokens/{token_id}/revoke")
def revoke(store: StoreHere, user: SignedIn, token_id: int) -> Response:
    if not tokens.revoke(store, user, token_id):
        raise NotFound
    return RedirectResponse("/account/tokens", 303)


def _show(
    request: Request,
    store: Store,
    user: User,
    error: AssistError | None = None,
    *,
    typed: dict[str, object] | None = None,
    fresh: str = "",
) -> Response:
    today = now().astimezone(store.settings.zone).date()
    return page(
        request,
        "tokens.html",
        status=status_of(error) if error else 200,
        tokens=tokens.listing(store, user),
        scopes=SCOPES,
        all=ALL,
        wrong=error.text(language(request)) if error else "",
        typed=typed or {"name": "", "until": (today + USUAL).isoformat(), "scope": []},
        today=today,
        fresh=fresh,
    )
