"""Two versions or drafts side by side, with the words that changed."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.context import SignedIn, StoreHere
from api.render import page
from api.views.comparing import library_of, side_of, sides
from assist.scripts.compare import compare

router = APIRouter()


@router.get("/compare")
def show(request: Request, store: StoreHere, user: SignedIn, old: str, new: str, all: str = "") -> Response:
    left, right = side_of(store, user, old), side_of(store, user, new)
    library = library_of(store, user, right)
    return page(
        request,
        "compare.html",
        left=left,
        right=right,
        library=library,
        options=sides(store, user, right.campaign, left, right),
        comparison=compare(library_of(store, user, left), library),
        whole=all == "1",
    )
