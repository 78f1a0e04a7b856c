"""The upload page. The files themselves go to `PUT /api/recordings`, one request each."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.context import SignedIn, StoreHere
from api.pages.calls import agents_of
from api.render import page
from api.views.versions import campaigns_seen
from assist.people import access

router = APIRouter()


@router.get("/upload")
def form(request: Request, store: StoreHere, user: SignedIn) -> Response:
    access.require(user, "call.upload")
    return page(request, "upload.html", agents=agents_of(store, user), campaigns=campaigns_seen(store, user))
