"""Calls: list, one, transcript, analysis, sound."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import FileResponse

from api.audio import playable
from api.context import SettingsHere, SignedIn, StoreHere, SubmitHere
from api.language import language
from api.routes.schemas import SOUND, CallOut, CallsPage, bytes_of, call_out
from assist import pipeline
from assist.calls import calls, listing, traces, unmasking
from assist.calls.listing import Filters
from assist.errors import NotFound
from assist.transcript import to_dict

router = APIRouter()


@router.get("/calls")
def list_calls(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    agent_id: int | None = None,
    campaign: str | None = None,
    state: Annotated[str | None, Query(description="A state, or unfinished")] = None,
    outcome: str | None = None,
    flagged: bool = False,
    text: Annotated[str | None, Query(max_length=100, description="Part of the file name or customer")] = None,
    page: Annotated[int, Query(ge=1)] = 1,
    per_page: Annotated[int, Query(ge=1, le=200)] = 50,
) -> CallsPage:
    """The calls you may see, the latest first."""
    filters = Filters(
        agent_id=agent_id,
        campaign=campaign,
        state=state,
        outcome=outcome,
        flagged=flagged,
        text=text,
        page=page,
        per_page=per_page,
    )
    found = listing.listing(store, user, filters)
    tag = language(request)
    shown = [call_out(call, tag) for call in found.calls]
    return CallsPage(calls=shown, total=found.total, page=found.page, pages=found.pages)


@router.get("/calls/{call_id}")
def get_call(request: Request, store: StoreHere, user: SignedIn, call_id: int) -> CallOut:
    """Where `held`, what was found in the call is not there until the team's lead releases it."""
    return call_out(calls.there(store, user, call_id), language(request))


@router.get("/calls/{call_id}/transcript")
def get_transcript(store: StoreHere, user: SignedIn, call_id: int) -> dict[str, Any]:
    """Turns with words and times. 404 until it was heard."""
    whole = unmasking.until(store, user, call_id) is not None
    transcript = calls.transcript(store, calls.get(store, user, call_id), whole=whole)
    if transcript is None:
        raise NotFound
    traces.taken_out(store, user, call_id)
    return to_dict(transcript)


@router.get("/calls/{call_id}/analysis")
def get_analysis(store: StoreHere, user: SignedIn, call_id: int) -> dict[str, Any]:
    """The `assist-analysis/1` document. 404 until it was judged."""
    whole = unmasking.until(store, user, call_id) is not None
    report = calls.analysis(store, calls.get(store, user, call_id), whole=whole)
    if report is None:
        raise NotFound
    traces.taken_out(store, user, call_id)
    return report


@router.get("/calls/{call_id}/audio", response_class=Response, responses=bytes_of(*SOUND))
def get_audio(store: StoreHere, settings: SettingsHere, user: SignedIn, call_id: int) -> FileResponse:
    """The recording's bytes; ranges are answered."""
    call = calls.get(store, user, call_id)
    traces.heard(store, user, call_id)
    return playable(settings, call)


@router.post("/calls/{call_id}/retry")
def retry_call(request: Request, store: StoreHere, user: SignedIn, submit: SubmitHere, call_id: int) -> CallOut:
    """Begin a failed or cancelled call anew."""
    pipeline.retry(store, user, call_id)
    submit(store, call_id)
    return call_out(calls.there(store, user, call_id), language(request))


@router.post("/calls/{call_id}/rejudge")
def rejudge_call(request: Request, store: StoreHere, user: SignedIn, submit: SubmitHere, call_id: int) -> CallOut:
    """Judge a call again by the version in force for it, without hearing it again."""
    pipeline.rejudge(store, user, call_id)
    submit(store, call_id)
    return call_out(calls.get(store, user, call_id), language(request))


@router.post("/calls/{call_id}/cancel")
def cancel_call(request: Request, store: StoreHere, user: SignedIn, call_id: int) -> CallOut:
    return call_out(pipeline.cancel(store, user, call_id), language(request))
