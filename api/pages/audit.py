"""For administrators: who did, saw, changed and took out what."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from api import audit_filters, audit_words, filters
from api.context import SignedIn, StoreHere
from api.language import language
from api.render import page
from assist.config import Settings
from assist.errors import NotFound
from assist.people import access, audit_check, audit_files, audit_list, users
from assist.people.audit_check import TROUBLES, Verdict
from assist.people.audit_files import Kind
from assist.people.audit_list import Filters
from assist.people.users import User
from assist.store import Store, audit_head
from assist.store.audit_head import Mark, Unreadable
from assist.texts import translate

router = APIRouter()

_PAGES = {
    "call": "/calls/{}",
    "clip": "/cases/{}",
    "draft": "/drafts/{}",
    "playlist": "/playlists/{}",
    "coaching": "/coaching/sessions/{}",
    "library": "/library/{}",
}
"""Where the things that entries are about are shown."""


@router.get("/audit")
def show(request: Request, store: StoreHere, user: SignedIn) -> Response:
    return _page(request, store, user)


@router.post("/audit/check")
def check(request: Request, store: StoreHere, user: SignedIn) -> Response:
    """Is it what was written? From where it was last found whole."""
    access.require(user, "audit.read")
    return _page(request, store, user, audit_check.verify(store))


@router.get("/audit.{kind}")
def export(request: Request, store: StoreHere, user: SignedIn, kind: str) -> Response:
    """All that matches, as a file, the first entry first."""
    if kind not in audit_files.KINDS:
        raise NotFound
    return exported(store, user, audit_filters.read(request)[0], kind)


def exported(store: Store, user: User, wanted: Filters, kind: Kind) -> Response:
    """A stream of the entries; that somebody took them out is one of them."""
    entries = audit_list.export(store, user, wanted, kind=kind)
    headers = {"Content-Disposition": f'attachment; filename="audit.{kind}"'}
    return StreamingResponse(
        audit_files.written(entries, kind), media_type=audit_files.MEDIA_TYPES[kind], headers=headers
    )


def place(about: str) -> str:
    """The page of what an entry is about, empty where it has none."""
    kind, _, identity = about.partition(":")
    return _PAGES[kind].format(quote(identity, safe="")) if kind in _PAGES and identity else ""


def _page(request: Request, store: Store, user: User, verdict: Verdict | None = None) -> Response:
    wanted, given = audit_filters.read(request)
    found = audit_list.listing(store, user, wanted)
    told = translate(TROUBLES[verdict.trouble], language(request)) % verdict.facts if verdict else ""
    return page(
        request,
        "audit.html",
        found=found,
        given=given,
        filtered=any(given.values()),
        people=users.listing(store),
        actions=audit_list.actions(store),
        said=audit_words.said,
        place=place,
        verdict=verdict,
        told=told,
        checked=_last_check(store.settings),
        address=lambda number: filters.address(given, number, "/audit"),
        file=lambda kind: filters.behind(f"/audit.{kind}", **given),
    )


def _last_check(settings: Settings) -> Mark | None:
    try:
        return next(reversed(audit_head.checks(settings)), None)
    except Unreadable:
        return None
