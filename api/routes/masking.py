"""Seeing a call unmasked, and what campaigns mask."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field

from api.context import SignedIn, StoreHere
from api.routes.schemas import Schema
from assist.calls import calls, maskings, unmasking
from assist.store.shown import Masking

router = APIRouter()


class UnmaskIn(Schema):
    """Why the customer's data has to be seen; it stays on record."""

    reason: Annotated[str, Field(min_length=2, max_length=300)]


class UnmaskingOut(Schema):
    """Who saw a call unmasked, why, and from when until when."""

    id: int
    call_id: int
    name: str
    reason: str
    at: datetime
    until: datetime


class MaskingOut(Schema):
    """`numbers`: phone, card and account numbers, addresses and the like. `names` are masked outside of the call's own
    page (exports, meetings, searches, editors), always or never. `sound`: numbers are silent in clips."""

    campaign: str
    numbers: bool
    names: Literal["never", "outside", "always"]
    sound: bool


class MaskingIn(Schema):
    """What is left out stays as it is."""

    numbers: bool | None = None
    names: Literal["never", "outside", "always"] | None = None
    sound: bool | None = None


@router.post("/calls/{call_id}/unmask")
def unmask_call(store: StoreHere, user: SignedIn, call_id: int, given: UnmaskIn) -> UnmaskingOut:
    """Shows you this call unmasked for 15 minutes: its transcript and analysis."""
    return UnmaskingOut.model_validate(unmasking.unmask(store, user, call_id, given.reason))


@router.post("/calls/{call_id}/mask", status_code=204)
def mask_call(store: StoreHere, user: SignedIn, call_id: int) -> None:
    """Masks the call for you again before its time is over."""
    unmasking.end(store, user, call_id)


@router.get("/calls/{call_id}/unmaskings")
def list_unmaskings(store: StoreHere, user: SignedIn, call_id: int) -> list[UnmaskingOut]:
    """Who saw the call unmasked, the latest first."""
    found = unmasking.history(store, calls.get(store, user, call_id).id)
    return [UnmaskingOut.model_validate(one) for one in found]


@router.get("/privacy/masking")
def list_masking(store: StoreHere, user: SignedIn) -> list[MaskingOut]:
    """What each campaign masks."""
    return [_out(name, one) for name, one in maskings.listing(store, user).items()]


@router.put("/privacy/masking/{campaign}")
def set_masking(store: StoreHere, user: SignedIn, campaign: str, given: MaskingIn) -> MaskingOut:
    """Sets what a campaign masks."""
    return _out(campaign, maskings.change(store, user, campaign, given.model_dump(exclude_none=True)))


def _out(campaign: str, one: Masking) -> MaskingOut:
    return MaskingOut(campaign=campaign, numbers=one.numbers, names=one.names, sound=one.sound)
