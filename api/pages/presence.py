"""Who else has a draft open, for the editors of talk tracks and of the rubric."""

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from api.context import SignedIn, StoreHere
from api.language import language
from assist.store import drafts, visits
from assist.texts import N_, translate

router = APIRouter()

_ONE, _MORE = N_("%(names)s has this draft open too"), N_("%(names)s have this draft open too")


@router.post("/drafts/{draft_id}/presence")
def here(request: Request, store: StoreHere, user: SignedIn, draft_id: int, left: bool = False) -> Response:
    """Says that the page is open, or that it is being left; answers with who else is there."""
    if left:
        visits.leave(store, user, draft_id)
        return Response(status_code=204)
    others = visits.visit(store, user, draft_id)
    tag = language(request)
    names = ("、" if tag.startswith("zh") else ", ").join(others)
    text = translate(_ONE if len(others) == 1 else _MORE, tag) % {"names": names} if others else ""
    return JSONResponse({"text": text, "revision": drafts.get(store, user, draft_id).revision})
