"""Corrections of transcripts, and the terms they suggest."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import Field

from api.context import SignedIn, StoreHere, SubmitHere
from api.language import language
from api.routes.schemas import CallOut, Schema, call_out
from assist import pipeline
from assist.calls import calls, corrections, suggestions, unmasking
from assist.store import libraries

router = APIRouter()


class CorrectionIn(Schema):
    """What is left out stays as it is. An empty text: nobody said anything here."""

    text: Annotated[str | None, Field(max_length=corrections.LONGEST)] = None
    speaker: str | None = None


class CorrectionOut(Schema):
    """`heard_…` is what recognition made of the turn, `old_…` what stood there before this correction."""

    id: int
    turn: int
    heard_text: str
    heard_speaker: str
    old_text: str
    old_speaker: str
    new_text: str
    new_speaker: str
    corrected_by: str
    corrected_at: datetime
    reverted_by: str | None
    reverted_at: datetime | None


class SuggestedTerm(Schema):
    """`said` was heard as `heard`, `times` times; `calls` are those of them that you may see."""

    heard: str
    said: str
    times: int
    calls: list[int]


@router.get("/calls/{call_id}/corrections")
def list_corrections(store: StoreHere, user: SignedIn, call_id: int) -> list[CorrectionOut]:
    """All corrections of a call, also those taken back, the latest first."""
    call = calls.get(store, user, call_id)
    hidden = calls.hidden_in(store, call, whole=unmasking.until(store, user, call_id) is not None)
    return [
        CorrectionOut.model_validate(corrections.masked(one, hidden)) for one in corrections.history(store, call.id)
    ]


@router.post("/calls/{call_id}/turns/{turn}/correction")
def correct_turn(
    request: Request, store: StoreHere, user: SignedIn, submit: SubmitHere, call_id: int, turn: int, given: CorrectionIn
) -> CallOut:
    """Put a turn right. The call is judged again from the corrected transcript; nothing is heard again."""
    call = pipeline.correct(store, user, call_id, turn, given.text, given.speaker)
    submit(store, call_id)
    return call_out(call, language(request))


@router.post("/calls/{call_id}/corrections/{correction}/revert")
def revert_correction(
    request: Request, store: StoreHere, user: SignedIn, submit: SubmitHere, call_id: int, correction: int
) -> CallOut:
    """Take a correction back. The call is judged again."""
    call = pipeline.revert(store, user, call_id, correction)
    submit(store, call_id)
    return call_out(call, language(request))


@router.get("/campaigns/{campaign}/suggested-terms")
def list_suggested_terms(store: StoreHere, user: SignedIn, campaign: str) -> list[SuggestedTerm]:
    """What recognition heard wrongly, from corrections, and the library in force does not name among its terms."""
    libraries.campaign(store, campaign)
    return [SuggestedTerm.model_validate(term) for term in suggestions.suggested_terms(store, user, campaign)]
