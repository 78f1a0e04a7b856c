"""Files people have become drafts: upload, look at what was understood line by line, set it right, save."""

from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from starlette.responses import RedirectResponse, Response

from api.context import SignedIn, StoreHere
from api.errors import WrongField, status_of
from api.forms import fields_of
from api.language import language
from api.render import page
from api.views.importing import mended, roles, summary
from assist.calls.recordings import display_name
from assist.errors import AssistError, InputError
from assist.people import access
from assist.people.users import User
from assist.scripts.formats import importing, preview
from assist.scripts.formats.containers import MOST_BYTES
from assist.scripts.formats.preview import Preview
from assist.scripts.library import Library
from assist.store import Store, drafts, libraries
from assist.texts import N_

router = APIRouter()

Fields = Annotated[list[tuple[str, str]], Depends(fields_of)]


class PreviewLost(WrongField):
    message = N_("What was read of the file did not come back whole. Choose the file again.")


@router.get("/imports")
def choose(request: Request, store: StoreHere, user: SignedIn, campaign: str = "") -> Response:
    access.require(user, "library.draft")
    return _choose(request, store, campaign)


@router.post("/imports")
def read(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    file: Annotated[UploadFile, File()],
    campaign: Annotated[str, Form()] = "",
) -> Response:
    """The preview. Nothing is saved."""
    access.require(user, "library.draft")
    try:
        content = file.file.read(MOST_BYTES + 1)
        found = importing.read(content, display_name(file.filename or "file"), _like(store, user, campaign))
    except InputError as error:
        return _choose(request, store, campaign, error)
    return _preview(request, store, found, campaign)


@router.post("/imports/mend")
def mend(request: Request, store: StoreHere, user: SignedIn, fields: Fields) -> Response:
    """The same lines with some roles set right."""
    access.require(user, "library.draft")
    typed = dict(fields)
    found = _mended(store, user, typed)
    return _preview(request, store, found, typed.get("renews", ""), part="hx-request" in request.headers)


@router.post("/imports/draft")
def save(request: Request, store: StoreHere, user: SignedIn, fields: Fields) -> Response:
    """What was understood as a draft of its campaign."""
    access.require(user, "library.draft")
    typed = dict(fields)
    found = _mended(store, user, typed)
    try:
        made = drafts.create(store, user, found.library, typed.get("name", "") or found.name, found.name)
    except InputError as error:
        return _preview(request, store, found, typed.get("renews", ""), error=error)
    return RedirectResponse(f"/drafts/{made.id}", 303)


def _mended(store: Store, user: User, typed: dict[str, str]) -> Preview:
    try:
        found = preview.from_json(typed.get("preview", ""))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PreviewLost from error
    if any(line.role not in preview.ROLES for line in found.lines):
        raise PreviewLost
    return mended(found, typed, _like(store, user, typed.get("renews", "")))


def _like(store: Store, user: User, campaign: str) -> Library | None:
    """The library that the file renews: what keeps its title keeps its identity."""
    known = libraries.seen(store, user, campaign) if campaign else []
    return libraries.library(store, known[0].id) if known else None


def _choose(request: Request, store: Store, campaign: str, error: AssistError | None = None) -> Response:
    return page(
        request,
        "import.html",
        status=status_of(error) if error else 200,
        campaign=campaign,
        campaigns=libraries.campaigns(store),
        wrong=error.text(language(request)) if error else "",
    )


def _preview(
    request: Request, store: Store, found: Preview, renews: str, *, part: bool = False, error: AssistError | None = None
) -> Response:
    return page(
        request,
        "import_preview.html",
        block="preview" if part else None,
        status=status_of(error) if error else 200,
        found=found,
        kept=found.to_json(),
        renews=renews,
        roles=roles(),
        role_names=preview.ROLES,
        notices=[
            (one.place.text(language(request)) if one.place else "", one.text(language(request)))
            for one in found.warnings
        ],
        summary=summary(found),
        wrong=error.text(language(request)) if error else "",
    )
