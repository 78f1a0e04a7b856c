"""Writing a draft: the editor, saving while typing, what happens when two write at once, history."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from api.context import DeskHere, SignedIn, StoreHere
from api.errors import status_of
from api.forms import fields_of
from api.language import language
from api.pages.reviewing import review
from api.render import page
from api.views.clashes import clash_views, titles_of
from api.views.drafting import blanks, read_form, with_ids
from api.views.problems import told
from assist.analysis import knowledge
from assist.errors import AssistError, NotFound
from assist.people import access
from assist.people.users import User
from assist.scripts.checks import check
from assist.store import Store, draft_history, drafts, libraries, publishing, second_person
from assist.store.draft_kinds import LIBRARY
from assist.store.drafts import Draft, EditedMeanwhile

router = APIRouter()

Fields = Annotated[list[tuple[str, str]], Depends(fields_of)]


@router.post("/drafts")
def create(store: StoreHere, user: SignedIn, version: Annotated[int, Form()]) -> Response:
    """A draft that begins as a version."""
    found = libraries.seen_version(store, user, version)
    draft = drafts.from_version(store, user, found.id)
    return RedirectResponse(f"/drafts/{draft.id}", 303)


@router.get("/drafts/{draft_id}")
def show(request: Request, store: StoreHere, user: SignedIn, draft_id: int) -> Response:
    """The editor; a draft that cannot be changed now is shown as what it changes."""
    draft = drafts.get(store, user, draft_id)
    if draft.about == "rubric":
        return RedirectResponse(f"/rubric/drafts/{draft_id}", 303)
    if draft.state != "draft" or not access.allows(user, "library.draft"):
        return review(request, store, user, draft)
    return _editor(request, store, user, draft)


@router.post("/drafts/{draft_id}")
def save(request: Request, store: StoreHere, user: SignedIn, draft_id: int, fields: Fields) -> Response:
    """Saves what the form says together with what others changed meanwhile; where that does not go, both are shown."""
    try:
        _save(store, user, draft_id, fields, merge=True)
    except EditedMeanwhile as error:
        return conflict_page(request, drafts.get(store, user, draft_id), error, _based_on(fields))
    return RedirectResponse(f"/drafts/{draft_id}", 303)


@router.post("/drafts/{draft_id}/autosave")
def autosave(
    request: Request, store: StoreHere, user: SignedIn, draft_id: int, fields: Fields, merge: bool = False
) -> Response:
    """The same for the page's script: the new revision and what the checks say, or why it was not saved."""
    try:
        saved = _save(store, user, draft_id, fields, merge=merge)
    except AssistError as error:
        conflict = isinstance(error, EditedMeanwhile)
        return JSONResponse({"message": error.text(language(request)), "conflict": conflict}, status_of(error))
    return _saved(request, store, user, saved)


@router.post("/drafts/{draft_id}/undo")
def undo(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    draft_id: int,
    to: Annotated[int, Form()],
    based_on: Annotated[int, Form()],
) -> Response:
    """The text of an earlier revision again, unless somebody else saved meanwhile."""
    try:
        saved = drafts.save(store, user, draft_id, drafts.source(store, user, draft_id, to), based_on)
    except AssistError as error:
        return JSONResponse({"message": error.text(language(request)), "conflict": False}, status_of(error))
    return _saved(request, store, user, saved)


@router.post("/drafts/{draft_id}/conflict")
def settle(request: Request, store: StoreHere, user: SignedIn, draft_id: int, fields: Fields) -> Response:
    """The choices made on the page with both texts. Choices about a text that changed once more are asked again."""
    typed = dict(fields)
    draft = drafts.get(store, user, draft_id)
    choices = _choices(typed) if typed.get("revision") == str(draft.revision) else {}
    if typed.get("apart"):
        apart = drafts.create(store, user, typed.get("source", ""), draft.name, based_on=draft.based_on)
        return RedirectResponse(f"/drafts/{apart.id}", 303)
    try:
        drafts.save(store, user, draft_id, typed.get("source", ""), _based_on(fields), merge=True, choices=choices)
    except EditedMeanwhile as error:
        return conflict_page(request, draft, error, _based_on(fields))
    return RedirectResponse(f"/drafts/{draft_id}", 303)


@router.post("/drafts/{draft_id}/rename")
def rename(
    request: Request, store: StoreHere, user: SignedIn, draft_id: int, name: Annotated[str, Form(max_length=80)] = ""
) -> Response:
    drafts.rename(store, user, draft_id, name)
    return (
        Response(status_code=204) if "hx-request" in request.headers else RedirectResponse(f"/drafts/{draft_id}", 303)
    )


@router.get("/drafts/{draft_id}/overlaps")
def overlapping(request: Request, store: StoreHere, user: SignedIn, desk: DeskHere, draft_id: int) -> Response:
    """What the machine will confuse in the newest revision, by meaning and sound; 202 while it is looked for. What
    stands twice, and points with a single wording, the checks tell at once."""
    draft = drafts.get(store, user, draft_id)
    notices = desk.overlaps(drafts.library(store, user, draft_id, draft.revision))
    if notices is None:
        return JSONResponse({"revision": draft.revision}, 202)
    tag = language(request)
    found = [
        {"key": one.key, "text": one.text(tag), "weight": "hint" if one.kind == "few" else "advice"}
        for one in notices
        if one.kind != "twice" and not (one.kind == "few" and one.key.startswith("point:"))
    ]
    return JSONResponse({"revision": draft.revision, "problems": found})


@router.get("/drafts/{draft_id}/history")
def history(request: Request, store: StoreHere, user: SignedIn, draft_id: int) -> Response:
    """Who changed what, when, why."""
    draft = drafts.get(store, user, draft_id)
    changes = draft_history.history(store, user, draft_id)
    may_restore = draft.state == "draft" and access.allows(user, "library.draft")
    return page(request, "draft_history.html", draft=draft, changes=changes, may_restore=may_restore)


@router.post("/drafts/{draft_id}/restore")
def restore(
    store: StoreHere, user: SignedIn, draft_id: int, revision: Annotated[int, Form()], newest: Annotated[int, Form()]
) -> Response:
    """An earlier text as the newest. Raises Moved where somebody saved since the history was shown."""
    if drafts.get(store, user, draft_id).revision != newest:
        raise publishing.Moved
    drafts.restore(store, user, draft_id, revision)
    return RedirectResponse(f"/drafts/{draft_id}", 303)


def conflict_page(
    request: Request, draft: Draft, error: EditedMeanwhile, based_on: int, action: str = "conflict"
) -> Response:
    """Both texts, item by item, with the choice."""
    merged = error.merge
    titles = titles_of(LIBRARY.parsed(error.theirs), LIBRARY.parsed(error.mine)) if merged else {}
    return page(
        request,
        "draft_conflict.html",
        status=409,
        draft=draft,
        error=error,
        clashes=clash_views(merged.clashes, titles) if merged else [],
        based_on=based_on,
        action=action,
    )


@router.post("/drafts/{draft_id}/rebase")
def rebase(request: Request, store: StoreHere, user: SignedIn, draft_id: int, fields: Fields) -> Response:
    """Takes in what was published since the draft was begun; what both changed is asked."""
    typed = dict(fields)
    draft = drafts.get(store, user, draft_id)
    choices = _choices(typed) if typed.get("revision") == str(draft.revision) else {}
    try:
        publishing.rebase(store, user, draft_id, choices)
    except EditedMeanwhile as error:
        return conflict_page(request, draft, error, 0, "rebase")
    return RedirectResponse(f"/drafts/{draft_id}", 303)


def _editor(request: Request, store: Store, user: User, draft: Draft) -> Response:
    library = drafts.library(store, user, draft.id)
    about = f"library:{draft.campaign}"
    context = {
        "draft": draft,
        "library": library,
        "problems": told(check(library), language(request)),
        "kinds": [kind for kind in knowledge.objections(library.language) if kind.objection],
        "based_on": libraries.version(store, draft.based_on) if draft.based_on else None,
        "second_person": second_person.needed(store, about),
        "blank": blanks(),
        "editing": True,
    }
    return page(request, "draft.html", block="editor" if "hx-request" in request.headers else None, **context)


def _save(store: Store, user: User, draft_id: int, fields: list[tuple[str, str]], *, merge: bool) -> Draft:
    draft = drafts.get(store, user, draft_id)
    if draft.about == "rubric":
        raise NotFound
    library = with_ids(read_form(fields, draft.campaign))
    based_on = _based_on(fields)
    if based_on == draft.revision and library == drafts.library(store, user, draft_id):
        return drafts.open_for_changes(store, user, draft_id)  # the same in another spelling is no change
    return drafts.save(store, user, draft_id, library, based_on, merge=merge)


def _saved(request: Request, store: Store, user: User, draft: Draft) -> JSONResponse:
    problems = told(check(drafts.library(store, user, draft.id)), language(request))
    return JSONResponse({"revision": draft.revision, "problems": problems})


def _based_on(fields: list[tuple[str, str]]) -> int:
    typed = dict(fields).get("based_on", "")
    return int(typed) if typed.isdecimal() else 0


def _choices(typed: dict[str, str]) -> dict[str, drafts.merging.Side]:
    sides = {key.removeprefix("choice:"): side for key, side in typed.items() if key.startswith("choice:")}
    return {key: "mine" if side == "mine" else "theirs" for key, side in sides.items()}
