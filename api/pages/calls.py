"""The list of calls: an agent's own, with the latest feedback on top; a lead's team's, with filters in the address."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api import filters
from api.context import SignedIn, StoreHere
from api.language import language
from api.render import page
from api.views import chart
from api.views.call import CallView, view
from api.views.found import chips
from assist.analysis.findings import SKILLS
from assist.calls import calls, listing
from assist.calls.calls import Call
from assist.calls.listing import Filters
from assist.coaching import release
from assist.people import access, users
from assist.people.users import User
from assist.store import Store, libraries

router = APIRouter()

TREND_CALLS = 20


@router.get("/calls")
def list_calls(request: Request, store: StoreHere, user: SignedIn) -> Response:
    wanted, given = filters.read(request)
    found = listing.listing(store, user, wanted)
    context: dict[str, Any] = {
        "found": found,
        "given": given,
        "filtered": any(value for name, value in given.items() if name != "page"),
        "address": lambda number: filters.address(given, number),
        "campaigns": libraries.campaigns(store),
        "agents": agents_of(store, user),
        "held": _held(store, user),
        "chips": chips(store, given, language(request)),
        "kept": {name: value for name, value in given.items() if value and name in (*filters.FOUND, "team")},
        "unfinished": any(call.state not in calls.FINAL | {"waiting"} for call in found.calls),
        "here": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
    }
    if "hx-request" in request.headers:
        return page(request, "calls.html", block="rows", **context)
    return page(request, "calls.html", **context, **_feedback(store, user))


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


def _feedback(store: Store, user: User) -> dict[str, Any]:
    """An agent's latest judged call and the trend of the three skills."""
    if user.role != "agent":
        return {"latest": None, "latest_view": None, "trend": None}
    ready = listing.listing(store, user, Filters(state="ready", agent_id=user.id, per_page=TREND_CALLS)).calls
    latest = next(iter(ready), None)
    return {"latest": latest, "latest_view": _view(store, latest), "trend": _trend(ready[::-1])}


def _view(store: Store, call: Call | None) -> CallView | None:
    report = calls.analysis(store, call) if call else None
    if call is None or report is None or call.library_version_id is None:
        return None
    return view(report, libraries.library(store, call.library_version_id))


def _trend(ready: list[Call]) -> dict[str, Any] | None:
    if len(ready) < 2:
        return None
    return {
        "calls": ready,
        "series": [chart.series(skill, [getattr(call, skill) for call in ready]) for skill in SKILLS],
        "grid": [(score, chart.height_of(score)) for score in (0, 60, 80, 100)],
        "chart": chart,
    }
