"""Playlists: clips in an order, to be heard one after the other. Who opens one hears those of its clips that they may
hear; the others are left out and counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assist.coaching import clips
from assist.coaching.clips import SHARED, Clip, UnknownChoice
from assist.errors import NotFound, RequestError
from assist.people import access, audit
from assist.people.users import User
from assist.store import Store
from assist.store.clock import moment, stamp
from assist.texts import N_

MOST_CLIPS = 100
MOST_LISTED = 200


class NoName(RequestError):
    message = N_("Give the playlist a name.")


class TooManyClips(RequestError):
    message = N_("A playlist holds at most %(most)s clips. Begin another one.")


@dataclass(frozen=True, slots=True)
class Playlist:
    """`clips` counts all that are in it; `seconds` is how long they are together."""

    id: int
    title: str
    note: str
    shared: str
    team: str
    made_by: str
    made_at: datetime
    changed_at: datetime
    clips: int
    seconds: float
    may_change: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """A playlist with those of its clips that the user may hear; `closed` is how many they may not."""

    playlist: Playlist
    clips: tuple[Clip, ...]
    closed: int


def create(store: Store, user: User, title: str, note: str = "", shared: str = "nobody") -> Playlist:
    """Raises AccessDenied (sharing is for leads), NoName, UnknownChoice."""
    access.require(user, "clip.make")
    at = stamp()
    values = _facts(user, title, note, shared)
    values |= {"team_id": user.team_id, "made_by": user.id, "made_at": at, "changed_at": at}
    with store.write() as db:
        playlist_id = int(str(db.table("playlists").insert(values).last_pk))
        audit.record(store, user, "playlist.make", f"playlist:{playlist_id}", shared=shared)
    return _one(store, user, playlist_id)


def listing(store: Store, user: User) -> list[Playlist]:
    """The playlists the user may open, the one changed last first."""
    return _rows(store, user, "1")


def get(store: Store, user: User, playlist_id: int) -> Opened:
    """Raises NotFound."""
    playlist = _one(store, user, playlist_id)
    ids = [
        row["clip_id"]
        for row in store.rows("SELECT clip_id FROM playlist_clips WHERE playlist_id = ? ORDER BY place", [playlist_id])
    ]
    found = clips.some(store, user, ids)
    return Opened(playlist, tuple(found), len(ids) - len(found))


def change(store: Store, user: User, playlist_id: int, title: str, note: str = "", shared: str = "nobody") -> Playlist:
    """Raises NotFound, AccessDenied, NoName, UnknownChoice."""
    _changeable(store, user, playlist_id)
    with store.write() as db:
        db.table("playlists").update(playlist_id, _facts(user, title, note, shared) | {"changed_at": stamp()})
        audit.record(store, user, "playlist.change", f"playlist:{playlist_id}", shared=shared)
    return _one(store, user, playlist_id)


def remove(store: Store, user: User, playlist_id: int) -> None:
    """The clips stay. Raises NotFound."""
    _changeable(store, user, playlist_id)
    with store.write() as db:
        db.execute("DELETE FROM playlists WHERE id = ?", [playlist_id])
        audit.record(store, user, "playlist.remove", f"playlist:{playlist_id}")


def put(store: Store, user: User, playlist_id: int, clip_id: int) -> None:
    """Adds a clip at the end; one that is in it already stays where it is. Raises NotFound, TooManyClips."""
    clip = clips.get(store, user, clip_id)
    _reorder(store, user, playlist_id, lambda known: known if clip.id in known else [*known, clip.id])


def take_out(store: Store, user: User, playlist_id: int, clip_id: int) -> None:
    """Raises NotFound."""
    _reorder(store, user, playlist_id, lambda known: [one for one in known if one != clip_id])


def move(store: Store, user: User, playlist_id: int, clip_id: int, by: int) -> None:
    """Moves a clip up (-1) or down (1) in the order. Raises NotFound."""

    def moved(known: list[int]) -> list[int]:
        if clip_id not in known:
            raise NotFound
        rest = [one for one in known if one != clip_id]
        rest.insert(max(0, min(len(rest), known.index(clip_id) + by)), clip_id)
        return rest

    _reorder(store, user, playlist_id, moved)


def order(store: Store, user: User, playlist_id: int, clip_ids: Sequence[int]) -> None:
    """The clips in this order; those not named keep theirs behind. Raises NotFound."""
    wanted = list(dict.fromkeys(clip_ids))
    _reorder(
        store, user, playlist_id,
        lambda known: [one for one in wanted if one in known] + [one for one in known if one not in wanted],
    )  # fmt: skip


def _reorder(store: Store, user: User, playlist_id: int, change: Any) -> None:
    _changeable(store, user, playlist_id)
    with store.write() as db:
        rows = store.rows("SELECT clip_id FROM playlist_clips WHERE playlist_id = ? ORDER BY place", [playlist_id])
        known = change([row["clip_id"] for row in rows])
        if len(known) > MOST_CLIPS:
            raise TooManyClips(most=MOST_CLIPS)
        db.execute("DELETE FROM playlist_clips WHERE playlist_id = ?", [playlist_id])
        db.table("playlist_clips").insert_all(
            {"playlist_id": playlist_id, "clip_id": clip_id, "place": place} for place, clip_id in enumerate(known)
        )
        db.execute("UPDATE playlists SET changed_at = ? WHERE id = ?", [stamp(), playlist_id])


def _facts(user: User, title: str, note: str, shared: str) -> dict[str, Any]:
    if not title.strip():
        raise NoName
    if shared not in SHARED:
        raise UnknownChoice(given=shared[:40], known=", ".join(SHARED))
    if shared != "nobody":
        access.require(user, "clip.share")
    return {"title": title.strip()[:120], "note": note.strip()[:2000], "shared": shared}


def _one(store: Store, user: User, playlist_id: int) -> Playlist:
    found = _rows(store, user, "l.id = :id", {"id": playlist_id})
    if not found:
        raise NotFound
    return found[0]


def _changeable(store: Store, user: User, playlist_id: int) -> Playlist:
    playlist = _one(store, user, playlist_id)
    if not playlist.may_change:
        raise NotFound
    return playlist


def _rows(store: Store, user: User, where: str, values: dict[str, Any] | None = None) -> list[Playlist]:
    scope = access.playlists_of(user)
    rows = store.rows(
        f"""SELECT l.id, l.title, l.note, l.shared, coalesce(t.name, '') AS team, l.made_by AS maker, w.name AS made_by,
                   l.made_at, l.changed_at, count(k.id) AS clips, coalesce(sum(k.stop - k.start), 0) AS seconds
            FROM playlists l JOIN users w ON w.id = l.made_by LEFT JOIN teams t ON t.id = l.team_id
                 LEFT JOIN playlist_clips i ON i.playlist_id = l.id LEFT JOIN clips k ON k.id = i.clip_id
            WHERE {scope.where} AND {where} GROUP BY l.id ORDER BY l.changed_at DESC, l.id DESC LIMIT {MOST_LISTED}""",
        (values or {}) | scope.parameters,
    )
    return [_playlist(row, user) for row in rows]


def _playlist(row: dict[str, Any], user: User) -> Playlist:
    maker = row.pop("maker")
    times = {name: moment(row[name]) for name in ("made_at", "changed_at")}
    return Playlist(**row | times, may_change=access.may_change_playlist(user, made_by=maker))
