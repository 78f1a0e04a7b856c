"""Search over all calls one may see: by what is said, what was found, who and when."""

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api import filters
from api import words as names
from api.context import SignedIn, StoreHere
from api.language import language
from api.pages.calls import agents_of
from api.render import page
from api.views.found import chips, finds
from api.views.versions import campaigns_seen
from assist.calls import search as searching
from assist.calls.found import OBJECTION_IS
from assist.people import access, users

router = APIRouter()

LONGEST = 200
_SHOWN = frozenset({"agent", "team", "campaign", "outcome", "since", "until", "point", "point_is", "objection",
                    "objection_is", "rule", "skill", "min", "max"})  # fmt: skip
"""Filters that have a field on the page; the others, brought by a link, are told in words."""


@router.get("/search")
def search(request: Request, store: StoreHere, user: SignedIn, q: str = "") -> Response:
    access.require(user, "call.search")
    wanted, given = filters.read(request)
    tag, words = language(request), q.strip()[:LONGEST]
    asked = {name: value for name, value in given.items() if value and name != "page"}
    found = searching.search(store, user, words, replace(wanted, per_page=20)) if words or asked else None
    others = {name: "" if name in _SHOWN else value for name, value in given.items()}
    context: dict[str, Any] = {
        "found": found,
        "q": words,
        "given": given,
        "chips": chips(store, others, tag, "/search", given | {"q": words}),
        "kept": {name: value for name, value in others.items() if value and name not in ("page", "text", "state")},
        "address": lambda number: filters.address(given | {"q": words}, number, "/search"),
        "as_list": filters.behind("/calls", **given | {"judged": 1, "state": "ready", "page": None}),
        "campaigns": campaigns_seen(store, user),
        "agents": agents_of(store, user),
        "teams": users.teams(store) if user.role == "admin" else [],
        "finds": finds(store, given["campaign"], tag),
        "rules": names.RULE,
        "objection_is": OBJECTION_IS,
    }
    if "hx-request" in request.headers:
        return page(request, "search.html", block="results", **context)
    return page(request, "search.html", **context)
