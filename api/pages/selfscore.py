"""Judge my own call first: hear it without scores, score it, then compare."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api.context import SignedIn, StoreHere
from api.language import language
from api.pages.call import judged as judged_view
from api.render import page
from assist.analysis.findings import SKILLS
from assist.analysis.scale import anchors, step_of
from assist.calls import calls
from assist.calls.calls import Call
from assist.coaching import selfscore
from assist.coaching.judged import judged_call
from assist.coaching.selfscore import SelfScore
from assist.errors import NotFound
from assist.people.users import User
from assist.store import Store

router = APIRouter()


@router.get("/calls/{call_id}/self")
def show(request: Request, store: StoreHere, user: SignedIn, call_id: int) -> Response:
    """The form for the agent who has not judged it yet; the comparison afterwards and for whom it is shared with."""
    call = calls.get(store, user, call_id)
    known = selfscore.of_call(store, user, call)
    if known is not None:
        return page(request, "self/compared.html", call=call, **_compared(request, store, user, call, known))
    if call.agent_id != user.id:
        raise NotFound
    return _form(request, store, selfscore.own_call(store, user, call_id))


@router.post("/calls/{call_id}/self")
async def save(request: Request, store: StoreHere, user: SignedIn, call_id: int) -> Response:
    form = await request.form()
    steps = {skill: _step(str(form.get(skill, ""))) for skill in SKILLS if str(form.get(skill, ""))}
    strength, change = (str(form.get(name, "")) for name in ("strength", "change"))
    selfscore.save(store, user, call_id, steps, strength, change)
    return RedirectResponse(f"/calls/{call_id}/self", 303)


@router.post("/calls/{call_id}/self/share")
def share(store: StoreHere, user: SignedIn, call_id: int, shared: Annotated[str, Form()] = "1") -> Response:
    selfscore.share(store, user, call_id, shared == "1")
    return RedirectResponse(f"/calls/{call_id}/self", 303)


def _form(request: Request, store: Store, call: Call) -> Response:
    judged, tag = judged_call(store, call), language(request)
    return page(
        request,
        "self/form.html",
        call=call,
        content_language=judged.library.language,
        turns=judged.lines,
        anchors={skill: anchors(judged.rubric, skill, tag) for skill in SKILLS},
    )


def _compared(request: Request, store: Store, user: User, call: Call, known: SelfScore) -> dict[str, Any]:
    judged, tag = judged_call(store, call), language(request)
    seen = judged_view(store, call)
    return {
        "known": known,
        "mine": call.agent_id == user.id,
        "content_language": judged.library.language,
        "anchors": {skill: anchors(judged.rubric, skill, tag) for skill in SKILLS},
        "cards": [seen.score(skill) for skill in SKILLS] if seen else [],
        "step_of": step_of,
    }


def _step(text: str) -> int | None:
    """A step; None for no occasion; 0, which is none, for anything else."""
    if text == "none":
        return None
    return int(text) if text.isdecimal() and len(text) == 1 else 0
