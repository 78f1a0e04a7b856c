"""Which calls their agents may read already."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from api.context import SettingsHere, SignedIn, StoreHere
from api.language import language
from api.routes.schemas import CallOut, CallsPage, Schema, call_out
from assist.calls import calls
from assist.calls.listing import Filters
from assist.coaching import release
from assist.people import teams

router = APIRouter()


class TeamRuleOut(Schema):
    """`release`: at-once, or by-lead."""

    team_id: int
    team: str
    release: str


class RuleIn(Schema):
    release: str


class Released(Schema):
    released: int


def filters_of(
    settings: SettingsHere,
    agent_id: int | None = None,
    campaign: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Filters:
    """A time without a zone is in the site's."""
    first, last = (at.replace(tzinfo=at.tzinfo or settings.zone) if at else None for at in (since, until))
    return Filters(agent_id=agent_id, campaign=campaign, since=first, until=last)


Wanted = Annotated[Filters, Depends(filters_of)]


@router.get("/release")
def list_held_calls(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    wanted: Wanted,
    page: Annotated[int, Query(ge=1)] = 1,
    per_page: Annotated[int, Query(ge=1, le=200)] = 50,
) -> CallsPage:
    """The judged calls that their agents cannot read until you release them."""
    found = release.waiting(store, user, replace(wanted, page=page, per_page=per_page))
    shown = [call_out(call, language(request)) for call in found.calls]
    return CallsPage(calls=shown, total=found.total, page=found.page, pages=found.pages)


@router.post("/release")
def release_held_calls(store: StoreHere, user: SignedIn, wanted: Wanted) -> Released:
    """Release all that these filters list."""
    return Released(released=release.release_all(store, user, wanted))


@router.post("/calls/{call_id}/release")
def release_call_to_agent(request: Request, store: StoreHere, user: SignedIn, call_id: int) -> CallOut:
    release.release(store, user, call_id)
    return call_out(calls.get(store, user, call_id), language(request))


@router.get("/teams/release")
def list_release_rules(store: StoreHere, user: SignedIn) -> list[TeamRuleOut]:
    """Of the teams you may set it for."""
    return [TeamRuleOut.model_validate(rule) for rule in teams.rules(store, user)]


@router.put("/teams/{team_id}/release", status_code=204)
def set_release_rule(store: StoreHere, user: SignedIn, team_id: int, given: RuleIn) -> None:
    """Calls that agents could read stay readable; going back to at-once releases what was held."""
    teams.set_release(store, user, team_id, given.release)
