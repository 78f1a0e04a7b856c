"""Drafts of talk tracks: write, hand in, publish, compare, import."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Body, Query, Request, Response
from starlette.responses import JSONResponse, PlainTextResponse

from api.context import DeskHere, SettingsHere, SignedIn, StoreHere
from api.errors import body
from api.language import language
from api.routes.draft_schemas import (
    ChangeOut,
    ClashOut,
    ComparisonOut,
    DraftOut,
    EditedMeanwhileOut,
    ImportOut,
    LineOut,
    OverlapOut,
    ProblemOut,
)
from api.routes.schemas import Note, VersionOut, bytes_of
from api.views.comparing import library_of, side_of
from api.views.problems import told
from assist.errors import Conflict
from assist.people import access
from assist.scripts.checks import check
from assist.scripts.compare import compare
from assist.scripts.formats import importing, yaml_format
from assist.scripts.formats.containers import MOST_BYTES
from assist.store import draft_history, drafts, libraries, publishing
from assist.store.drafts import EditedMeanwhile

router = APIRouter()

Yaml = Annotated[str, Body(media_type="application/yaml", max_length=2 * 1024 * 1024)]
_CLASH: dict[int | str, dict[str, object]] = {409: {"model": EditedMeanwhileOut}}


@router.get("/drafts")
def list_drafts(store: StoreHere, user: SignedIn, campaign: str | None = None, closed: bool = False) -> list[DraftOut]:
    return [DraftOut.model_validate(draft) for draft in drafts.listing(store, user, campaign, closed=closed)]


@router.post("/drafts", status_code=201)
def create_draft(store: StoreHere, user: SignedIn, source: Yaml, name: str = "", note: str = "") -> DraftOut:
    """A draft of the campaign the text names. Texts and lists in it may be empty."""
    return DraftOut.model_validate(drafts.create(store, user, source, name, note))


@router.get("/drafts/{draft_id}")
def get_draft(store: StoreHere, user: SignedIn, draft_id: int) -> DraftOut:
    return DraftOut.model_validate(drafts.get(store, user, draft_id))


@router.get("/drafts/{draft_id}/source", response_class=Response, responses=bytes_of("application/yaml"))
def get_draft_source(store: StoreHere, user: SignedIn, draft_id: int, revision: int | None = None) -> PlainTextResponse:
    """The text of a revision (`assist-library/1`, YAML), the newest without one."""
    return PlainTextResponse(drafts.source(store, user, draft_id, revision), media_type="application/yaml")


@router.put("/drafts/{draft_id}/source", responses=_CLASH, response_model=DraftOut)
def save_draft(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    draft_id: int,
    source: Yaml,
    based_on: Annotated[int, Query(description="The revision the text was made from")],
    merge: Annotated[bool, Query(description="Put it together with what others changed meanwhile")] = False,
    mine: Annotated[list[str] | None, Query(description="Keys of clashes to settle with this text")] = None,
    theirs: Annotated[list[str] | None, Query(description="Keys of clashes to settle with the other text")] = None,
) -> DraftOut | JSONResponse:
    """The next revision. Where somebody saved meanwhile: 409 with both texts, never a silent overwrite."""
    choices: dict[str, drafts.merging.Side] = dict.fromkeys(theirs or (), "theirs")
    choices |= dict.fromkeys(mine or (), "mine")
    try:
        saved = drafts.save(store, user, draft_id, source, based_on, merge=merge, choices=choices)
    except EditedMeanwhile as error:
        clashes = error.merge.clashes if error.merge else ()
        texts = {name: getattr(error, name) for name in ("by", "revision", "base", "mine", "theirs")}
        shown = [ClashOut.model_validate(clash).model_dump() for clash in clashes]
        return JSONResponse(body(error, language(request)) | texts | {"clashes": shown}, 409)
    return DraftOut.model_validate(saved)


@router.get("/drafts/{draft_id}/problems")
def check_draft(request: Request, store: StoreHere, user: SignedIn, draft_id: int) -> list[ProblemOut]:
    """What is missing, stands twice, or is too near to something else."""
    problems = told(check(drafts.library(store, user, draft_id)), language(request))
    return [ProblemOut.model_validate(problem) for problem in problems]


@router.get("/drafts/{draft_id}/overlaps", responses={202: {"model": list[OverlapOut]}})
def draft_overlaps(
    request: Request, response: Response, store: StoreHere, user: SignedIn, desk: DeskHere, draft_id: int
) -> list[OverlapOut]:
    """What the newest revision cannot tell apart, by meaning and sound. It is looked for in the background: 202 with
    nothing until it is known."""
    notices = desk.overlaps(drafts.library(store, user, draft_id))
    if notices is None:
        response.status_code = 202
    return [OverlapOut.model_validate(notice.to_dict(language(request))) for notice in notices or ()]


@router.get("/drafts/{draft_id}/history")
def draft_changes(store: StoreHere, user: SignedIn, draft_id: int) -> list[ChangeOut]:
    return [ChangeOut.model_validate(change) for change in draft_history.history(store, user, draft_id)]


@router.post("/drafts/{draft_id}/restore")
def restore_draft(store: StoreHere, user: SignedIn, draft_id: int, revision: int) -> DraftOut:
    """An earlier revision's text as the newest."""
    return DraftOut.model_validate(drafts.restore(store, user, draft_id, revision))


@router.post("/drafts/{draft_id}/submit")
def submit_draft(store: StoreHere, user: SignedIn, draft_id: int, why: Note | None = None) -> DraftOut:
    return DraftOut.model_validate(drafts.submit(store, user, draft_id, why.note if why else ""))


@router.post("/drafts/{draft_id}/send-back")
def send_draft_back(store: StoreHere, user: SignedIn, draft_id: int, why: Note | None = None) -> DraftOut:
    return DraftOut.model_validate(drafts.send_back(store, user, draft_id, why.note if why else ""))


@router.post("/drafts/{draft_id}/discard")
def discard_draft(store: StoreHere, user: SignedIn, draft_id: int, why: Note | None = None) -> DraftOut:
    return DraftOut.model_validate(drafts.discard(store, user, draft_id, why.note if why else ""))


@router.post("/drafts/{draft_id}/rebase")
def rebase_draft(store: StoreHere, user: SignedIn, draft_id: int) -> DraftOut:
    """Takes in what was published since the draft was begun."""
    return DraftOut.model_validate(publishing.rebase(store, user, draft_id))


@router.post("/drafts/{draft_id}/publish", status_code=201)
def publish_draft(
    store: StoreHere,
    settings: SettingsHere,
    user: SignedIn,
    draft_id: int,
    revision: Annotated[int, Query(description="The revision you looked at")],
    in_force_from: datetime | None = None,
    note: Annotated[str, Query(max_length=500)] = "",
    anyway: bool = False,
) -> VersionOut:
    if in_force_from is not None and in_force_from.tzinfo is None:
        in_force_from = in_force_from.replace(tzinfo=settings.zone)
    if not drafts.get(store, user, draft_id).campaign:
        raise Conflict
    made = publishing.publish(store, user, draft_id, revision, in_force_from, note, anyway=anyway)
    return VersionOut.model_validate(made)


@router.get("/compare")
def compare_libraries(
    store: StoreHere,
    user: SignedIn,
    old: Annotated[str, Query(description="v12: a version, d3: a draft, d3.7: a revision of it")],
    new: str,
) -> ComparisonOut:
    """Two versions or drafts side by side, with the words that changed."""
    left, right = (library_of(store, user, side_of(store, user, ref)) for ref in (old, new))
    return ComparisonOut.model_validate(compare(left, right))


@router.post("/imports")
def import_file(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    content: Annotated[bytes, Body(media_type="application/octet-stream", max_length=MOST_BYTES)],
    name: str,
    campaign: Annotated[str | None, Query(description="The campaign that the file renews")] = None,
) -> ImportOut:
    """What a file says (docx, xlsx, csv, md, txt, yaml), line by line. Nothing is saved."""
    access.require(user, "library.draft")
    known = libraries.seen(store, user, campaign) if campaign else []
    found = importing.read(content, name, libraries.library(store, known[0].id) if known else None)
    tag = language(request)
    return ImportOut(
        kind=found.kind,
        library=yaml_format.dumps(found.library),
        lines=[
            LineOut(
                number=line.number,
                place=line.place.text(tag),
                written=line.written,
                text=line.text,
                role=line.role,
                sure=line.sure,
                target=line.target,
            )
            for line in found.lines
        ],
        notices=[notice.text(tag) for notice in found.warnings],
    )
