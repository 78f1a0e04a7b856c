"""Who to talk to first: the coaching queue by agent, with claim, give back and done."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.context import SignedIn, StoreHere
from api.language import language
from api.render import page
from assist.calls import listing
from assist.calls.listing import Filters
from assist.coaching import queue
from assist.coaching.queue import AgentItem, CallItem
from assist.errors import NotFound
from assist.people import users
from assist.people.users import User
from assist.store import Store
from assist.store.clock import now
from assist.texts import N_, translate

router = APIRouter()

HEARD_DAYS = 7

_VIEWS = {"all": N_("All"), "free": N_("Free"), "mine": N_("Mine")}


@dataclass(frozen=True, slots=True)
class Row:
    """One agent of the queue. `focuses` counts what their calls need; `weeks` in the job, None where not known."""

    agent_id: int
    agent: str
    team: str
    calls: tuple[CallItem, ...]
    weeks: int | None
    focuses: tuple[tuple[str, int], ...]
    claimed_by: str
    claimed_by_id: int | None


@router.get("/queue")
def show(request: Request, store: StoreHere, user: SignedIn) -> Response:
    return _answer(request, store, user)


@router.post("/queue/{agent_id}/claim")
def claim(request: Request, store: StoreHere, user: SignedIn, agent_id: int) -> Response:
    """Takes all calls of an agent that nobody else has; one talk is about all of them."""
    for call in _calls(store, user, agent_id):
        if call.claimed_by_id in (None, user.id):
            queue.claim(store, user, call.call_id)
    return _after(request, store, user)


@router.post("/queue/{agent_id}/release")
def release(request: Request, store: StoreHere, user: SignedIn, agent_id: int) -> Response:
    for call in _mine(store, user, agent_id):
        queue.release(store, user, call.call_id)
    return _after(request, store, user)


@router.post("/queue/{agent_id}/done")
def done(request: Request, store: StoreHere, user: SignedIn, agent_id: int) -> Response:
    for call in _mine(store, user, agent_id):
        queue.done(store, user, call.call_id)
    return _after(request, store, user)


def _after(request: Request, store: Store, user: User) -> Response:
    return _answer(request, store, user) if "hx-request" in request.headers else RedirectResponse("/queue", 303)


def _answer(request: Request, store: Store, user: User) -> Response:
    rows = [_row(store, item) for item in queue.items(store, user)]
    chosen = request.query_params.get("show", "all")
    chosen = chosen if chosen in _VIEWS else "all"
    tag = language(request)
    context: dict[str, Any] = {
        "shown": _shown(rows, chosen, user),
        "waiting": sum(len(row.calls) for row in rows),
        "views": [(key, translate(title, tag), len(_shown(rows, key, user))) for key, title in _VIEWS.items()],
        "chosen": chosen,
        **_totals(store, user),
    }
    return page(request, "queue.html", block="queue" if "hx-request" in request.headers else None, **context)


def _totals(store: Store, user: User) -> dict[str, Any]:
    since = now() - timedelta(days=HEARD_DAYS)
    count = {
        "heard": Filters(state="ready", since=since, per_page=1),
        "working": Filters(state="unfinished", per_page=1),
        "any_call": Filters(per_page=1),
    }
    return {name: listing.listing(store, user, filters).total for name, filters in count.items()}


def _shown(rows: list[Row], chosen: str, user: User) -> list[Row]:
    if chosen == "free":
        return [row for row in rows if not row.claimed_by]
    if chosen == "mine":
        return [row for row in rows if row.claimed_by_id == user.id]
    return rows


def _row(store: Store, item: AgentItem) -> Row:
    claimed = next((call for call in item.calls if call.claimed_by), None)
    focuses = Counter(call.focus for call in item.calls if call.focus != "none").most_common()
    return Row(
        agent_id=item.agent_id,
        agent=item.agent,
        team=item.team,
        calls=item.calls,
        weeks=_weeks(users.get(store, item.agent_id).joined_on),
        focuses=tuple(focuses),
        claimed_by=claimed.claimed_by if claimed else "",
        claimed_by_id=claimed.claimed_by_id if claimed else None,
    )


def _weeks(joined: date | None) -> int | None:
    return (now().date() - joined).days // 7 + 1 if joined else None


def _calls(store: Store, user: User, agent_id: int) -> tuple[CallItem, ...]:
    """The open calls of an agent. Raises NotFound where there are none for this user."""
    found = next((item for item in queue.items(store, user) if item.agent_id == agent_id), None)
    if found is None:
        raise NotFound
    return found.calls


def _mine(store: Store, user: User, agent_id: int) -> list[CallItem]:
    return [call for call in _calls(store, user, agent_id) if call.claimed_by_id == user.id]
