"""Calls that wait to be released to their agents: which, one or all of them, and whether a team's calls wait at all."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api import filters
from api.context import SignedIn, StoreHere
from api.pages.calls import agents_of
from api.render import page
from assist.coaching import release
from assist.people import teams
from assist.store import libraries

router = APIRouter()

_NAMES = ("agent", "campaign", "since", "until")


@router.get("/release")
def show(request: Request, store: StoreHere, user: SignedIn, done: int = 0) -> Response:
    wanted, given = filters.read(request)
    used = {name: given[name] for name in _NAMES if given[name]}
    return page(
        request,
        "release.html",
        found=release.waiting(store, user, wanted),
        given=given,
        filtered=bool(used),
        address=lambda number: "/release?" + urlencode(used | {"page": number}),
        query=urlencode(used),
        rules=teams.rules(store, user),
        agents=agents_of(store, user),
        campaigns=libraries.campaigns(store),
        done=done,
    )


@router.post("/release")
def release_shown(request: Request, store: StoreHere, user: SignedIn) -> Response:
    """Releases all that the filters in the address show."""
    wanted, given = filters.read(request)
    done = release.release_all(store, user, wanted)
    used = {name: given[name] for name in _NAMES if given[name]}
    return RedirectResponse("/release?" + urlencode(used | {"done": done}), 303)


@router.post("/teams/{team_id}/release")
def rule(store: StoreHere, user: SignedIn, team_id: int, release: Annotated[str, Form()]) -> Response:
    teams.set_release(store, user, team_id, release)
    return RedirectResponse("/release", 303)


@router.post("/calls/{call_id}/release")
def release_one(request: Request, store: StoreHere, user: SignedIn, call_id: int) -> Response:
    release.release(store, user, call_id)
    back = request.query_params.get("back", "") == "list"
    return RedirectResponse("/release?done=1" if back else f"/calls/{call_id}", 303)
