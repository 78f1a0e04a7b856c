"""Transcripts without names, where a campaign lets its editors read."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from api.context import SignedIn, StoreHere
from api.routes.schemas import Schema
from assist.calls import nameless

router = APIRouter()


class NamelessOut(Schema):
    """`number` opens nothing else of the call."""

    number: int
    called_at: datetime
    seconds: float | None
    outcome: str | None


class NamelessPage(Schema):
    calls: list[NamelessOut]
    total: int
    page: int
    pages: int


class NamelessLine(Schema):
    speaker: str
    start: float
    end: float
    text: str


class NamelessText(Schema):
    call: NamelessOut
    language: str
    lines: list[NamelessLine]


class EditorsReadIn(Schema):
    on: bool


@router.get("/campaigns/{campaign}/transcripts")
def list_nameless(
    store: StoreHere,
    user: SignedIn,
    campaign: str,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    per_page: Annotated[int, Query(ge=1, le=200)] = 50,
) -> NamelessPage:
    """The judged calls of a campaign, the latest first. 404 where the campaign lets nobody read."""
    return NamelessPage.model_validate(nameless.listing(store, user, campaign, page, per_page))


@router.get("/campaigns/{campaign}/transcripts/{number}")
def get_nameless(store: StoreHere, user: SignedIn, campaign: str, number: int) -> NamelessText:
    """What was said, without names and numbers of people; that it was read is noted."""
    return NamelessText.model_validate(nameless.text(store, user, campaign, number))


@router.put("/campaigns/{campaign}/transcripts", status_code=204)
def let_editors_read(store: StoreHere, user: SignedIn, campaign: str, given: EditorsReadIn) -> None:
    """Whether script editors may read transcripts of this campaign without names."""
    nameless.allow(store, user, campaign, given.on)
