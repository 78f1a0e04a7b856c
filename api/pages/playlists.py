"""Playlists of clips: the list of them, and the page that plays one clip after the other."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api.context import SignedIn, StoreHere
from api.pages.cases import choices
from api.render import page
from assist.coaching import playlists
from assist.people import access

router = APIRouter()


@router.get("/playlists")
def listing(request: Request, store: StoreHere, user: SignedIn) -> Response:
    found = playlists.listing(store, user)
    may_make, may_share = (access.allows(user, right) for right in ("clip.make", "clip.share"))
    return page(request, "playlists.html", found=found, may_make=may_make, may_share=may_share, **choices())


@router.post("/playlists")
def create(
    store: StoreHere,
    user: SignedIn,
    title: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
    shared: Annotated[str, Form()] = "nobody",
) -> Response:
    made = playlists.create(store, user, title, note, shared)
    return RedirectResponse(f"/playlists/{made.id}", 303)


@router.get("/playlists/{playlist_id}")
def show(request: Request, store: StoreHere, user: SignedIn, playlist_id: int) -> Response:
    opened = playlists.get(store, user, playlist_id)
    may_share = access.allows(user, "clip.share")
    return page(request, "playlist.html", opened=opened, one=opened.playlist, may_share=may_share, **choices())


@router.post("/playlists/{playlist_id}")
def change(
    store: StoreHere,
    user: SignedIn,
    playlist_id: int,
    title: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
    shared: Annotated[str, Form()] = "nobody",
) -> Response:
    playlists.change(store, user, playlist_id, title, note, shared)
    return RedirectResponse(f"/playlists/{playlist_id}", 303)


@router.post("/playlists/{playlist_id}/remove")
def remove(store: StoreHere, user: SignedIn, playlist_id: int) -> Response:
    playlists.remove(store, user, playlist_id)
    return RedirectResponse("/playlists", 303)


@router.post("/playlists/{playlist_id}/clips/{clip_id}")
def arrange(
    store: StoreHere, user: SignedIn, playlist_id: int, clip_id: int, act: Annotated[str, Form()]
) -> Response:  # fmt: skip
    """`act`: up, down or out."""
    if act == "out":
        playlists.take_out(store, user, playlist_id, clip_id)
    else:
        playlists.move(store, user, playlist_id, clip_id, -1 if act == "up" else 1)
    return RedirectResponse(f"/playlists/{playlist_id}#clip-{clip_id}", 303)
