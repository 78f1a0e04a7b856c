"""The list of calls: an agent's own, a lead's team's, with filters in the address."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api import filters
from api.context import SignedIn, StoreHere
from api.language import language
from api.render import page
from api.views.found import chips
from api.views.versions import campaigns_seen
from assist.calls import calls, listing
from assist.calls.listing import Filters
from assist.coaching import release
from assist.people import access, users
from assist.people.users import User
from assist.store import Store

router = APIRouter()


@router.get("/calls")
def list_calls(request: Request, store: StoreHere, user: SignedIn) -> Response:
    wanted, given = filters.read(request)
    found = listing.listing(store, user, wanted)
    context: dict[str, Any] = {
        "found": found,
        "given": given,
        "filtered": any(value for name, value in given.items() if name != "page"),
        "address": lambda number: filters.address(given, number),
        "campaigns": campaigns_seen(store, user),
        "agents": agents_of(store, user),
        "held": _held(store, user),
        "chips": chips(store, given, language(request)),
        "kept": {name: value for name, value in given.items() if value and name in (*filters.FOUND, "team")},
        "unfinished": any(call.state not in calls.FINAL | {"waiting"} for call in found.calls),
        "here": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
    }
    if "hx-request" in request.headers:
        return page(request, "calls.html", block="rows", **context)
    return page(request, "calls.html", **context)


def _held(store: Store, user: User) -> int:
    """How many calls wait for the user to release them."""
    if not access.allows(user, "call.release"):
        return 0
    return release.waiting(store, user, Filters(per_page=1)).total


def agents_of(store: Store, user: User) -> list[User]:
    """The agents whose calls the user may pick from; an agent picks none."""
    if user.role not in ("lead", "admin"):
        return []
    team = None if user.role == "admin" else user.team_id or 0
    return [agent for agent in users.listing(store, team_id=team, role="agent") if agent.active]
