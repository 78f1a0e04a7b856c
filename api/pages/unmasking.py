"""The button that shows a call unmasked for a while, and what campaigns mask."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api import words
from api.context import SignedIn, StoreHere
from api.render import page
from assist.calls import maskings, unmasking
from assist.store import libraries

router = APIRouter()


@router.post("/calls/{call_id}/unmask")
def unmask(store: StoreHere, user: SignedIn, call_id: int, reason: Annotated[str, Form()] = "") -> Response:
    unmasking.unmask(store, user, call_id, reason)
    return RedirectResponse(f"/calls/{call_id}", 303)


@router.post("/calls/{call_id}/mask")
def mask(store: StoreHere, user: SignedIn, call_id: int) -> Response:
    """Masks the call again before its time is over."""
    unmasking.end(store, user, call_id)
    return RedirectResponse(f"/calls/{call_id}", 303)


@router.get("/privacy/masking")
def settings(request: Request, store: StoreHere, user: SignedIn) -> Response:
    found = maskings.listing(store, user)
    titles = {one.id: one.title for one in libraries.campaigns(store)}
    return page(
        request,
        "privacy/masking.html",
        rows=[(name, titles.get(name, name), one) for name, one in found.items()],
        names=words.MASK_NAMES,
        saved=request.query_params.get("saved", ""),
    )


@router.post("/privacy/masking")
def change(
    store: StoreHere,
    user: SignedIn,
    campaign: Annotated[str, Form()] = "",
    numbers: Annotated[str, Form()] = "",
    names: Annotated[str, Form()] = "outside",
    sound: Annotated[str, Form()] = "",
) -> Response:
    given = {"numbers": numbers == "1", "names": names, "sound": sound == "1"}
    maskings.change(store, user, campaign, given)
    return RedirectResponse("/privacy/masking?saved=1", 303)
