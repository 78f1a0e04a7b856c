"""One call: its page, its progress while it is worked on, its sound and waveform."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import FileResponse, RedirectResponse, Response

from api import words
from api.audio import playable
from api.context import SettingsHere, SignedIn, StoreHere, SubmitHere
from api.forms import details_of
from api.language import language
from api.pages.calls import agents_of
from api.render import page
from api.views import verdicts
from api.views.call import CallView, view
from api.views.corrections import around
from api.views.masking import masked
from api.views.sound import lanes
from api.views.versions import campaigns_seen
from assist import pipeline
from assist.calls import calls, listing, traces, unmasking
from assist.calls.calls import Call
from assist.coaching import own
from assist.people import access
from assist.people.users import User
from assist.store import Store, libraries

router = APIRouter()

MOST_STATES = 100


@router.get("/calls/states")
def states(request: Request, store: StoreHere, user: SignedIn, ids: str = "") -> Response:
    """The states of many calls, one line each: one question for a whole page of them."""
    wanted = [int(one) for one in ids.split(",") if one.isdecimal() and len(one) < 12][:MOST_STATES]
    return page(request, "parts/states.html", calls=[calls.there(store, user, one) for one in wanted])


@router.get("/calls/{call_id}")
def show(request: Request, store: StoreHere, user: SignedIn, call_id: int) -> Response:
    call = calls.there(store, user, call_id)
    own.saw(store, user, call)
    until = unmasking.until(store, user, call_id)
    call = calls.whole(store, call) if until else call
    seen = judged(store, call, whole=until is not None)
    context = (
        masked(store, user, call, until, seen) | _around(store, user, call) | _progress(request, store, user, call)
    )
    context |= around(store, user, call) | {"judged_again": False}
    context |= verdicts.around(store, user, call, language(request)) if seen else {}
    order = _order(seen) if seen else []
    return page(request, "call.html", **context, view=seen, order=order)


@router.get("/calls/{call_id}/progress")
def progress(request: Request, store: StoreHere, user: SignedIn, call_id: int) -> Response:
    """The progress card; once the call is ready, the browser is told to load the page."""
    call = calls.there(store, user, call_id)
    if call.state == "ready":
        return Response(status_code=204, headers={"HX-Redirect": f"/calls/{call_id}"})
    return page(request, "call/progress.html", call=call, **_progress(request, store, user, call))


@router.get("/calls/{call_id}/peaks")
def peaks(store: StoreHere, user: SignedIn, call_id: int) -> dict[str, list[float]]:
    """The waveform, one lane a speaker."""
    call = calls.get(store, user, call_id)
    report, heights = calls.analysis(store, call), calls.peaks(store, call)
    if report is None or heights is None:
        return {"agent": [], "customer": []}
    return lanes(heights, report["turns"], report["recording"].get("seconds") or call.seconds or 0.0)


@router.get("/calls/{call_id}/audio")
def audio(store: StoreHere, settings: SettingsHere, user: SignedIn, call_id: int) -> FileResponse:
    """The recording itself, in parts where the player asks for parts."""
    call = calls.get(store, user, call_id)
    traces.heard(store, user, call_id)
    return playable(settings, call)


@router.post("/calls/{call_id}/retry")
def retry(store: StoreHere, user: SignedIn, submit: SubmitHere, call_id: int) -> Response:
    pipeline.retry(store, user, call_id)
    submit(store, call_id)
    return RedirectResponse(f"/calls/{call_id}", 303)


@router.post("/calls/{call_id}/details")
def complete(
    store: StoreHere,
    user: SignedIn,
    submit: SubmitHere,
    call_id: int,
    agent: Annotated[str, Form()] = "",
    campaign: Annotated[str, Form()] = "",
    called_at: Annotated[str, Form()] = "",
    direction: Annotated[str, Form()] = "",
) -> Response:
    """What a waiting call lacks; with that known it starts."""
    calls.complete(store, user, call_id, details_of(agent, campaign, called_at, direction))
    submit(store, call_id)
    return RedirectResponse(f"/calls/{call_id}", 303)


def judged(store: Store, call: Call, *, whole: bool = False) -> CallView | None:
    """The call as judged; None while there is nothing to show yet."""
    report = calls.analysis(store, call, whole=whole)
    if report is None or call.library_version_id is None:
        return None
    return view(report, libraries.library(store, call.library_version_id))


def _around(store: Store, user: User, call: Call) -> dict[str, Any]:
    version = libraries.version(store, call.library_version_id) if call.library_version_id else None
    library = libraries.library(store, version.id) if version else None
    later, earlier = listing.neighbours(store, user, call)
    return {
        "call": call,
        "version": version,
        "content_language": library.language if library else "zh",
        "later": later,
        "earlier": earlier,
    }


def _progress(request: Request, store: Store, user: User, call: Call) -> dict[str, Any]:
    return {
        "live": call.state in words.PROCESSING,
        "failure": call.failure.text(language(request)) if call.failure else "",
        "may_retry": access.allows(user, "call.upload"),
        "agents": agents_of(store, user),
        "campaigns": campaigns_seen(store, user),
    }


def _order(seen: CallView) -> list[str]:
    """The skills, the one to talk about first on top, then the weakest."""
    skills = [card for card in seen.scores if card.skill != "overall"]
    ranked = sorted(skills, key=lambda card: (card.skill != seen.focus, card.value is None, card.value or 0))
    return [card.skill for card in ranked] + ["overall"]
