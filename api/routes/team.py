"""What a team shares: clips, playlists, search, meetings, figures."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from starlette.responses import FileResponse

from api.context import SettingsHere, SignedIn, StoreHere
from api.language import language
from api.pages.cases import clip_sound
from api.routes.schemas import CallOut, Schema, bytes_of, call_out
from assist.analysis.findings import SKILLS
from assist.calls import search as searching
from assist.calls.found import ObjectionIs, PointIs
from assist.calls.listing import Filters
from assist.coaching import clips, evening, figures, noon, playlists
from assist.coaching.periods import Kind, period

router = APIRouter()


class LineOut(Schema):
    speaker: str
    start: float
    end: float
    text: str


class ClipOut(Schema):
    """`start` and `end` are seconds of the call. With `hide_names` agent and customer are empty and their names are
    taken out of the texts."""

    id: int
    call_id: int
    called_at: datetime
    campaign: str
    agent: str
    team: str
    customer: str
    start: float
    end: float
    seconds: float
    title: str
    note: str
    outcome: str
    audience: str
    skill: str
    point: str
    objection: str
    hide_names: bool
    shared: str
    made_by: str
    made_at: datetime
    lines: list[LineOut]
    may_open: bool
    may_change: bool


class ClipIn(Schema):
    """`outcome` won, lost or neutral (null: by how the call ended); `audience` newcomer, experienced or model; `shared`
    nobody, team or all."""

    call_id: int
    start: float
    end: float
    title: str
    audience: str = "experienced"
    outcome: str | None = None
    hide_names: bool = False
    note: str = ""
    skill: str = ""
    point: str = ""
    objection: str = ""
    shared: str = "nobody"


class ClipChange(Schema):
    """What is left out stays."""

    start: float | None = None
    end: float | None = None
    title: str | None = None
    audience: str | None = None
    outcome: str | None = None
    hide_names: bool | None = None
    note: str | None = None
    skill: str | None = None
    point: str | None = None
    objection: str | None = None
    shared: str | None = None


class ClipsPage(Schema):
    clips: list[ClipOut]
    total: int
    page: int
    pages: int


class PlaylistOut(Schema):
    id: int
    title: str
    note: str
    shared: str
    team: str
    made_by: str
    made_at: datetime
    changed_at: datetime
    seconds: float
    may_change: bool


class PlaylistFull(PlaylistOut):
    """`closed` counts the clips in it that are not shared with you."""

    clips: list[ClipOut]
    closed: int


class PlaylistIn(Schema):
    title: str
    note: str = ""
    shared: str = "nobody"
    clips: list[int] = Field(default_factory=list)


class PieceOut(Schema):
    text: str
    marked: bool


class SentenceOut(Schema):
    turn: int
    speaker: str
    start: float
    pieces: list[PieceOut]


class HitOut(Schema):
    call: CallOut
    sentences: list[SentenceOut]


class SearchOut(Schema):
    """With `more` there are more calls than `total`."""

    hits: list[HitOut]
    total: int
    more: bool
    page: int
    pages: int


@router.get("/clips")
def list_clips(
    store: StoreHere,
    user: SignedIn,
    text: str | None = None,
    outcome: str | None = None,
    audience: str | None = None,
    skill: str | None = None,
    point: str | None = None,
    objection: str | None = None,
    campaign: str | None = None,
    call_id: int | None = None,
    agent_id: int | None = None,
    shared: str | None = None,
    page: Annotated[int, Query(ge=1)] = 1,
    per_page: Annotated[int, Query(ge=1, le=100)] = 24,
) -> ClipsPage:
    """The clips you may hear, the latest first."""
    wanted = clips.Filters(
        text=text, outcome=outcome, audience=audience, skill=skill, point=point, objection=objection, campaign=campaign,
        call_id=call_id, agent_id=agent_id, shared=shared, page=page, per_page=per_page,
    )  # fmt: skip
    return ClipsPage.model_validate(clips.listing(store, user, wanted))


@router.post("/clips", status_code=201)
def cut_clip(store: StoreHere, user: SignedIn, clip: ClipIn) -> ClipOut:
    """Cuts a clip out of a call you may read; sharing it at once is for leads."""
    return ClipOut.model_validate(clips.add(store, user, **clip.model_dump()))


@router.get("/clips/{clip_id}")
def get_clip(store: StoreHere, user: SignedIn, clip_id: int) -> ClipOut:
    return ClipOut.model_validate(clips.opened(store, user, clip_id))


@router.get("/clips/{clip_id}/sound", response_class=Response, responses=bytes_of("audio/wav"))
def get_clip_sound(store: StoreHere, settings: SettingsHere, user: SignedIn, clip_id: int) -> FileResponse:
    """The clip's seconds as WAV; ranges are answered."""
    return clip_sound(store, settings, user, clips.get(store, user, clip_id))


@router.patch("/clips/{clip_id}")
def change_clip(store: StoreHere, user: SignedIn, clip_id: int, change: ClipChange) -> ClipOut:
    clip = clips.get(store, user, clip_id)
    told = change.model_dump(exclude_none=True)
    shared = told.pop("shared", None)
    with store.write():
        if told:
            stays = {name: getattr(clip, name) for name in ClipChange.model_fields if name != "shared"}
            clips.change(store, user, clip_id, **stays | told)
        if shared is not None:
            clips.share(store, user, clip_id, shared)
    return ClipOut.model_validate(clips.get(store, user, clip_id))


@router.delete("/clips/{clip_id}", status_code=204)
def remove_clip(store: StoreHere, user: SignedIn, clip_id: int) -> None:
    clips.remove(store, user, clip_id)


@router.get("/playlists")
def list_playlists(store: StoreHere, user: SignedIn) -> list[PlaylistOut]:
    return [PlaylistOut.model_validate(one) for one in playlists.listing(store, user)]


@router.post("/playlists", status_code=201)
def make_playlist(store: StoreHere, user: SignedIn, playlist: PlaylistIn) -> PlaylistFull:
    with store.write():
        made = playlists.create(store, user, playlist.title, playlist.note, playlist.shared)
        for clip_id in playlist.clips:
            playlists.put(store, user, made.id, clip_id)
    return _playlist(store, user, made.id)


@router.get("/playlists/{playlist_id}")
def get_playlist(store: StoreHere, user: SignedIn, playlist_id: int) -> PlaylistFull:
    """The playlist with those of its clips that you may hear, in their order."""
    return _playlist(store, user, playlist_id)


@router.put("/playlists/{playlist_id}/clips")
def fill_playlist(store: StoreHere, user: SignedIn, playlist_id: int, clip_ids: list[int]) -> PlaylistFull:
    """These clips in this order and no others."""
    with store.write():
        for clip in playlists.get(store, user, playlist_id).clips:
            if clip.id not in clip_ids:
                playlists.take_out(store, user, playlist_id, clip.id)
        for clip_id in clip_ids:
            playlists.put(store, user, playlist_id, clip_id)
        playlists.order(store, user, playlist_id, clip_ids)
    return _playlist(store, user, playlist_id)


@router.delete("/playlists/{playlist_id}", status_code=204)
def remove_playlist(store: StoreHere, user: SignedIn, playlist_id: int) -> None:
    playlists.remove(store, user, playlist_id)


@router.get("/search")
def search_calls(
    request: Request,
    store: StoreHere,
    settings: SettingsHere,
    user: SignedIn,
    q: Annotated[str, Query(max_length=200, description="Words, “phrases”, -not this")] = "",
    agent_id: int | None = None,
    team_id: int | None = None,
    campaign: str | None = None,
    outcome: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    point: str | None = None,
    point_is: PointIs = "missed",
    objection: str | None = None,
    objection_is: ObjectionIs | None = None,
    criterion: Annotated[str | None, Query(description="skill/id: calls in which it was missed")] = None,
    rule: Annotated[str | None, Query(description="A rule that raised a flag")] = None,
    skill: Annotated[str | None, Query(description=f"{', '.join(SKILLS)} or overall")] = None,
    at_least: int | None = None,
    below: int | None = None,
    page: Annotated[int, Query(ge=1)] = 1,
    per_page: Annotated[int, Query(ge=1, le=100)] = 20,
) -> SearchOut:
    """Calls by what is said in them and what was found, the latest first."""
    first, last = (at.replace(tzinfo=at.tzinfo or settings.zone) if at else None for at in (since, until))
    wanted = Filters(
        agent_id=agent_id, team_id=team_id, campaign=campaign, outcome=outcome, since=first, until=last, point=point,
        point_is=point_is, objection=objection, objection_is=objection_is, criterion=criterion, rule=rule, skill=skill,
        at_least=at_least, below=below, page=page, per_page=per_page,
    )  # fmt: skip
    found = searching.search(store, user, q, wanted)
    tag = language(request)
    hits = [HitOut(call=call_out(hit.call, tag), sentences=[SentenceOut.model_validate(s) for s in hit.sentences])
            for hit in found.hits]  # fmt: skip
    return SearchOut(hits=hits, total=found.total, more=found.more, page=found.page, pages=found.pages)


@router.get("/meetings/noon")
def noon_hour(store: StoreHere, user: SignedIn, day: date, team_id: int | None = None) -> dict[str, Any]:
    """Three calls of a day to hear together, with the seconds to hear and what else could be taken."""
    return asdict(noon.noon(store, user, day, team_id))


@router.put("/meetings/noon/{slot}", status_code=204)
def choose_for_noon(
    store: StoreHere, user: SignedIn, slot: str, day: date, call_id: int | None = None, team_id: int | None = None
) -> None:
    """Takes a call for good, lost or objection; without `call_id` back to what is proposed."""
    noon.choose(store, user, day, slot, call_id, team_id)


@router.get("/meetings/evening")
def evening_meeting(
    request: Request,
    store: StoreHere,
    settings: SettingsHere,
    user: SignedIn,
    day: date,
    kind: Literal["day", "week"] = "week",
    team_id: int | None = None,
) -> dict[str, Any]:
    """What most agents of a team missed in the day or week that `day` is in, beside the time before."""
    span = period(kind, day, settings.zone)
    return asdict(evening.evening(store, user, span, team_id, language(request)))


@router.get("/figures")
def team_figures(
    store: StoreHere,
    settings: SettingsHere,
    user: SignedIn,
    day: date,
    kind: Literal["week", "month"] = "week",
    team_id: int | None = None,
    by: Literal["team", "agent"] = "team",
) -> dict[str, Any]:
    """A week or month of each team you hold meetings for, or of the agents of one, beside the period before."""
    chosen: Kind = kind
    span = period(chosen, day, settings.zone)
    if by == "agent" and team_id is not None:
        rows = figures.by_agent(store, user, span, team_id)
    else:
        rows = figures.by_team(store, user, span, team_id)
    before = span.before
    return {
        "since": span.first,
        "until": span.last,
        "before": {"since": before.first, "until": before.last},
        "rows": [_row(row) for row in rows],
    }


def _row(row: figures.Row) -> dict[str, Any]:
    sides = {"now": _side(row.now), "before": _side(row.before)}
    return {"key": row.key, "name": row.name, **sides, "moved": {name: row.moved(name) for name in figures.SCORES}}


def _side(side: figures.Figures) -> dict[str, Any]:
    names = ("calls", "judged", "outcomes", "flagged", "sessions", "kept", "decided")
    means = {name: {"count": one.count, "mean": one.value, "interval": one.interval} for name, one in
             side.scores.items()}  # fmt: skip
    return {name: getattr(side, name) for name in names} | {"scores": means}


def _playlist(store: StoreHere, user: SignedIn, playlist_id: int) -> PlaylistFull:
    opened = playlists.get(store, user, playlist_id)
    plain = PlaylistOut.model_validate(opened.playlist).model_dump()
    shown = [ClipOut.model_validate(clip) for clip in opened.clips]
    return PlaylistFull(**plain, clips=shown, closed=opened.closed)
