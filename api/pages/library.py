"""The library: what to say, in the version in force or an earlier one; publishing for editors."""

from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile
from starlette.responses import RedirectResponse, Response

from api.context import DeskHere, SignedIn, StoreHere
from api.errors import status_of
from api.forms import moment_of
from api.language import language
from api.render import page
from api.views.library import matching
from api.views.versions import campaigns_seen, exported
from assist.calls.gaps import good_answers
from assist.calls.recordings import display_name
from assist.calls.suggestions import suggested_terms
from assist.errors import AssistError, InputError, NotFound
from assist.people import access
from assist.people.users import User
from assist.scripts.misheard import Misheard
from assist.store import Store, drafts, libraries
from assist.store.libraries import LibraryVersion
from assist.store.second_person import SecondPerson
from assist.texts import N_

router = APIRouter()

MOST_BYTES = 2 * 1024 * 1024


class LibraryTooBig(InputError):
    message = N_("The file is larger than 2 MB. A library file is a text file; is this the right one?")


@router.get("/library")
def campaigns(request: Request, store: StoreHere, user: SignedIn) -> Response:
    return _campaigns(request, store, user)


@router.get("/library/{campaign}")
def show(request: Request, store: StoreHere, user: SignedIn, campaign: str, version: str = "", q: str = "") -> Response:
    shown = _version(store, user, campaign, version)
    if shown is None:
        return RedirectResponse(f"/library/{campaign}/versions", 303)
    library = libraries.library(store, shown.id)
    seen = libraries.seen(store, user, campaign)
    context = {
        "library": library,
        "version": shown,
        "versions": seen,
        "standing": libraries.standings(seen),
        "playbook_in_force": libraries.standings(seen)[shown.id] == "in-force" and bool(library.playbook),
        "may_foresee": access.allows(user, "library.foresee"),
        "query": q.strip()[:100],
        "misheard": _misheard(store, user, campaign),
        "drafts": [one for one in drafts.listing(store, user, campaign) if one.state == "draft"],
        "may_draft": access.allows(user, "library.draft"),
        **matching(library, q),
    }
    return page(request, "library.html", block="content" if "hx-request" in request.headers else None, **context)


@router.get("/library/{campaign}/ask")
def ask(
    request: Request, store: StoreHere, user: SignedIn, desk: DeskHere, campaign: str, q: str = "", alone: bool = False
) -> Response:
    """Entries for a sentence in the customer's words, by meaning. Without one the models are made ready."""
    if not q.strip():
        if libraries.in_force_for(store, user, campaign) is None:
            raise NotFound
        desk.warm(campaign)
        return Response(status_code=204)
    advice = desk.ask(user, campaign, q)
    library = libraries.library(store, advice.version.id)
    by_words = matching(library, q)["entries"]
    by_meaning = [one for one in advice.suggested if one.entry not in by_words]
    shown = [*by_words, *(one.entry for one in by_meaning)]
    return page(
        request,
        "library/advice.html",
        suggested=by_meaning,
        by_words=by_words,
        query=q.strip()[:100],
        alone=alone,
        language_of_library=library.language,
        clips={entry.objection: good_answers(store, user, campaign, entry.objection, 3) for entry in shown},
    )


@router.get("/library/{campaign}/{number}.{kind}")
def download(request: Request, store: StoreHere, user: SignedIn, campaign: str, number: int, kind: str) -> Response:
    """The version as a file: YAML as it was published, else Word, Excel or Markdown."""
    return exported(store, _numbered(store, user, campaign, number), kind)


@router.get("/library/{campaign}/{number}/desk")
def desk(request: Request, store: StoreHere, user: SignedIn, campaign: str, number: int) -> Response:
    """A version on paper: everything an agent says, nothing else."""
    shown = _numbered(store, user, campaign, number)
    return page(request, "library_desk.html", version=shown, library=libraries.library(store, shown.id))


@router.post("/library")
def publish(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    file: Annotated[UploadFile, File()],
    in_force_from: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
) -> Response:
    access.require(user, "library.publish")
    try:
        source = file.file.read(MOST_BYTES + 1)
        if len(source) > MOST_BYTES:
            raise LibraryTooBig
        begins = moment_of(in_force_from)
        if begins and begins.tzinfo is None:
            begins = begins.replace(tzinfo=store.settings.zone)
        made = libraries.publish(store, source, user, begins, note, display_name(file.filename or "library.yaml"))
    except (InputError, SecondPerson) as error:
        return _campaigns(request, store, user, error)
    return RedirectResponse(f"/library/{made.campaign}?version={made.id}", 303)


def _misheard(store: Store, user: User, campaign: str) -> tuple[Misheard, ...]:
    return suggested_terms(store, user, campaign) if access.allows(user, "library.misheard") else ()


def _campaigns(request: Request, store: Store, user: User, error: AssistError | None = None) -> Response:
    return page(
        request,
        "library_list.html",
        status=status_of(error) if error else 200,
        campaigns=campaigns_seen(store, user),
        may_draft=access.allows(user, "library.draft"),
        reviews=[draft for draft in drafts.listing(store, user) if draft.state == "in-review"],
        may_publish=access.allows(user, "library.publish"),
        wrong=error.text(language(request)) if error else "",
    )


def _version(store: Store, user: User, campaign: str, wanted: str) -> LibraryVersion | None:
    """The version asked for, else the one in force; None where there are only drafts yet. Raises NotFound."""
    if wanted.isdecimal():
        found = libraries.seen_version(store, user, int(wanted))
        if found.campaign == campaign:
            return found
    current = libraries.in_force_for(store, user, campaign)
    if current is None and not drafts.listing(store, user, campaign):
        raise NotFound
    return current


def _numbered(store: Store, user: User, campaign: str, number: int) -> LibraryVersion:
    found = next((one for one in libraries.seen(store, user, campaign) if one.number == number), None)
    if found is None:
        raise NotFound
    return found
