"""Blind scoring: a call without its agent, its customer and the machine's word on it; afterwards the comparison."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import FileResponse, RedirectResponse, Response

from api.audio import playable
from api.context import SettingsHere, SignedIn, StoreHere
from api.language import language
from api.render import page
from api.views.reviews import tabs
from assist.analysis.findings import SKILLS
from assist.analysis.scale import anchors, step_of
from assist.calls import traces
from assist.calls.calls import Call
from assist.coaching import blind
from assist.coaching.blind import FOCUSES, BadScore, Given
from assist.coaching.judged import judged_call
from assist.coaching.masking import hidden
from assist.people import access
from assist.people.users import User
from assist.store import Store

router = APIRouter()


@router.get("/blind")
def start(request: Request, store: StoreHere, user: SignedIn) -> Response:
    """What it is for, and the way to the call that is open or a new one."""
    access.require(user, "call.blind-score")
    return page(
        request,
        "blind/start.html",
        tabs=tabs(store, user, "/blind"),
        open=blind.open_one(store, user),
        scored=blind.scored(store, user),
        nothing=request.query_params.get("nothing") == "1",
    )


@router.post("/blind")
def draw(store: StoreHere, user: SignedIn) -> Response:
    try:
        found = blind.draw(store, user)
    except blind.NothingToScore:
        return RedirectResponse("/blind?nothing=1", 303)
    return RedirectResponse(f"/blind/{found.id}", 303)


@router.get("/blind/{blind_id}")
def show(request: Request, store: StoreHere, user: SignedIn, blind_id: int) -> Response:
    found, call = blind.get(store, user, blind_id), blind.call_of(store, user, blind_id)
    if found.state == "scored":
        return page(request, "blind/compared.html", **_compared(request, store, user, call, blind_id))
    if found.state == "passed":
        return RedirectResponse("/blind", 303)
    return page(request, "blind/score.html", **_form(request, store, user, call, blind_id))


@router.get("/blind/{blind_id}/audio")
def audio(store: StoreHere, settings: SettingsHere, user: SignedIn, blind_id: int) -> FileResponse:
    call = blind.call_of(store, user, blind_id)
    traces.heard(store, user, call.id)
    return playable(settings, call)


@router.post("/blind/{blind_id}")
async def score(request: Request, store: StoreHere, user: SignedIn, blind_id: int) -> Response:
    blind.score(store, user, blind_id, _given(await request.form()))
    return RedirectResponse(f"/blind/{blind_id}", 303)


@router.post("/blind/{blind_id}/pass")
def put_aside(store: StoreHere, user: SignedIn, blind_id: int) -> Response:
    blind.put_aside(store, user, blind_id)
    return RedirectResponse("/blind", 303)


def _form(request: Request, store: Store, user: User, call: Call, blind_id: int) -> dict[str, Any]:
    judged, tag = judged_call(store, call), language(request)
    spoken = [turn for turn in judged.lines if turn.text]
    return {
        "tabs": tabs(store, user, "/blind"),
        "number": blind_id,
        "campaign": call.campaign_title,
        "content_language": judged.library.language,
        "turns": [
            {"speaker": turn.speaker, "start": turn.start, "text": hidden(turn.text, call.agent, call.customer)}
            for turn in spoken
        ],
        "anchors": {skill: anchors(judged.rubric, skill, tag) for skill in SKILLS},
        "criteria": {
            skill: [(one.id, one.title(tag[:2])) for one in judged.rubric.skills[skill].criteria if one.weight]
            for skill in SKILLS
        },
        "focuses": FOCUSES,
    }


def _compared(request: Request, store: Store, user: User, call: Call, blind_id: int) -> dict[str, Any]:
    judged, tag = judged_call(store, call), language(request)
    found = blind.marks(store, blind_id)
    titles = {(skill, one.id): one.title(tag[:2]) for skill in SKILLS for one in judged.rubric.skills[skill].criteria}
    lines = {
        (skill, line["id"]): line
        for skill in SKILLS
        for line in judged.machine["scores"].get(skill, {}).get("criteria", [])
    }
    starts = {turn.id: turn.start for turn in judged.transcript.turns}
    return {
        "tabs": tabs(store, user, "/blind"),
        "given": blind.get(store, user, blind_id),
        "call": call,
        "content_language": judged.library.language,
        "skills": sorted((one for one in found if not one.criterion), key=lambda one: SKILLS.index(one.skill)),
        "criteria": [(one, titles.get((one.skill, one.criterion), one.criterion)) for one in found if one.criterion],
        "lines": {
            skill: [lines[key] | {"starts": _starts(lines[key], starts)} for key in lines if key[0] == skill]
            for skill in SKILLS
        },
        "step_of": step_of,
    }


def _starts(line: dict[str, Any], starts: dict[int, float]) -> list[float]:
    return [starts[turn] for turn in line["evidence"] if turn in starts][:3]


def _given(form: FormData) -> Given:
    """What the form says. Raises BadScore."""
    given = {key: str(value).strip() for key, value in form.items()}
    try:
        skills = {skill: None if given.get(f"none-{skill}") else int(given.get(skill, "")) for skill in SKILLS}
        criteria = {
            (skill, name): float(value)
            for key, value in given.items()
            if key.count("/") == 1 and value
            for skill, name in [tuple(key.split("/"))]
        }
    except ValueError as error:
        raise BadScore from error
    needed = given.get("needed") == "1"
    return Given(skills, criteria, given.get("focus", "none"), needed, given.get("note", ""))
