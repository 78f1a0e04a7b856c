"""Correcting a turn on the call page: the form inside the transcript, and the wait for the new judgement."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api import words
from api.context import SignedIn, StoreHere, SubmitHere
from api.language import language
from api.render import page
from api.views.corrections import around, corrected_turns
from assist.calls import calls, unmasking
from assist.calls.calls import Call
from assist.errors import NotFound
from assist.people import access
from assist.people.users import User
from assist.pipeline import correct as put_right
from assist.pipeline import revert as take_back
from assist.store import Store
from assist.transcript import Turn

router = APIRouter()


@router.get("/calls/{call_id}/turns/{turn}")
def show(request: Request, store: StoreHere, user: SignedIn, call_id: int, turn: int) -> Response:
    """What stands under a turn: who corrected it, and the button to correct it."""
    call = calls.get(store, user, call_id)
    return page(request, "call/correction.html", call=call, turn=_turn(store, call, turn), **around(store, user, call))


@router.get("/calls/{call_id}/turns/{turn}/correction")
def edit(request: Request, store: StoreHere, user: SignedIn, call_id: int, turn: int) -> Response:
    """The form."""
    call = calls.get(store, user, call_id)
    access.require(user, "call.correct")
    whole = unmasking.until(store, user, call_id) is not None
    said = _turn(store, call, turn, whole=whole)
    known = corrected_turns(store, call, whole=whole).get(turn)
    return page(
        request,
        "call/correction_form.html",
        call=call,
        turn=said,
        text=known.text if known else said.text,
        speaker=known.speaker if known else said.speaker,
        heard=known.heard if known else said.text,
    )


@router.post("/calls/{call_id}/turns/{turn}/correction")
def correct(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    submit: SubmitHere,
    call_id: int,
    turn: int,
    text: Annotated[str, Form()] = "",
    speaker: Annotated[str, Form()] = "",
) -> Response:
    call = put_right(store, user, call_id, turn, text, speaker)
    submit(store, call_id)
    return _changed(request, store, user, call, turn)


@router.post("/calls/{call_id}/turns/{turn}/corrections/{correction}/revert")
def revert(
    request: Request, store: StoreHere, user: SignedIn, submit: SubmitHere, call_id: int, turn: int, correction: int
) -> Response:
    call = take_back(store, user, call_id, correction)
    submit(store, call_id)
    return _changed(request, store, user, call, turn)


@router.get("/calls/{call_id}/rejudging")
def rejudging(request: Request, store: StoreHere, user: SignedIn, call_id: int) -> Response:
    """How far the new judgement is. The page is not loaded by itself: somebody may be writing the next correction."""
    call = calls.get(store, user, call_id)
    failure = call.failure.text(language(request)) if call.failure else ""
    at_work = call.state in words.PROCESSING
    return page(request, "call/rejudging.html", call=call, rejudging=at_work, judged_again=True, failure=failure)


def _changed(request: Request, store: Store, user: User, call: Call, turn: int) -> Response:
    if "hx-request" not in request.headers:
        return RedirectResponse(f"/calls/{call.id}", 303)
    said, context = _turn(store, call, turn), around(store, user, call)
    return page(request, "call/corrected.html", call=call, turn=said, failure="", judged_again=False, **context)


def _turn(store: Store, call: Call, number: int, *, whole: bool = False) -> Turn:
    transcript = calls.transcript(store, call, whole=whole)
    found = next((turn for turn in transcript.turns if turn.id == number), None) if transcript else None
    if found is None:
        raise NotFound
    return found
