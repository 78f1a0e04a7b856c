"""Clips of calls: cutting one out of a call, the case library, one clip with its sound, sharing, changing."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import FileResponse, RedirectResponse, Response

from api import filters
from api.audio import RecordingGone
from api.context import SettingsHere, SignedIn, StoreHere
from api.forms import fields_of
from api.language import language
from api.render import page
from api.views.found import finds
from api.views.versions import campaigns_seen
from assist.analysis.findings import SKILLS
from assist.calls import calls, cuts
from assist.calls.calls import Call
from assist.coaching import clips, muting, playlists
from assist.coaching.clip_words import NothingHeard
from assist.coaching.clips import AUDIENCES, OUTCOMES, SHARED, Clip, Filters
from assist.people import access, audit
from assist.people.users import User
from assist.store import Store, libraries
from assist.transcript import Turn

router = APIRouter()

_NAMES = ("text", "outcome", "audience", "skill", "point", "objection", "campaign", "shared", "mine", "page")


@router.get("/cases")
def cases(request: Request, store: StoreHere, user: SignedIn) -> Response:
    """The clips one may hear, the latest first."""
    given = {name: request.query_params.get(name, "").strip()[:80] for name in _NAMES}
    plain: dict[str, Any] = {name: given[name] or None for name in _NAMES if name not in ("mine", "page")}
    wanted = Filters(
        **plain,
        maker=user.id if given["mine"] == "1" else None,
        page=int(given["page"]) if given["page"].isdecimal() else 1,
    )
    context: dict[str, Any] = {
        "found": clips.listing(store, user, wanted),
        "given": given,
        "filtered": any(value for name, value in given.items() if name != "page"),
        "address": lambda number: filters.address(given, number, "/cases"),
        "finds": finds(store, given["campaign"], language(request)),
        "campaigns": campaigns_seen(store, user),
        "may_make": access.allows(user, "clip.make"),
        **choices(),
    }
    return page(request, "cases.html", **context)


@router.get("/calls/{call_id}/clip")
def cut(request: Request, store: StoreHere, user: SignedIn, call_id: int, start: str = "", end: str = "") -> Response:
    """Choosing turns or seconds of a call for a clip."""
    access.require(user, "clip.make")
    call = calls.get(store, user, call_id)
    turns = _turns(store, call)
    if not turns:
        raise NothingHeard
    first, last = _number(start), _number(end)
    span = (first, last) if first is not None else None
    chosen = [turn.id for turn in turns if span and _inside(turn, span)]
    return page(
        request, "clip_new.html", call=call, turns=turns, chosen=chosen, start=first, end=last,
        finds=finds(store, call.campaign or "", language(request)), may_share=access.allows(user, "clip.share"),
        ended=clips.ended(call), **choices(),
    )  # fmt: skip


@router.post("/calls/{call_id}/clip")
async def make(request: Request, store: StoreHere, user: SignedIn, call_id: int) -> Response:
    """The clip of the seconds given, or of the turns that are ticked."""
    return _make(store, user, call_id, await fields_of(request))


def _make(store: Store, user: User, call_id: int, fields: list[tuple[str, str]]) -> Response:
    told = dict(fields)
    call = calls.get(store, user, call_id)
    start, end = _number(told.get("start", "")), _number(told.get("end", ""))
    ticked = {value for name, value in fields if name == "turn"}
    turns = [turn for turn in _turns(store, call) if str(turn.id) in ticked]
    if start is None or end is None:
        start = turns[0].start if turns else 0.0
        end = max(turn.end for turn in turns) if turns else 0.0
    clip = clips.add(
        store, user, call_id, start, end, told.get("title", ""), told.get("audience", "experienced"),
        told.get("outcome") or None, told.get("hide_names") == "1", shared=told.get("shared") or "nobody",
        **_tags(told),
    )  # fmt: skip
    return RedirectResponse(f"/cases/{clip.id}", 303)


@router.get("/cases/{clip_id}")
def show(request: Request, store: StoreHere, user: SignedIn, clip_id: int) -> Response:
    clip = clips.opened(store, user, clip_id)
    return page(
        request, "case.html", clip=clip, finds=finds(store, clip.campaign, language(request)),
        may_share=clip.may_change and access.allows(user, "clip.share"), language_of_calls=clip_language(store, clip),
        playlists=[one for one in playlists.listing(store, user) if one.may_change], **choices(),
    )  # fmt: skip


@router.get("/clips/{clip_id}/sound")
def sound(store: StoreHere, settings: SettingsHere, user: SignedIn, clip_id: int) -> FileResponse:
    """The clip's seconds and nothing else, in parts where the player asks for parts."""
    return clip_sound(store, settings, user, clips.get(store, user, clip_id))


@router.post("/cases/{clip_id}")
async def change(request: Request, store: StoreHere, user: SignedIn, clip_id: int) -> Response:
    told = dict(await fields_of(request))
    clips.change(
        store, user, clip_id, title=told.get("title", ""), audience=told.get("audience", ""),
        outcome=told.get("outcome", ""), hide_names=told.get("hide_names") == "1",
        start=_number(told.get("start", "")), end=_number(told.get("end", "")), **_tags(told),
    )  # fmt: skip
    return RedirectResponse(f"/cases/{clip_id}", 303)


@router.post("/cases/{clip_id}/share")
def share(store: StoreHere, user: SignedIn, clip_id: int, shared: Annotated[str, Form()]) -> Response:
    clips.share(store, user, clip_id, shared)
    return RedirectResponse(f"/cases/{clip_id}", 303)


@router.post("/cases/{clip_id}/remove")
def remove(store: StoreHere, user: SignedIn, clip_id: int) -> Response:
    clips.remove(store, user, clip_id)
    return RedirectResponse("/cases", 303)


@router.post("/cases/{clip_id}/playlist")
def add_to(
    store: StoreHere,
    user: SignedIn,
    clip_id: int,
    playlist: Annotated[str, Form()] = "",
    title: Annotated[str, Form()] = "",
) -> Response:
    """Into a playlist there is, or into a new one of this title."""
    into = int(playlist) if playlist.isdecimal() else playlists.create(store, user, title).id
    playlists.put(store, user, into, clip_id)
    return RedirectResponse(f"/playlists/{into}", 303)


def clip_sound(store: Store, settings: SettingsHere, user: User, clip: Clip) -> FileResponse:
    """Raises RecordingGone. Who hears clips of all teams leaves a trace."""
    if access.leaves_trace(user):
        audit.record_once(store, user, "clip.play", f"clip:{clip.id}", within=calls.TRACE_EVERY)
    path = cuts.sound(
        settings, calls.load(store, clip.call_id).sha256, clip.start, clip.end, muting.silent(store, clip)
    )
    if path is None:
        raise RecordingGone
    headers = {"Cache-Control": "private, no-store", "Content-Disposition": "inline"}
    return FileResponse(path, media_type="audio/wav", headers=headers)


def choices() -> dict[str, Any]:
    """What forms of clips offer."""
    return {"audiences": AUDIENCES, "outcomes": OUTCOMES, "skills": SKILLS, "shared_with": SHARED}


def clip_language(store: Store, clip: Clip) -> str:
    call = calls.load(store, clip.call_id)
    return libraries.library(store, call.library_version_id).language if call.library_version_id else "zh"


def _turns(store: Store, call: Call) -> tuple[Turn, ...]:
    transcript = calls.transcript(store, call)
    return transcript.turns if transcript else ()


def _inside(turn: Turn, span: tuple[float, float | None]) -> bool:
    """Whether a turn is in a span; without an end the turn that holds the beginning."""
    start, end = span
    if end is None:
        return turn.start <= start < turn.end
    return turn.end > start and turn.start < end


def _tags(told: dict[str, str]) -> dict[str, str]:
    return {name: told.get(name, "") for name in ("note", "skill", "point", "objection")}


def _number(text: str) -> float | None:
    """Seconds, also as 1:05.5; None where it is neither."""
    minutes, _, seconds = text.strip().replace("：", ":").rpartition(":")
    try:
        value = float(seconds) + 60 * (int(minutes) if minutes else 0)
    except ValueError:
        return None
    return value if 0 <= value < 1e6 else None
