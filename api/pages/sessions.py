"""One talk: begun or planned, notes, what was agreed, signatures, remarks."""

import re
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api.context import SignedIn, StoreHere
from api.errors import WrongField
from api.forms import moment_of
from api.language import language
from api.pages.coaching import shown_actions
from api.render import page
from api.views import coaching as view
from assist.calls import listing
from assist.calls.listing import Filters
from assist.coaching import agreements, followup, lines, measures, moments, sessions
from assist.coaching.sessions import Moment, Session
from assist.people.users import User
from assist.store import Store
from assist.store.clock import now
from assist.texts import N_

router = APIRouter()

USUAL_SPAN = timedelta(days=14)
CALLS_TO_CHOOSE = 20
_PART = re.compile(r"[0-9]{1,5}(\.[0-9]{1,3})?")

Text = Annotated[str, Form(max_length=2000)]


class NoMoment(WrongField):
    message = N_("%(text)s is no moment of a call. Write minutes and seconds: 2:11.")


class NoDay(WrongField):
    message = N_("Say until when it is agreed.")


@router.post("/coaching/agents/{agent_id}/sessions")
def begin(
    store: StoreHere,
    user: SignedIn,
    agent_id: int,
    moment: Annotated[list[str], Form()] = [],  # noqa: B006 — FastAPI copies it
    planned_for: Annotated[str, Form()] = "",
) -> Response:
    """A talk from the brief or from calls of the queue: now, or planned."""
    chosen = [_moment(store, one) for one in moment[:20]]
    at = _local(store, planned_for)
    if at is None:
        session = sessions.begin(store, user, agent_id, chosen)
    else:
        session = sessions.plan(store, user, agent_id, at, chosen)
    return RedirectResponse(f"/coaching/sessions/{session.id}", 303)


@router.get("/coaching/sessions/{session_id}")
def show(request: Request, store: StoreHere, user: SignedIn, session_id: int) -> Response:
    session = sessions.get(store, user, session_id)
    followup.settle(store, [session.agent_id])
    writes, reads = user.role == "lead" and session.open, sessions.may_read(user, session)
    return page(
        request,
        "coaching_session.html",
        view=view,
        session=session,
        reads=reads,
        notes=sessions.notes(store, session) if reads else (),
        agreed=shown_actions(store, request, session_id) if reads else [],
        writes=writes,
        leads=user.role == "lead",
        **(_choices(request, store, user, session) if writes and session.state == "held" else {}),
    )


@router.post("/coaching/sessions/{session_id}/hold")
def hold(store: StoreHere, user: SignedIn, session_id: int) -> Response:
    sessions.hold(store, user, session_id)
    return _back(session_id)


@router.post("/coaching/sessions/{session_id}/move")
def move(store: StoreHere, user: SignedIn, session_id: int, planned_for: Annotated[str, Form()]) -> Response:
    sessions.move(store, user, session_id, _local(store, planned_for) or now())
    return _back(session_id)


@router.post("/coaching/sessions/{session_id}/cancel")
def cancel(store: StoreHere, user: SignedIn, session_id: int) -> Response:
    agent_id = sessions.get(store, user, session_id).agent_id
    sessions.cancel(store, user, session_id)
    return RedirectResponse(f"/coaching/agents/{agent_id}", 303)


@router.post("/coaching/sessions/{session_id}/notes")
def note(
    store: StoreHere,
    user: SignedIn,
    session_id: int,
    words: Text = "",
    call: Annotated[str, Form()] = "",
    second: Annotated[str, Form()] = "",
) -> Response:
    at = moments.at(store, int(call), _seconds(second)) if call.isdecimal() and len(call) < 12 else None
    sessions.note(store, user, session_id, words, at)
    return _back(session_id)


@router.post("/coaching/sessions/{session_id}/notes/{note_id}")
def rewrite(
    request: Request, store: StoreHere, user: SignedIn, session_id: int, note_id: int, words: Text = ""
) -> Response:
    sessions.rewrite(store, user, session_id, note_id, words)
    return _saved(request, session_id)


@router.post("/coaching/sessions/{session_id}/notes/{note_id}/strike")
def strike(store: StoreHere, user: SignedIn, session_id: int, note_id: int) -> Response:
    sessions.strike(store, user, session_id, note_id)
    return _back(session_id)


@router.post("/coaching/sessions/{session_id}/summary")
def summarise(request: Request, store: StoreHere, user: SignedIn, session_id: int, summary: Text = "") -> Response:
    sessions.summarise(store, user, session_id, summary)
    return _saved(request, session_id)


@router.post("/coaching/sessions/{session_id}/actions")
def agree(
    store: StoreHere,
    user: SignedIn,
    session_id: int,
    behaviour: Text = "",
    measure: Annotated[str, Form()] = "",
    until: Annotated[str, Form()] = "",
    follows: Annotated[str, Form()] = "",
) -> Response:
    again = int(follows) if follows.isdecimal() and len(follows) < 12 else None
    agreements.agree(store, user, session_id, behaviour, measure, _day(until), again)
    return _back(session_id)


@router.post("/coaching/actions/{action_id}/withdraw")
def withdraw(store: StoreHere, user: SignedIn, action_id: int) -> Response:
    session_id = agreements.get(store, user, action_id).session_id
    agreements.withdraw(store, user, action_id)
    return _back(session_id)


@router.post("/coaching/actions/{action_id}/rest")
def rest(store: StoreHere, user: SignedIn, action_id: int, why: Text = "") -> Response:
    action = agreements.rest(store, user, action_id, why)
    return RedirectResponse(f"/coaching/agents/{action.agent_id}", 303)


@router.post("/coaching/sessions/{session_id}/sign")
def sign(store: StoreHere, user: SignedIn, session_id: int) -> Response:
    sessions.sign(store, user, session_id)
    return _back(session_id)


@router.post("/coaching/sessions/{session_id}/unsign")
def unsign(store: StoreHere, user: SignedIn, session_id: int) -> Response:
    sessions.unsign(store, user, session_id)
    return _back(session_id)


@router.post("/coaching/sessions/{session_id}/remarks")
def remark(store: StoreHere, user: SignedIn, session_id: int, words: Text = "") -> Response:
    sessions.remark(store, user, session_id, words)
    return _back(session_id)


def _choices(request: Request, store: Store, user: User, session: Session) -> dict[str, Any]:
    """What the forms of a running talk offer; the one thing to change is chosen already."""
    tag, agent = language(request), sessions.agent_of(store, user, session.agent_id)
    weakest = lines.weakest(lines.lines(store, agent, lines.window(store, agent.id, now()), tag))
    recent = listing.listing(store, user, Filters(agent_id=agent.id, state="ready", per_page=CALLS_TO_CHOOSE)).calls
    assert session.held_at is not None
    return {
        "groups": measures.choices(store, agent.id, tag),
        "chosen": weakest.measure.key if weakest else "",
        "suggested": weakest.title if weakest else "",
        "until": (session.held_at + USUAL_SPAN).astimezone(store.settings.zone).date(),
        "recent": recent,
        "returned": [one for one in agreements.of_agent(store, user, agent.id) if one.returned],
    }


def _saved(request: Request, session_id: int) -> Response:
    """What is typed saves itself and stays as it stands: only a mark comes back."""
    return page(request, "coaching/saved.html") if "hx-request" in request.headers else _back(session_id)


def _back(session_id: int) -> Response:
    return RedirectResponse(f"/coaching/sessions/{session_id}", 303)


def _moment(store: Store, text: str) -> Moment:
    """`12` or `12@8.5`: a call, and a second of it. Raises NoMoment."""
    call, _, second = text.partition("@")
    if not (call.isdecimal() and len(call) < 12):
        raise NoMoment(text=text[:40])
    return moments.at(store, int(call), _seconds(second))


def _seconds(text: str) -> float | None:
    """2:11, 1:02:05 or 131.5 as seconds. Raises NoMoment."""
    if not text.strip():
        return None
    parts = text.strip().replace("：", ":").split(":")
    if not (len(parts) <= 3 and all(_PART.fullmatch(part) for part in parts)):
        raise NoMoment(text=text[:40])
    return float(sum(float(part) * 60**place for place, part in enumerate(reversed(parts))))


def _local(store: Store, text: str) -> datetime | None:
    at = moment_of(text)
    return at.replace(tzinfo=store.settings.zone) if at and at.tzinfo is None else at


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise NoDay from error
