"""What calls say about a talk track: what works, and what is missing."""

from dataclasses import replace
from typing import Annotated, get_args

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api.context import SignedIn, StoreHere
from api.filters import day_of, days_of
from api.render import page
from assist.calls import gaps as missing
from assist.calls import works as working
from assist.calls.gaps import Gap
from assist.calls.suggestions import suggested_terms
from assist.calls.works import By, Selection
from assist.errors import NotFound
from assist.people import access
from assist.people.users import User
from assist.scripts.index import OTHER
from assist.scripts.insight import MINIMUM
from assist.scripts.library import Library, Point
from assist.store import Store, drafts, libraries
from assist.store.drafts import Draft
from assist.store.libraries import LibraryVersion

router = APIRouter()

PARTS = get_args(By)


@router.get("/library/{campaign}/works")
def works(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    campaign: str,
    since: str = "",
    until: str = "",
    version: str = "",
) -> Response:
    """Per point how often it is said, and what goes together with it."""
    access.require(user, "library.insight")
    shown = _shown(store, user, campaign, version)
    library = libraries.library(store, shown.id)
    chosen = _selection(store, since, until, version)
    return page(
        request,
        "library_works.html",
        library=library,
        campaign=campaign,
        version=shown,
        versions=libraries.seen(store, user, campaign),
        found=working.works(store, user, campaign, library, chosen),
        adoption=working.adoption(store, user, shown.id)[-14:],
        given={"since": since, "until": until, "version": version},
        fewest=MINIMUM,
    )


@router.get("/library/{campaign}/works/{point}")
def point(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    campaign: str,
    point: str,
    since: str = "",
    until: str = "",
    version: str = "",
    by: str = "version",
    wording: str = "",
) -> Response:
    """One point: its wordings, and by version, team, agent or time."""
    access.require(user, "library.insight")
    library = libraries.library(store, _shown(store, user, campaign, version).id)
    _point(library, point)
    chosen = _selection(store, since, until, version)
    parts = [one for one in PARTS if one != "agent" or access.allows(user, "insight.by-agent")]
    part: By = next((one for one in parts if one == by), "version")
    found = working.works(store, user, campaign, library, chosen)
    return page(
        request,
        "library_works_point.html",
        library=library,
        campaign=campaign,
        point=next(one for one in found.points if one.id == point),
        by=part,
        wording=wording,
        by_parts=parts,
        parts=working.by(store, user, campaign, point, part, chosen, wording or None),
        given={"since": since, "until": until, "version": version},
        fewest=MINIMUM,
    )


@router.get("/library/{campaign}/gaps")
def gaps(request: Request, store: StoreHere, user: SignedIn, campaign: str, since: str = "") -> Response:
    """What customers object to and no entry covers, and what recognition hears wrongly."""
    access.require(user, "library.insight")
    shown = _shown(store, user, campaign, "")
    return page(
        request,
        "library_gaps.html",
        library=libraries.library(store, shown.id),
        campaign=campaign,
        gaps=missing.gaps(store, user, campaign, day_of(since, store.settings.zone))[:50],
        misheard=suggested_terms(store, user, campaign),
        query="",
        drafts=[one for one in drafts.listing(store, user, campaign) if one.state == "draft"],
        may_draft=access.allows(user, "library.draft"),
        since=since,
    )


@router.post("/library/{campaign}/gaps")
def cover(
    store: StoreHere,
    user: SignedIn,
    campaign: str,
    title: Annotated[str, Form(max_length=200)],
    draft: Annotated[str, Form()] = "",
    taken_for: Annotated[str, Form()] = OTHER,
) -> Response:
    """A gap as a new entry of a draft, with the customers' words as examples."""
    access.require(user, "library.draft")
    known = missing.gaps(store, user, campaign)
    gap = next((one for one in known if (one.title, one.taken_for) == (title, taken_for)), None)
    if gap is None:
        raise NotFound
    into = _draft(store, user, campaign, draft)
    name = _add(store, user, into, gap)
    return RedirectResponse(f"/drafts/{into.id}#entry:{name}", 303)


@router.post("/library/{campaign}/terms")
def add_term(
    store: StoreHere,
    user: SignedIn,
    campaign: str,
    said: Annotated[str, Form(min_length=1, max_length=80)],
    draft: Annotated[str, Form()] = "",
) -> Response:
    """What recognition heard wrongly among the terms of a draft, so that it will be recognised."""
    access.require(user, "library.draft")
    if said not in {term.said for term in suggested_terms(store, user, campaign)}:
        raise NotFound
    into = _draft(store, user, campaign, draft)
    library = drafts.library(store, user, into.id)
    named = replace(library, terms=tuple(dict.fromkeys((*library.terms, said))))
    drafts.save(store, user, into.id, named, into.revision, said)
    return RedirectResponse(f"/drafts/{into.id}#about", 303)


def _add(store: Store, user: User, draft: Draft, gap: Gap) -> str:
    """Adds the entry and gives its name."""
    library = drafts.library(store, user, draft.id)
    entry = missing.as_entry(gap, library)
    covering = replace(library, playbook=(*library.playbook, entry))
    drafts.save(store, user, draft.id, covering, draft.revision, entry.title)
    return entry.objection


def _draft(store: Store, user: User, campaign: str, wanted: str) -> Draft:
    """The draft chosen, else a new one of the version in force. Raises NotFound."""
    if wanted.isdecimal():
        found = drafts.get(store, user, int(wanted))
        if found.campaign != campaign:
            raise NotFound
        return found
    return drafts.from_version(store, user, _shown(store, user, campaign, "").id)


def _shown(store: Store, user: User, campaign: str, wanted: str) -> LibraryVersion:
    """The version chosen, else the one in force. Raises NotFound."""
    found = libraries.seen_version(store, user, int(wanted)) if wanted.isdecimal() else None
    found = found or libraries.in_force_for(store, user, campaign)
    if found is None or found.campaign != campaign:
        raise NotFound
    return found


def _point(library: Library, name: str) -> Point:
    found = next((point for _, point in library.points() if point.id == name), None)
    if found is None:
        raise NotFound
    return found


def _selection(store: Store, since: str, until: str, version: str) -> Selection:
    first, last = days_of({"since": since, "until": until}, store.settings.zone)
    return Selection(
        since=first,
        until=last,
        version_id=int(version) if version.isdecimal() else None,
    )
