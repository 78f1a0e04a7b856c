"""Disputes: those that a lead has to decide, those an agent raised, and what became of them."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.context import SignedIn, StoreHere
from api.language import language
from api.pages.calls import agents_of
from api.render import page
from api.views.reviews import tabs
from api.views.verdicts import rulings_text
from assist.coaching import disputes, verdicts
from assist.coaching.disputes import STATES, Filters
from assist.people import access
from assist.people.users import User
from assist.store import Store

router = APIRouter()


@router.get("/disputes")
def show(request: Request, store: StoreHere, user: SignedIn) -> Response:
    """The open ones first; all others by their state."""
    asked = request.query_params
    state = asked.get("state", "open" if access.allows(user, "finding.rule") else "all")
    agent, number = asked.get("agent", ""), asked.get("page", "1")
    filters = Filters(
        state=state if state in STATES else None,
        agent_id=int(agent) if agent.isdecimal() and len(agent) < 12 else None,
        page=int(number) if number.isdecimal() and len(number) < 9 else 1,
    )
    found = disputes.listing(store, user, filters)
    counts = {name: _count(store, user, filters, name) for name in (*STATES, "all")}

    def address(number: int | None = None, **changed: object) -> str:
        given: dict[str, Any] = {"state": state, "agent": filters.agent_id, "page": number} | changed
        return "/disputes?" + urlencode({key: value for key, value in given.items() if value})

    return page(
        request,
        "disputes.html",
        tabs=tabs(store, user, "/disputes"),
        found=found,
        state=state,
        counts=counts,
        given=filters,
        agents=agents_of(store, user),
        address=address,
        may_rule=access.allows(user, "finding.rule"),
    )


@router.get("/verdicts")
def ruled(request: Request, store: StoreHere, user: SignedIn, rule: str = "") -> Response:
    """The verdicts behind the hit rate of a rule; without one the page that lists all rates."""
    access.require(user, "finding.rule")
    if not rule:
        return RedirectResponse("/honesty", 303)
    return page(
        request,
        "verdicts.html",
        tabs=tabs(store, user, "/verdicts"),
        rule=rule[:100],
        rate=verdicts.hit_rate(store, rule, user=user),
        found=[(one, rulings_text(one, language(request))) for one in verdicts.behind(store, user, rule)],
    )


def _count(store: Store, user: User, filters: Filters, state: str) -> int:
    wanted = replace(filters, state=state if state in STATES else None, page=1, per_page=1)  # type: ignore[arg-type]
    return disputes.listing(store, user, wanted).total
