"""Drafts: what editors write before it is published. Several side by side; nothing anybody wrote is ever lost.

Each save is a revision and names the revision it was made from, so that a save from an old one is noticed. A draft is
about a campaign's library (`library:CAMPAIGN`) or about the rubric (`rubric`).
"""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from assist.errors import Conflict, NotFound
from assist.people import access, audit
from assist.people.users import User
from assist.scripts import merge as merging
from assist.scripts.library import Library
from assist.scripts.merge import Merged, Side
from assist.store import Store, draft_kinds
from assist.store.clock import moment, stamp
from assist.store.draft_kinds import Kind
from assist.texts import N_

State = Literal["draft", "in-review", "published", "discarded"]
Choices = Mapping[str, Side]
_LONGEST_NAME, _LONGEST_NOTE = 80, 500


class EditedMeanwhile(Conflict):
    """Carries both texts and what they were made from, the newest revision, and how they would go together: `merge` is
    None where a text is no library."""

    message = N_("%(by)s changed this draft while you were editing it. Nothing is lost: look at both and choose.")

    def __init__(self, *, by: str, revision: int, base: str, mine: str, theirs: str, merge: Merged | None) -> None:
        super().__init__(by=by, revision=revision)
        self.by, self.revision = by, revision
        self.base, self.mine, self.theirs, self.merge = base, mine, theirs, merge


class InReview(Conflict):
    message = N_("This draft is in review. Take it back before you change it.")


class Closed(Conflict):
    message = N_("This draft is finished. Begin a new one from it.")


class NotInReview(Conflict):
    message = N_("This draft is not in review.")


@dataclass(frozen=True, slots=True)
class Draft:
    """Names are of people, empty where nobody did it yet. `based_on` and `published_version` are version ids."""

    id: int
    about: str
    name: str
    state: State
    revision: int
    based_on: int | None
    created_by: str
    created_at: datetime
    changed_by: str
    changed_at: datetime
    submitted_by: str
    submitted_at: datetime | None
    published_version: int | None

    @property
    def campaign(self) -> str:
        """Empty for the rubric."""
        return self.about.partition(":")[2]


_SELECT = """
    SELECT d.id, d.about, d.name, d.state, d.revision, d.based_on, coalesce(c.name, '') AS created_by, d.created_at,
           coalesce(h.name, '') AS changed_by, d.changed_at, coalesce(s.name, '') AS submitted_by, d.submitted_at,
           d.published_version
    FROM drafts d LEFT JOIN users c ON c.id = d.created_by LEFT JOIN users h ON h.id = d.changed_by
         LEFT JOIN users s ON s.id = d.submitted_by
"""


def create(
    store: Store,
    user: User,
    source: str | bytes | Library,
    name: str = "",
    note: str = "",
    kind: str = "library",
    based_on: int | None = None,
) -> Draft:
    """A new draft with `source` as its first revision; what it changes is the newest version unless `based_on` names
    another. Raises AccessDenied, LibraryError."""
    access.require(user, "library.draft")
    text, about = draft_kinds.KINDS[kind].read(source)
    with store.write() as db:
        values = {
            "about": about,
            "name": name.strip()[:_LONGEST_NAME],
            "state": "draft",
            "revision": 1,
            "based_on": based_on or draft_kinds.of(about).newest(store, about),
            "created_by": user.id,
            "created_at": stamp(),
            "changed_by": user.id,
            "changed_at": stamp(),
        }
        made = int(str(db.table("drafts").insert(values).last_pk))
        log(store, user, made, "created", 1, note, text)
        return get(store, user, made)


def from_version(store: Store, user: User, version_id: int, name: str = "", note: str = "") -> Draft:
    """A draft that begins as a published version of a library. Raises NotFound, AccessDenied."""
    access.require(user, "library.draft")
    text = draft_kinds.LIBRARY.source(store, version_id)
    return create(store, user, text, name, note, based_on=version_id)


def listing(
    store: Store, user: User, campaign: str | None = None, kind: str = "library", *, closed: bool = False
) -> list[Draft]:
    """The drafts the user may see, the last changed first; `closed` ones (published, discarded) on demand."""
    about = "rubric" if kind == "rubric" else f"library:{campaign}" if campaign is not None else None
    rows = store.rows(
        _SELECT
        + """WHERE (:about IS NULL AND d.about <> 'rubric' OR d.about = :about)
            AND (:closed OR d.state IN ('draft', 'in-review')) ORDER BY d.changed_at DESC, d.id DESC""",
        {"about": about, "closed": int(closed)},
    )
    return [draft for draft in map(_draft, rows) if access.may_see_draft(user, state=draft.state)]


def get(store: Store, user: User, draft_id: int, about: str | None = None) -> Draft:
    """Raises NotFound, also for what the user may not see and for a draft that is not `about` this."""
    row = store.row(_SELECT + "WHERE d.id = ?", [draft_id])
    if row is None or not access.may_see_draft(user, state=row["state"]) or about not in (None, row["about"]):
        raise NotFound
    return _draft(row)


def source(store: Store, user: User, draft_id: int, revision: int | None = None) -> str:
    """The text of a revision, the newest without one. Raises NotFound."""
    draft = get(store, user, draft_id)
    return _text(store, draft_id, revision if revision is not None else draft.revision)


def library(store: Store, user: User, draft_id: int, revision: int | None = None) -> Library:
    """The library of a revision; lists and titles may be empty in it. Raises NotFound."""
    get(store, user, draft_id)
    return draft_kinds.LIBRARY.parsed(source(store, user, draft_id, revision))


def save(
    store: Store,
    user: User,
    draft_id: int,
    source: str | bytes | Library,
    based_on: int,
    note: str = "",
    *,
    merge: bool = False,
    choices: Choices | None = None,
) -> Draft:
    """The next revision, made from revision `based_on`.

    Where that is not the newest: EditedMeanwhile. With `merge` changes of different items are put together and saved;
    only items both changed raise, unless `choices` settle them. Raises NotFound, AccessDenied, InReview, Closed,
    LibraryError.
    """
    with store.write():
        draft = open_for_changes(store, user, draft_id)
        kind = draft_kinds.of(draft.about)
        text, _ = kind.read(source, draft.about)
        newest = _text(store, draft_id, draft.revision)
        if text == newest:
            return draft
        if based_on == draft.revision:
            return _next(store, user, draft, "saved", note, text)
        base = _text(store, draft_id, based_on)
        if text == base:
            return draft
        merged = _merged(kind, base, text, newest, choices)
        if merge and merged is not None and not merged.clashes:
            return _next(store, user, draft, "merged", note, kind.read(merged.library, draft.about)[0])
        raise EditedMeanwhile(
            by=draft.changed_by, revision=draft.revision, base=base, mine=text, theirs=newest, merge=merged
        )


def restore(store: Store, user: User, draft_id: int, revision: int, note: str = "") -> Draft:
    """An earlier revision's text as the newest. Raises NotFound, AccessDenied, InReview, Closed."""
    with store.write():
        draft = open_for_changes(store, user, draft_id)
        return _next(store, user, draft, "restored", note or f"#{revision}", _text(store, draft_id, revision))


def rename(store: Store, user: User, draft_id: int, name: str) -> Draft:
    with store.write():
        draft = open_for_changes(store, user, draft_id)
        return _moved(store, user, draft, "renamed", name, {"name": name.strip()[:_LONGEST_NAME]})


def submit(store: Store, user: User, draft_id: int, note: str = "") -> Draft:
    """Into review: from now on it cannot be changed.

    Raises NotFound, AccessDenied, InReview, Closed, LibraryError where it is incomplete.
    """
    with store.write():
        draft = open_for_changes(store, user, draft_id)
        draft_kinds.of(draft.about).check(_text(store, draft_id, draft.revision))
        values = {"state": "in-review", "submitted_by": user.id, "submitted_at": stamp()}
        return _moved(store, user, draft, "submitted", note, values)


def send_back(store: Store, user: User, draft_id: int, note: str = "") -> Draft:
    """Out of review again: by a reviewer with a reason, or by a writer who wants to change it."""
    access.require(user, "library.review")
    with store.write():
        draft = get(store, user, draft_id)
        if draft.state != "in-review":
            raise NotInReview
        _moved(store, user, draft, "sent-back", note, {"state": "draft", "submitted_by": None, "submitted_at": None})
        return _draft(store.row(_SELECT + "WHERE d.id = ?", [draft_id]) or {})


def discard(store: Store, user: User, draft_id: int, note: str = "") -> Draft:
    """Puts a draft aside; its texts stay readable and can be the beginning of another."""
    access.require(user, "library.draft")
    with store.write():
        draft = get(store, user, draft_id)
        if draft.state not in ("draft", "in-review"):
            raise Closed
        return _moved(store, user, draft, "discarded", note, {"state": "discarded"})


def open_for_changes(store: Store, user: User, draft_id: int) -> Draft:
    """The draft, where the user may change it now. Raises NotFound, AccessDenied, InReview, Closed."""
    draft = get(store, user, draft_id)
    access.require(user, "library.draft")
    if draft.state == "in-review":
        raise InReview
    if draft.state != "draft":
        raise Closed
    return draft


def rebased(store: Store, user: User, draft: Draft, text: str, based_on: int) -> Draft:
    """The next revision, now made from another version. For `assist.store.publishing`."""
    with store.write() as db:
        db.table("drafts").update(draft.id, {"based_on": based_on})
        return _next(store, user, draft, "rebased", "", text)


def published(store: Store, user: User, draft: Draft, version: int, note: str) -> Draft:
    """The draft is a version now. For `assist.store.publishing`."""
    return _moved(store, user, draft, "published", note, {"state": "published", "published_version": version})


def log(
    store: Store, user: User, draft_id: int, action: str, revision: int, note: str, text: str | None = None
) -> None:
    """One line of a draft's history, with the text where it is a new revision."""
    values: dict[str, Any] = {
        "draft_id": draft_id,
        "revision": revision,
        "action": action,
        "note": note.strip()[:_LONGEST_NOTE],
        "made_by": user.id,
        "made_at": stamp(),
        "body": gzip.compress(text.encode(), mtime=0) if text is not None else None,
    }
    with store.write() as db:
        db.table("draft_changes").insert(values)
        audit.record(store, user, f"draft.{action}", f"draft:{draft_id}", revision=revision)


def _next(store: Store, user: User, draft: Draft, action: str, note: str, text: str) -> Draft:
    with store.write() as db:
        values = {"revision": draft.revision + 1, "changed_by": user.id, "changed_at": stamp()}
        db.table("drafts").update(draft.id, values)
        log(store, user, draft.id, action, draft.revision + 1, note, text)
    return get(store, user, draft.id)


def _moved(store: Store, user: User, draft: Draft, action: str, note: str, values: dict[str, Any]) -> Draft:
    with store.write() as db:
        db.table("drafts").update(draft.id, values)
        log(store, user, draft.id, action, draft.revision, note)
        return _draft(store.row(_SELECT + "WHERE d.id = ?", [draft.id]) or {})


def _merged(kind: Kind, base: str, mine: str, theirs: str, choices: Choices | None) -> Merged | None:
    if kind is not draft_kinds.LIBRARY:
        return None
    sides = [draft_kinds.LIBRARY.parsed(text) for text in (base, mine, theirs)]
    return merging.merge(sides[0], sides[1], sides[2], choices)


def _text(store: Store, draft_id: int, revision: int) -> str:
    query = "SELECT body FROM draft_changes WHERE draft_id = ? AND revision = ? AND body IS NOT NULL"
    body: bytes | None = store.value(query, [draft_id, revision])
    if body is None:
        raise NotFound
    return gzip.decompress(body).decode()


def _draft(row: dict[str, Any]) -> Draft:
    times = {key: moment(row[key]) for key in ("created_at", "changed_at", "submitted_at") if row[key]}
    return Draft(**row | times)
