"""One-on-ones: what is due, the brief, talks with their notes, what was agreed and what came of it."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request

from api.context import SignedIn, StoreHere
from api.language import language
from api.routes.coaching_schemas import (
    ActionIn,
    ActionOut,
    BriefOut,
    ChangeOut,
    ChoiceGroupOut,
    ClipOut,
    HoldIn,
    LineOut,
    MomentIn,
    NoteIn,
    NoteOut,
    ProgressOut,
    ReadingOut,
    ReminderOut,
    SayOut,
    SessionIn,
    SessionOut,
    WordsIn,
)
from api.routes.schemas import Schema
from assist.coaching import agreements, brief, followup, measures, moments, release, reminders, sessions
from assist.coaching.agreements import Action
from assist.coaching.brief import Brief
from assist.coaching.lines import Line
from assist.coaching.measures import Reading
from assist.coaching.sessions import Moment, Session
from assist.errors import NotFound
from assist.people import access
from assist.people.users import User
from assist.store import Store

router = APIRouter()


@router.get("/coaching/reminders")
def list_reminders(store: StoreHere, user: SignedIn) -> list[ReminderOut]:
    """Planned talks, missing signatures, agreements that end soon or came back."""
    return [ReminderOut.model_validate(one) for one in reminders.listing(store, user)]


@router.get("/coaching/agents/{agent_id}/brief")
def read_brief(request: Request, store: StoreHere, user: SignedIn, agent_id: int) -> BriefOut:
    """For leads and admins."""
    if not access.allows(user, "coaching.brief"):
        raise NotFound
    return _brief(request, store, brief.brief(store, user, agent_id, language(request)))


@router.get("/coaching/agents/{agent_id}/measures")
def list_measures(request: Request, store: StoreHere, user: SignedIn, agent_id: int) -> list[ChoiceGroupOut]:
    """What an agreement with this agent can be measured by."""
    sessions.agent_of(store, user, agent_id)
    return [ChoiceGroupOut.model_validate(one) for one in measures.choices(store, agent_id, language(request))]


@router.get("/coaching/agents/{agent_id}/readings")
def list_readings(
    store: StoreHere, user: SignedIn, agent_id: int, measure: str, since: datetime, until: datetime
) -> list[ReadingOut]:
    """The agent's calls behind a number: those with an occasion, since ≤ called_at < until."""
    sessions.agent_of(store, user, agent_id)
    zone = store.settings.zone
    start, end = (at if at.tzinfo else at.replace(tzinfo=zone) for at in (since, until))
    found = measures.readings(store, agent_id, measures.parse(measure), start, end)
    return _readings(release.readable(store, user, found))


@router.get("/coaching/agents/{agent_id}/sessions")
def list_sessions(store: StoreHere, user: SignedIn, agent_id: int) -> list[SessionOut]:
    """The talks with one agent, the latest first, without notes and agreements."""
    found = sessions.of_agent(store, user, agent_id)
    return [_plain(user, one) for one in found]


@router.post("/coaching/agents/{agent_id}/sessions", status_code=201)
def begin_session(request: Request, store: StoreHere, user: SignedIn, agent_id: int, given: SessionIn) -> SessionOut:
    chosen = [_moment(store, one) for one in given.moments]
    if given.planned_for is not None:
        session = sessions.plan(store, user, agent_id, _zoned(store, given.planned_for), chosen)
    else:
        session = sessions.begin(store, user, agent_id, chosen, _zoned_if(store, given.held_at))
    return _session(request, store, user, session)


@router.get("/coaching/sessions/{session_id}")
def read_session(request: Request, store: StoreHere, user: SignedIn, session_id: int) -> SessionOut:
    return _session(request, store, user, sessions.get(store, user, session_id))


@router.post("/coaching/sessions/{session_id}/hold")
def hold_session(
    request: Request, store: StoreHere, user: SignedIn, session_id: int, given: HoldIn | None = None
) -> SessionOut:
    """The planned talk takes place."""
    at = _zoned_if(store, given.held_at) if given else None
    return _session(request, store, user, sessions.hold(store, user, session_id, at))


@router.post("/coaching/sessions/{session_id}/cancel", status_code=204)
def cancel_session(store: StoreHere, user: SignedIn, session_id: int) -> None:
    """Calls it off; what was agreed in it is void."""
    sessions.cancel(store, user, session_id)


@router.post("/coaching/sessions/{session_id}/notes", status_code=201)
def write_note(store: StoreHere, user: SignedIn, session_id: int, given: NoteIn) -> NoteOut:
    at = _moment(store, given.moment) if given.moment else None
    return NoteOut.model_validate(sessions.note(store, user, session_id, given.words, at))


@router.put("/coaching/sessions/{session_id}/notes/{note_id}", status_code=204)
def rewrite_note(store: StoreHere, user: SignedIn, session_id: int, note_id: int, given: WordsIn) -> None:
    sessions.rewrite(store, user, session_id, note_id, given.words)


@router.delete("/coaching/sessions/{session_id}/notes/{note_id}", status_code=204)
def strike_note(store: StoreHere, user: SignedIn, session_id: int, note_id: int) -> None:
    sessions.strike(store, user, session_id, note_id)


@router.put("/coaching/sessions/{session_id}/summary", status_code=204)
def summarise_session(store: StoreHere, user: SignedIn, session_id: int, given: WordsIn) -> None:
    sessions.summarise(store, user, session_id, given.words)


@router.post("/coaching/sessions/{session_id}/actions", status_code=201)
def agree_action(request: Request, store: StoreHere, user: SignedIn, session_id: int, given: ActionIn) -> ActionOut:
    return _action(
        request,
        store,
        agreements.agree(store, user, session_id, given.behaviour, given.measure, given.until, given.follows),
    )


@router.post("/coaching/sessions/{session_id}/sign")
def sign_session(request: Request, store: StoreHere, user: SignedIn, session_id: int) -> SessionOut:
    """The lead first, then the agent, each with their own account. 409 where it is not their turn."""
    return _session(request, store, user, sessions.sign(store, user, session_id))


@router.post("/coaching/sessions/{session_id}/unsign")
def unsign_session(request: Request, store: StoreHere, user: SignedIn, session_id: int) -> SessionOut:
    """The lead takes the signature back, while the agent has not signed."""
    return _session(request, store, user, sessions.unsign(store, user, session_id))


@router.post("/coaching/sessions/{session_id}/remarks", status_code=201)
def remark_session(store: StoreHere, user: SignedIn, session_id: int, given: WordsIn) -> NoteOut:
    return NoteOut.model_validate(sessions.remark(store, user, session_id, given.words))


@router.get("/coaching/agents/{agent_id}/actions")
def list_actions(request: Request, store: StoreHere, user: SignedIn, agent_id: int) -> list[ActionOut]:
    """All agreements with one agent, the latest first."""
    followup.settle(store, [sessions.agent_of(store, user, agent_id).id])
    return [_action(request, store, one) for one in agreements.of_agent(store, user, agent_id)]


@router.get("/coaching/actions/{action_id}")
def read_action(request: Request, store: StoreHere, user: SignedIn, action_id: int) -> ProgressOut:
    """How it stands: the calls before and since; from its end on, the comparison."""
    action = agreements.get(store, user, action_id)
    if followup.settle(store, [action.agent_id]):
        action = agreements.get(store, user, action_id)
    return _progress(request, store, followup.shown_to(store, user, followup.progress(store, action)))


@router.delete("/coaching/actions/{action_id}", status_code=204)
def withdraw_action(store: StoreHere, user: SignedIn, action_id: int) -> None:
    """Out of a talk that is not signed."""
    agreements.withdraw(store, user, action_id)


@router.post("/coaching/actions/{action_id}/rest")
def rest_action(request: Request, store: StoreHere, user: SignedIn, action_id: int, given: WordsIn) -> ActionOut:
    """Lays an agreement that came back to rest, with the reason."""
    return _action(request, store, agreements.rest(store, user, action_id, given.words))


def _brief(request: Request, store: Store, found: Brief) -> BriefOut:
    return BriefOut(
        agent_id=found.agent.id,
        agent=found.agent.name,
        since=found.window.since,
        until=found.window.until,
        calls=found.window.calls,
        strengths=[_line(line) for line in found.strengths],
        change=_line(found.change) if found.change else None,
        clips=[ClipOut.model_validate(clip) for clip in found.clips],
        say=SayOut.model_validate(found.say) if found.say else None,
        last=_progress(request, store, found.last) if found.last else None,
        questions=list(found.questions),
    )


def _line(line: Line) -> LineOut:
    return LineOut.model_validate(_named(line, LineOut) | {"measure": line.measure.key})


def _action(request: Request, store: Store, action: Action) -> ActionOut:
    measured = measures.title(store, action.measure, language(request))
    return ActionOut.model_validate(_named(action, ActionOut) | {"measure": action.measure.key, "measured": measured})


def _progress(request: Request, store: Store, found: followup.Progress) -> ProgressOut:
    return ProgressOut(
        action=_action(request, store, found.action),
        before=_readings(found.before),
        after=_readings(found.after),
        change=ChangeOut.model_validate(found.change) if found.change else None,
        decides_at=found.decides_at,
    )


def _session(request: Request, store: Store, user: User, session: Session) -> SessionOut:
    """With what is written in it, for who may read that."""
    shown = _plain(user, session)
    if not sessions.may_read(user, session):
        return shown
    shown.notes = [NoteOut.model_validate(one) for one in sessions.notes(store, session)]
    shown.actions = [_action(request, store, one) for one in agreements.of_session(store, session.id)]
    return shown


def _plain(user: User, session: Session) -> SessionOut:
    """Without notes and agreements."""
    summary = session.summary if sessions.may_read(user, session) else ""
    return SessionOut.model_validate(_named(session, SessionOut) | {"summary": summary})


def _readings(found: tuple[Reading, ...]) -> list[ReadingOut]:
    return [ReadingOut.model_validate(one) for one in found]


def _named(value: object, schema: type[Schema]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in schema.model_fields if hasattr(value, name)}


def _moment(store: Store, given: MomentIn) -> Moment:
    return moments.at(store, given.call_id, given.start)


def _zoned(store: Store, at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=store.settings.zone)


def _zoned_if(store: Store, at: datetime | None) -> datetime | None:
    return _zoned(store, at) if at else None
