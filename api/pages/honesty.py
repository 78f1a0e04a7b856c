"""How far machine and leads agree, skill by skill and criterion by criterion, and the labelled calls to take out."""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from api import filters as lists
from api.context import SignedIn, StoreHere
from api.language import language
from api.render import page
from api.views.reviews import tabs
from assist import labels
from assist.analysis import rubric as rubrics
from assist.analysis.findings import SKILLS
from assist.coaching import agreement, verdicts
from assist.coaching.agreement import FEW, Against, Filters
from assist.errors import NotFound
from assist.people import access
from assist.store import libraries

router = APIRouter()

_RULES = 12


@router.get("/honesty")
def show(request: Request, store: StoreHere, user: SignedIn) -> Response:
    access.require(user, "call.blind-score")
    wanted, given = _filters(request)
    campaigns = {one.id: one.title for one in libraries.campaigns(store)}
    return page(
        request,
        "honesty.html",
        tabs=tabs(store, user, "/honesty"),
        given=given,
        few=FEW,
        total=agreement.total(store, user, wanted),
        parts=[
            ("machine", agreement.with_machine(store, user, wanted)),
            ("lead", agreement.among_leads(store, user, wanted)),
        ],
        criteria=agreement.criteria(store, user, wanted),
        titles=_titles(language(request)),
        rates=[(rule, rate) for rule, rate in verdicts.hit_rates(store, user=user).items() if ":" not in rule][:_RULES],
        labelled=[(name, campaigns.get(name, name), count) for name, count in labels.count(store, user).items()],
        behind=lambda one, against: _behind(given, one.skill, one.criterion, against),
    )


@router.get("/honesty/calls")
def behind(
    request: Request, store: StoreHere, user: SignedIn, skill: str, criterion: str = "", against: Against = "machine"
) -> Response:
    """The calls behind one number."""
    access.require(user, "call.blind-score")
    if skill not in SKILLS:
        raise NotFound
    wanted, given = _filters(request)
    number = request.query_params.get("page", "1")
    number = number if number.isdecimal() and len(number) < 9 else "1"
    found = agreement.pairs(store, user, skill, criterion, against, wanted, page=int(number))
    here = _behind(given, skill, criterion, against)
    return page(
        request,
        "honesty_calls.html",
        tabs=tabs(store, user, "/honesty"),
        skill=skill,
        criterion=criterion,
        title=_titles(language(request)).get((skill, criterion), criterion),
        against=against,
        given=given,
        back="/honesty?" + urlencode({key: value for key, value in given.items() if value}),
        found=found,
        told=agreement.one(store, user, skill, criterion, against, wanted),
        address=lambda page: f"{here}&page={page}",
    )


@router.get("/honesty/labels/{campaign}.zip")
def export(store: StoreHere, user: SignedIn, campaign: str, names: str = "") -> Response:
    """The labelled calls of a campaign as one archive; names of people are hidden unless `names` is 1."""
    made = labels.export(store, user, campaign, names=names == "1")
    headers = {"Content-Disposition": f'attachment; filename="labelled-{campaign}.zip"', "Cache-Control": "no-store"}
    return Response(made.zipped(), media_type="application/zip", headers=headers)


def _filters(request: Request) -> tuple[Filters, dict[str, str]]:
    given = {name: request.query_params.get(name, "").strip() for name in ("who", "since", "until")}
    zone = request.app.state.settings.zone
    since, until = lists.days_of(given, zone)
    return Filters(mine=given["who"] == "me", since=since, until=until), given


def _titles(tag: str) -> dict[tuple[str, str], str]:
    """The criteria's titles in the rubric that comes with Assist: a published one keeps the ids."""
    return {(skill, one.id): one.title(tag[:2]) for skill in SKILLS for one in rubrics.default().skills[skill].criteria}


def _behind(given: dict[str, str], skill: str, criterion: str, against: str) -> str:
    asked: dict[str, Any] = {"skill": skill, "criterion": criterion, "against": against} | given
    return "/honesty/calls?" + urlencode({key: value for key, value in asked.items() if value})
