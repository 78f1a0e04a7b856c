"""The rubric: how calls are scored, in versions like a talk track, written as the text it is."""

from collections.abc import Callable
from importlib.resources import files
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from api.context import SignedIn, StoreHere
from api.errors import status_of
from api.language import language
from api.pages.reviewing import CORRECTABLE, Publication
from api.render import page
from api.views.comparing import line_rows
from assist.errors import AssistError, InputError
from assist.people import access
from assist.people.users import User
from assist.store import Store, draft_history, drafts, publishing, rubrics, second_person
from assist.store.clock import now
from assist.store.drafts import Draft, EditedMeanwhile

router = APIRouter()

MOST = 200_000
_ABOUT = "rubric"


@router.get("/rubric")
def show(request: Request, store: StoreHere, user: SignedIn) -> Response:
    """The rubric in force, its versions and what is on its way."""
    access.require(user, "library.foresee")
    known = drafts.listing(store, user, kind=_ABOUT)
    return page(
        request,
        "rubric.html",
        text=rubrics.in_force(store, now()) or shipped(),
        versions=rubrics.versions(store),
        at=now(),
        drafts=known,
        may={right: access.allows(user, f"library.{right}") for right in ("draft", "rules")},
        second_person=second_person.needed(store, _ABOUT),
    )


@router.post("/rubric/rules")
def rules(store: StoreHere, user: SignedIn, on: Annotated[str, Form()] = "") -> Response:
    second_person.demand(store, user, _ABOUT, on == "1")
    return RedirectResponse("/rubric", 303)


@router.post("/rubric/drafts")
def create(store: StoreHere, user: SignedIn, version: Annotated[str, Form()] = "") -> Response:
    """A draft that begins as a version, as the newest without one."""
    access.require(user, "library.draft")
    number = int(version) if version.isdecimal() else rubrics.newest(store)
    text = rubrics.source(store, number) if number else shipped()
    made = drafts.create(store, user, text, kind=_ABOUT)
    return RedirectResponse(f"/rubric/drafts/{made.id}", 303)


@router.get("/rubric/drafts/{draft_id}")
def edit(request: Request, store: StoreHere, user: SignedIn, draft_id: int) -> Response:
    return _page(request, store, user, _draft(store, user, draft_id))


@router.post("/rubric/drafts/{draft_id}")
def save(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    draft_id: int,
    source: Annotated[str, Form(max_length=MOST)],
    based_on: Annotated[int, Form()],
) -> Response:
    """Where somebody saved meanwhile, both texts are shown; what is sent next is made from the newest."""
    draft = _draft(store, user, draft_id)
    text = source.replace("\r\n", "\n")
    try:
        drafts.save(store, user, draft_id, text, based_on)
    except (InputError, EditedMeanwhile) as error:
        return _page(request, store, user, draft, error, text, based_on)
    return RedirectResponse(f"/rubric/drafts/{draft_id}", 303)


@router.post("/rubric/drafts/{draft_id}/autosave")
def autosave(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    draft_id: int,
    source: Annotated[str, Form(max_length=MOST)],
    based_on: Annotated[int, Form()],
) -> Response:
    """The same for the page's script: the new revision, or why it was not saved. What cannot be read is not saved yet:
    it stays in the page."""
    draft = _draft(store, user, draft_id)
    return _told(request, lambda: drafts.save(store, user, draft.id, source.replace("\r\n", "\n"), based_on))


@router.post("/rubric/drafts/{draft_id}/undo")
def undo(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    draft_id: int,
    to: Annotated[int, Form()],
    based_on: Annotated[int, Form()],
) -> Response:
    """The text of an earlier revision again, unless somebody else saved meanwhile."""
    text = drafts.source(store, user, _draft(store, user, draft_id).id, to)
    return _told(request, lambda: drafts.save(store, user, draft_id, text, based_on), text)


@router.post("/rubric/drafts/{draft_id}/publish")
def publish(
    request: Request, store: StoreHere, user: SignedIn, draft_id: int, asked: Annotated[Publication, Depends()]
) -> Response:
    draft = _draft(store, user, draft_id)
    try:
        asked.make(store, user, draft_id)
    except CORRECTABLE as error:
        return _page(request, store, user, draft, error)
    return RedirectResponse("/rubric", 303)


def shipped() -> str:
    """The text of the rubric that comes with Assist."""
    return (files("assist.analysis") / "rubrics" / "default.yaml").read_text("utf-8")


def _told(request: Request, save: Callable[[], Draft], text: str | None = None) -> JSONResponse:
    try:
        saved = save()
    except AssistError as error:
        conflict = isinstance(error, EditedMeanwhile)
        return JSONResponse({"message": error.text(language(request)), "conflict": conflict}, status_of(error))
    return JSONResponse({"revision": saved.revision, "text": text})


def _draft(store: Store, user: User, draft_id: int) -> Draft:
    """Raises NotFound, also for a draft of a talk track."""
    return drafts.get(store, user, draft_id, _ABOUT)


def _page(
    request: Request,
    store: Store,
    user: User,
    draft: Draft,
    error: AssistError | None = None,
    typed: str = "",
    based_on: int = 0,
) -> Response:
    text = drafts.source(store, user, draft.id)
    base = rubrics.source(store, draft.based_on) if draft.based_on else shipped()
    met = isinstance(error, EditedMeanwhile)
    return page(
        request,
        "rubric_draft.html",
        status=status_of(error) if error else 200,
        draft=draft,
        text=typed or text,
        based_on=draft.revision if met or not based_on else based_on,
        rows=line_rows(text if met else base, typed or text),
        theirs=error.by if isinstance(error, EditedMeanwhile) else "",
        wrong=error.text(language(request)) if error else "",
        newer=isinstance(error, publishing.NewerPublished),
        changes=draft_history.history(store, user, draft.id),
        second_person=second_person.needed(store, _ABOUT),
        may={right: access.allows(user, f"library.{right}") for right in ("draft", "publish", "review")},
    )
