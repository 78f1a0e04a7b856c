"""One-on-ones: what is due and with whom, the page of one agent, the brief, the calls behind a number."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.context import SignedIn, StoreHere
from api.language import language
from api.render import page
from api.views import chart
from api.views import coaching as view
from assist.analysis.findings import SKILLS
from assist.calls import listing
from assist.calls.listing import Filters
from assist.coaching import (
    agreements,
    brief,
    clips,
    followup,
    measures,
    overview,
    own,
    practice,
    queue,
    reminders,
    sessions,
)
from assist.coaching.followup import Progress
from assist.coaching.measures import Measure, Reading
from assist.errors import NotFound
from assist.people import access
from assist.people.users import User
from assist.store import Store
from assist.store.clock import moment, now

router = APIRouter()

RECENT_CALLS, RECENT_CLIPS = 6, 4
NEXT_TALK = timedelta(days=1)
PRACTISED = timedelta(days=28)


@router.get("/coaching")
def index(request: Request, store: StoreHere, user: SignedIn) -> Response:
    """What is due, and with whom; agents have only their own page."""
    if not access.allows(user, "coaching.see"):
        raise NotFound
    if user.role == "agent":
        return RedirectResponse(f"/coaching/agents/{user.id}", 303)
    due = reminders.listing(store, user)
    return page(request, "coaching.html", view=view, reminders=due, agents=overview.overview(store, user))


@router.get("/coaching/agents/{agent_id}")
def agent_page(request: Request, store: StoreHere, user: SignedIn, agent_id: int) -> Response:
    """One agent: what is open, what was agreed and came of it, the talks, the skills over time, the latest calls."""
    agent = sessions.agent_of(store, user, agent_id)
    followup.settle(store, [agent_id])
    due = [one for one in reminders.listing(store, user) if one.agent_id == agent_id]
    return page(
        request,
        "coaching_agent.html",
        view=view,
        agent=agent,
        reminders=due,
        leads=user.role == "lead",
        queued=_queued(store, user, agent_id),
        agreed=_shown(store, request, agreements.of_agent(store, user, agent_id)),
        talks=sessions.of_agent(store, user, agent_id),
        recent=listing.listing(store, user, Filters(agent_id=agent_id, state="ready", per_page=RECENT_CALLS)),
        heard=_clips(store, user, agent_id),
        trend=_trend(store, user, agent),
        soon=_soon(store),
        practised=practice.practised(store, user, agent_id, now() - PRACTISED),
    )


@router.get("/coaching/agents/{agent_id}/brief")
def show_brief(request: Request, store: StoreHere, user: SignedIn, agent_id: int) -> Response:
    """One page for the talk, for the lead; agents prepare with their own page."""
    if not access.allows(user, "coaching.brief"):
        raise NotFound
    found = brief.brief(store, user, agent_id, language(request))
    return page(
        request,
        "coaching_brief.html",
        view=view,
        brief=found,
        last=_shown_progress(store, request, found.last) if found.last else None,
        leads=user.role == "lead",
        today=now(),
        soon=_soon(store),
    )


@router.get("/coaching/agents/{agent_id}/calls")
def calls_of_agent(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    agent_id: int,
    measure: str = "",
    since: str = "",
    until: str = "",
    met: str = "",
    team: str = "",
) -> Response:
    """The calls behind a number of the brief: those with an occasion, or those where it was done or not."""
    agent = sessions.agent_of(store, user, agent_id)
    chosen, end = measures.parse(measure), _time(until) or now()
    start = _time(since) or end - timedelta(days=14)
    if team and user.role == "agent":
        raise NotFound
    found = measures.readings(store, agent_id, chosen, start, end, team_id=agent.team_id if team else None)
    return _calls(request, store, user, agent, chosen, found, met, others=bool(team))


@router.get("/coaching/actions/{action_id}/calls")
def calls_of_action(
    request: Request, store: StoreHere, user: SignedIn, action_id: int, side: str = "after", met: str = ""
) -> Response:
    """The calls an agreement is measured by, before it or since."""
    action = agreements.get(store, user, action_id)
    agent = sessions.agent_of(store, user, action.agent_id)
    progress = followup.progress(store, action)
    found = progress.before if side == "before" else progress.after
    return _calls(request, store, user, agent, action.measure, found, met)


def shown_actions(store: Store, request: Request, session_id: int) -> list[dict[str, Any]]:
    """The agreements of a talk, each with how it stands."""
    return _shown(store, request, agreements.of_session(store, session_id))


def _calls(
    request: Request,
    store: Store,
    user: User,
    agent: User,
    measure: Measure,
    found: Sequence[Reading],
    met: str,
    *,
    others: bool = False,
) -> Response:
    if met in ("0", "1"):
        found = [one for one in found if (one.value == 1) == (met == "1")]
    seen = _seen(store, user, found)
    title = measures.title(store, measure, language(request))
    return page(
        request, "coaching_calls.html", agent=agent, measure=measure, title=title, found=seen[::-1], met=met,
        others=others, hidden=len(found) - len(seen),
    )  # fmt: skip


def _seen(store: Store, user: User, found: Sequence[Reading]) -> list[Reading]:
    """Those whose calls the user may open: some may not be released to their agent yet."""
    scope = access.calls_of(user)
    numbers = json.dumps([one.call_id for one in found])
    rows = store.rows(
        f"SELECT c.id FROM calls c WHERE c.id IN (SELECT value FROM json_each(:ids)) AND {scope.where}",
        {"ids": numbers} | scope.parameters,
    )
    open_to = {row["id"] for row in rows}
    return [one for one in found if one.call_id in open_to]


def _shown(store: Store, request: Request, actions: Sequence[agreements.Action]) -> list[dict[str, Any]]:
    return [_shown_progress(store, request, one) for one in followup.current(store, actions)]


def _shown_progress(store: Store, request: Request, progress: Progress) -> dict[str, Any]:
    """An agreement as the pages show it."""
    progress = followup.shown_to(store, request.state.user, progress)
    title = measures.title(store, progress.action.measure, language(request))
    until, second = progress.action.until, timedelta(seconds=1)
    return {
        "action": progress.action,
        "progress": progress,
        "measure": title,
        "last_day": until - second,
        "decides_day": progress.decides_at - second,
        "strip": view.strip(progress),
    }


def _queued(store: Store, user: User, agent_id: int) -> tuple[queue.CallItem, ...]:
    """The agent's calls in the queue, for who works it."""
    return queue.of_agent(store, user, agent_id) if access.allows(user, "queue.work") else ()


def _clips(store: Store, user: User, agent_id: int) -> list[clips.Clip]:
    """Clips of the agent's calls that the user may hear."""
    return clips.listing(store, user, clips.Filters(agent_id=agent_id, per_page=RECENT_CLIPS)).clips


def _trend(store: Store, user: User, agent: User) -> dict[str, Any] | None:
    weeks = own.weeks(store, user, of=agent)
    if len(weeks) < 2:
        return None
    return {
        "weeks": weeks,
        "series": [chart.series(skill, [week.skills[skill].value for week in weeks]) for skill in SKILLS],
        "grid": [(score, chart.height_of(score)) for score in (0, 60, 80, 100)],
        "chart": chart,
    }


def _soon(store: Store) -> datetime:
    """When a talk is usually planned: tomorrow at ten."""
    return (now() + NEXT_TALK).astimezone(store.settings.zone).replace(hour=10, minute=0)


def _time(text: str) -> datetime | None:
    """What is no time is none."""
    try:
        at = moment(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
