"""Who to talk to first: the coaching queue by agent, with claim, give back and done; who holds how much of it."""

from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.context import SignedIn, StoreHere
from api.render import page
from api.views import queue as view
from assist.coaching import queue, reminders, rulebook, waiting
from assist.coaching.items import CallItem
from assist.errors import NotFound
from assist.people.users import User
from assist.store import Store
from assist.store.clock import now

router = APIRouter()

HEARD_DAYS = 7
QUIET = 4


@router.get("/queue")
def show(request: Request, store: StoreHere, user: SignedIn) -> Response:
    return _answer(request, store, user)


@router.get("/queue/leads")
def leads(request: Request, store: StoreHere, user: SignedIn) -> Response:
    """How many wait with whom, since when, and what was closed lately."""
    loads = waiting.loads(store, user, now() - timedelta(days=HEARD_DAYS))
    return page(request, "queue_leads.html", loads=loads, at=now(), days=HEARD_DAYS)


@router.post("/queue/{agent_id}/claim")
def claim(request: Request, store: StoreHere, user: SignedIn, agent_id: int) -> Response:
    """Takes all calls of an agent that nobody else has; one talk is about all of them."""
    with store.write():
        for call in _calls(store, user, agent_id):
            if call.claimed_by_id in (None, user.id):
                queue.claim(store, user, call.call_id)
    return _after(request, store, user)


@router.post("/queue/{agent_id}/release")
def release(request: Request, store: StoreHere, user: SignedIn, agent_id: int) -> Response:
    with store.write():
        for call in _mine(store, user, agent_id):
            queue.release(store, user, call.call_id)
    return _after(request, store, user)


@router.post("/queue/{agent_id}/done")
def done(request: Request, store: StoreHere, user: SignedIn, agent_id: int) -> Response:
    with store.write():
        for call in _mine(store, user, agent_id):
            queue.done(store, user, call.call_id)
    return _after(request, store, user)


def _after(request: Request, store: Store, user: User) -> Response:
    if "hx-request" in request.headers:
        return _answer(request, store, user)
    return RedirectResponse("/queue" + view.query(view.read(request)[1]), 303)


def _answer(request: Request, store: Store, user: User) -> Response:
    filters, given = view.read(request)
    found = queue.page(store, user, filters)
    marked = view.marks(filters)
    quiet = filters.kind == "coach" and filters.view == "all" and filters.page == 1 and not marked["filtered"]
    context: dict[str, Any] = {
        "found": found,
        "cards": [view.card(store, item) for item in found.agents],
        "given": given,
        "filters": filters,
        "view": view,
        "at": now(),
        "here": "/queue" + view.query(given),
        "good": queue.latest(store, user, "good", QUIET) if quiet else [],
        "samples": queue.latest(store, user, "sample", QUIET) if quiet else [],
        "reminders": reminders.listing(store, user) if quiet else (),
        "agents": waiting.people(store, user),
        "rules": [rule.rule for rule in rulebook.at(store, now()).rules],
        **marked,
        **waiting.totals(store, user, now() - timedelta(days=HEARD_DAYS)),
    }
    return page(request, "queue.html", block="queue" if "hx-request" in request.headers else None, **context)


def _calls(store: Store, user: User, agent_id: int) -> tuple[CallItem, ...]:
    """The open calls of an agent. Raises NotFound where there are none for this user."""
    found = queue.of_agent(store, user, agent_id)
    if not found:
        raise NotFound
    return found


def _mine(store: Store, user: User, agent_id: int) -> list[CallItem]:
    return [call for call in _calls(store, user, agent_id) if call.claimed_by_id == user.id]
