"""The agent's own page: what went well, what to try next, the skills against the own past, what was agreed."""

from datetime import date, datetime, time, timedelta
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.context import SignedIn, StoreHere
from api.language import language
from api.render import page
from api.views import chart
from api.views import coaching as talks
from api.views import own as view
from assist.coaching import (
    agreements,
    clips,
    disputes,
    followup,
    measures,
    own,
    past,
    practice,
    reminders,
    sessions,
    themes,
)
from assist.errors import NotFound
from assist.people import access
from assist.people.users import User
from assist.store import Store
from assist.texts import translate

router = APIRouter()

SHOWN = 6
_FEW = 3


@router.get("/me")
def home(request: Request, store: StoreHere, user: SignedIn) -> Response:
    access.require(user, "own.page")
    tag = language(request)
    praised, to_try = own.feedback(store, user)
    return page(
        request,
        "me.html",
        view=view,
        chart=chart,
        unseen=own.unseen(store, user),
        latest=own.latest(store, user, SHOWN),
        praised=praised,
        to_try=to_try,
        trend=view.trend(own.weeks(store, user)),
        reminders=[one for one in reminders.listing(store, user) if one.kind != "to-sign"],
        **_plan(store, user, tag),
        mine=clips.listing(store, user, clips.Filters(per_page=_FEW)),
        disputed=disputes.listing(store, user, disputes.Filters(agent_id=user.id, per_page=_FEW)),
        **_agreed(store, user, tag),
    )


@router.get("/me/progress")
def progress(request: Request, store: StoreHere, user: SignedIn) -> Response:
    """Each skill and criterion of the last four weeks against the four before."""
    found = past.compare(store, user)
    tag = language(request)
    titles = {
        (one.skill, one.criterion): measures.criterion_title(store, one.skill, one.criterion, tag)
        for one in found.criteria
    }
    return page(
        request,
        "me_progress.html",
        view=view,
        chart=chart,
        found=found,
        titles=titles,
        trend=view.trend(own.weeks(store, user)),
        changed=sum(one.direction in ("better", "worse") for one in found.criteria),
    )


@router.get("/me/progress/calls")
def behind(
    request: Request, store: StoreHere, user: SignedIn, about: str = "", since: str = "", until: str = ""
) -> Response:
    """The calls in which a criterion was met or not, from one day to another, both inclusive."""
    access.require(user, "own.page")
    skill, _, criterion = about.partition("/")
    if skill not in measures.SKILL_TITLE or not criterion:
        raise NotFound
    first, last = _days(store, since, until)
    counted = themes.behind(store, user, "criterion", about, "", first, last)
    return page(
        request,
        "me_behind.html",
        title=measures.criterion_title(store, skill, criterion, language(request)),
        skill=translate(measures.SKILL_TITLE[skill], language(request)),
        counted=counted,
        met=sum(not one.missed for one in counted),
        since=first,
        until=last,
    )


def _agreed(store: Store, user: User, tag: str) -> dict[str, Any]:
    """What was agreed and still runs, with how it stands, and the talk that waits for the agent's signature."""
    running = [one for one in agreements.of_agent(store, user, user.id, 10) if one.signed and one.state == "open"]
    held = [one for one in sessions.of_agent(store, user, user.id, 10) if one.state == "held" and one.lead_signed_at]
    return {
        "agreed": [
            (followup.shown_to(store, user, followup.progress(store, one)), measures.title(store, one.measure, tag))
            for one in running[:_FEW]
        ],
        "to_sign": [one for one in held if one.agent_signed_at is None],
        "talks": talks,
    }


def _plan(store: Store, user: User, tag: str) -> dict[str, Any]:
    found = practice.plan(store, user)
    return {"plan": found, "themes": [(one, practice.title(store, one, tag)) for one in found.themes]}


def _days(store: Store, since: str, until: str) -> tuple[datetime, datetime]:
    """The first and the last moment of these days. Raises NotFound where they are none."""
    try:
        first, last = date.fromisoformat(since), date.fromisoformat(until)
    except ValueError:
        raise NotFound from None
    zone = store.settings.zone
    return datetime.combine(first, time(), zone), datetime.combine(last, time(), zone) + timedelta(
        days=1, microseconds=-1
    )
