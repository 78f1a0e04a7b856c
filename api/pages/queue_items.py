"""One item of the queue: why it is there by which rules, and what can be done with it besides talking."""

from datetime import datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api.context import SignedIn, StoreHere
from api.errors import status_of
from api.language import language
from api.render import page
from api.views import queue as view
from assist.coaching import queue
from assist.errors import AssistError, InputError, NotFound
from assist.people.users import User
from assist.store import Store
from assist.store.clock import now

router = APIRouter()

Words = Annotated[str, Form(max_length=1000)]
USUAL_DAYS = 7


@router.get("/queue/items/{call_id}")
def show(request: Request, store: StoreHere, user: SignedIn, call_id: int) -> Response:
    return _page(request, store, user, call_id)


@router.post("/queue/items/{call_id}/assign")
def assign(store: StoreHere, user: SignedIn, call_id: int, lead: Annotated[str, Form()] = "") -> Response:
    queue.assign(store, user, call_id, view.whole(lead))
    return RedirectResponse(f"/queue/items/{call_id}", 303)


@router.post("/queue/items/{call_id}/snooze")
def snooze(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    call_id: int,
    until: Annotated[str, Form()] = "",
    reason: Words = "",
) -> Response:
    """Until the morning of a day in the site's zone."""
    try:
        queue.snooze(store, user, call_id, _morning(store, until), reason)
    except InputError as error:
        return _page(request, store, user, call_id, error, {"until": until, "later": reason})
    return RedirectResponse("/queue", 303)


@router.post("/queue/items/{call_id}/wake")
def wake(store: StoreHere, user: SignedIn, call_id: int) -> Response:
    queue.wake(store, user, call_id)
    return RedirectResponse(f"/queue/items/{call_id}", 303)


@router.post("/queue/items/{call_id}/claim")
def claim(store: StoreHere, user: SignedIn, call_id: int) -> Response:
    queue.claim(store, user, call_id)
    return RedirectResponse(f"/queue/items/{call_id}", 303)


@router.post("/queue/items/{call_id}/release")
def release(store: StoreHere, user: SignedIn, call_id: int) -> Response:
    queue.release(store, user, call_id)
    return RedirectResponse(f"/queue/items/{call_id}", 303)


@router.post("/queue/items/{call_id}/done")
def done(store: StoreHere, user: SignedIn, call_id: int, note: Words = "") -> Response:
    queue.done(store, user, call_id, note)
    return RedirectResponse("/queue", 303)


@router.post("/queue/items/{call_id}/dismiss")
def dismiss(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    call_id: int,
    kind: Annotated[str, Form()] = "not-worth",
    reason: Words = "",
    wrong: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """`wrong` names the rules of a false alarm that were wrong; none means all of them."""
    try:
        queue.dismiss(store, user, call_id, reason, kind, wrong or None)
    except InputError as error:
        return _page(request, store, user, call_id, error, {"kind": kind, "reason": reason})
    return RedirectResponse("/queue", 303)


def _morning(store: Store, day: str) -> datetime:
    """Raises BadDay where the text is no day."""
    try:
        return datetime.combine(datetime.fromisoformat(day).date(), time(8), store.settings.zone)
    except ValueError as error:
        raise queue.BadDay from error


def _page(
    request: Request,
    store: Store,
    user: User,
    call_id: int,
    error: AssistError | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    item = queue.item(store, user, call_id)
    if item is None:
        raise NotFound
    today = now().astimezone(store.settings.zone).date()
    return page(
        request,
        "queue_item.html",
        status=status_of(error) if error else 200,
        item=item,
        view=view,
        leads=queue.leads_of(store, user, call_id),
        typed=typed or {},
        wrong=error.text(language(request)) if error else "",
        first_day=today + timedelta(days=1),
        usual_day=today + timedelta(days=USUAL_DAYS),
        last_day=today + timedelta(days=59),
    )
