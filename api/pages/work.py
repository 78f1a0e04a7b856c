"""For administrators: what waits to be worked on, who works on it, and the switch that pauses it."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.context import SignedIn, StoreHere
from api.render import page
from assist.fleet import overview, switch
from assist.people import access

router = APIRouter()


@router.get("/work")
def show(request: Request, store: StoreHere, user: SignedIn) -> Response:
    access.require(user, "work.pause")
    return page(request, "work.html", work=overview.of(store))


@router.post("/work/pause")
def pause(store: StoreHere, user: SignedIn) -> Response:
    switch.pause(store, user)
    return RedirectResponse("/work", 303)


@router.post("/work/resume")
def resume(store: StoreHere, user: SignedIn) -> Response:
    switch.resume(store, user)
    return RedirectResponse("/work", 303)
