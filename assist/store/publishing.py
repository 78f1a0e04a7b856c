"""From a draft to a version, by one person or two."""

from datetime import datetime

from assist.errors import Conflict
from assist.people import access
from assist.people.users import User
from assist.scripts.merge import merge
from assist.store import Store, draft_kinds, drafts, libraries, rubrics, second_person
from assist.store.drafts import Choices, Draft, EditedMeanwhile
from assist.store.libraries import LibraryVersion
from assist.texts import N_


class Moved(Conflict):
    message = N_("The draft was changed since you looked at it. Look at it again before you publish it.")


class NotReviewed(Conflict):
    message = N_("In this campaign a draft is published from review. Hand it in for review first.")


class NewerPublished(Conflict):
    message = N_(
        "Version %(number)s was published after this draft was begun, and publishing the draft would undo what it "
        "changed. Take its changes in first."
    )


def publish(
    store: Store,
    user: User,
    draft_id: int,
    revision: int,
    in_force_from: datetime | None = None,
    note: str = "",
    *,
    anyway: bool = False,
) -> LibraryVersion | int:
    """Publishes the revision the user looked at, in force from a moment (now without one): the version of a library, or
    the number of a rubric.

    Raises NotFound, AccessDenied, Closed, Moved, NotReviewed, SecondPerson, LibraryError where the draft is incomplete,
    and, unless `anyway`, NewerPublished.
    """
    access.require(user, "library.publish")
    with store.write():
        draft = drafts.get(store, user, draft_id)
        _may_be_published(store, user, draft, revision)
        if not anyway and draft_kinds.of(draft.about).newest(store, draft.about) != draft.based_on:
            raise NewerPublished(number=_newest_number(store, draft))
        text = drafts.source(store, user, draft_id)
        made = _version(store, user, draft, text, in_force_from, note)
        drafts.published(store, user, draft, made.id if isinstance(made, LibraryVersion) else made, note)
        return made


def rebase(store: Store, user: User, draft_id: int, choices: Choices | None = None) -> Draft:
    """Takes into a draft what was published since it was begun. Raises EditedMeanwhile for items both changed, unless
    `choices` settle them; NotFound, AccessDenied, InReview, Closed."""
    with store.write():
        draft = drafts.open_for_changes(store, user, draft_id)
        newest = draft_kinds.of(draft.about).newest(store, draft.about)
        if newest is None or newest == draft.based_on or draft.about == "rubric":
            return draft
        base, theirs = libraries.source(store, draft.based_on or newest), libraries.source(store, newest)
        mine = drafts.source(store, user, draft_id)
        parsed = draft_kinds.LIBRARY.parsed
        merged = merge(parsed(base), parsed(mine), parsed(theirs), choices)
        if merged.clashes:
            by = libraries.version(store, newest).published_by
            raise EditedMeanwhile(by=by, revision=draft.revision, base=base, mine=mine, theirs=theirs, merge=merged)
        text, _ = draft_kinds.LIBRARY.read(merged.library, draft.about)
        return drafts.rebased(store, user, draft, text, newest)


def _may_be_published(store: Store, user: User, draft: Draft, revision: int) -> None:
    if draft.state not in ("draft", "in-review"):
        raise drafts.Closed
    if draft.revision != revision:
        raise Moved
    if second_person.needed(store, draft.about):
        if draft.state != "in-review":
            raise NotReviewed
        if user.id in _writers(store, draft):
            raise second_person.SecondPerson


def _writers(store: Store, draft: Draft) -> set[int]:
    """Who handed it in, and who wrote its last revision."""
    row = store.row("SELECT submitted_by, changed_by FROM drafts WHERE id = ?", [draft.id]) or {}
    return set(row.values())


def _version(
    store: Store, user: User, draft: Draft, text: str, in_force_from: datetime | None, note: str
) -> LibraryVersion | int:
    if draft.about == "rubric":
        draft_kinds.RUBRIC.check(text)
        return rubrics.publish(store, text, user, in_force_from, note)
    return libraries.publish(store, text, user, in_force_from, note, draft.name or "library.yaml", reviewed=True)


def _newest_number(store: Store, draft: Draft) -> int:
    newest = draft_kinds.of(draft.about).newest(store, draft.about)
    if newest is None or draft.about == "rubric":
        return newest or 0
    return libraries.version(store, newest).number
