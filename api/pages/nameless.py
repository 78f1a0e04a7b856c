"""Transcripts without names, for script editors of campaigns that let them read."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api.context import SignedIn, StoreHere
from api.render import page
from assist.calls import nameless
from assist.store import libraries

router = APIRouter()


@router.get("/library/{campaign}/transcripts")
def listing(request: Request, store: StoreHere, user: SignedIn, campaign: str) -> Response:
    number = request.query_params.get("page", "1")
    wanted = max(1, int(number)) if number.isdecimal() and len(number) < 7 else 1
    found = nameless.listing(store, user, campaign, wanted)
    return page(
        request,
        "library_transcripts.html",
        campaign=campaign,
        title=libraries.campaign(store, campaign).title,
        found=found,
        address=lambda other: f"/library/{campaign}/transcripts?page={other}",
    )


@router.get("/library/{campaign}/transcripts/{number}")
def show(request: Request, store: StoreHere, user: SignedIn, campaign: str, number: int) -> Response:
    found = nameless.text(store, user, campaign, number)
    title = libraries.campaign(store, campaign).title
    return page(request, "library_transcript.html", campaign=campaign, title=title, found=found)


@router.post("/library/{campaign}/transcripts")
def allow(store: StoreHere, user: SignedIn, campaign: str, on: Annotated[str, Form()] = "") -> Response:
    """Whether editors may read here."""
    nameless.allow(store, user, campaign, on == "1")
    return RedirectResponse(f"/library/{campaign}/versions", 303)
