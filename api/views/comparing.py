"""What can stand on a side of a comparison (`v12` a version, `d3` a draft, `d3.7` a revision of it); texts by lines."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import starmap, zip_longest

from assist.errors import NotFound
from assist.people.users import User
from assist.scripts.compare import Change, Row, Words, words
from assist.scripts.library import Library
from assist.store import Store, drafts, libraries
from assist.store.drafts import Draft
from assist.store.libraries import LibraryVersion

_REF = re.compile(r"(v)(\d{1,18})|(d)(\d{1,18})(?:\.(\d{1,18}))?")


@dataclass(frozen=True, slots=True)
class Side:
    """One of `version` and `draft` is there."""

    ref: str
    campaign: str
    version: LibraryVersion | None = None
    draft: Draft | None = None
    revision: int | None = None


def side_of(store: Store, user: User, ref: str) -> Side:
    """Raises NotFound, also for what the user may not see."""
    found = _REF.fullmatch(ref)
    if found is None:
        raise NotFound
    if found[1]:
        version = libraries.seen_version(store, user, int(found[2]))
        return Side(ref, version.campaign, version=version)
    draft = drafts.get(store, user, int(found[4]))
    if draft.about == "rubric":
        raise NotFound
    return Side(ref, draft.campaign, draft=draft, revision=int(found[5]) if found[5] else None)


def library_of(store: Store, user: User, side: Side) -> Library:
    """Raises NotFound."""
    if side.version:
        return libraries.library(store, side.version.id)
    assert side.draft
    return drafts.library(store, user, side.draft.id, side.revision)


def sides(store: Store, user: User, campaign: str, *chosen: Side) -> list[Side]:
    """All that can be chosen in a campaign: what the user sees, and what is chosen already."""
    found = [Side(f"v{one.id}", campaign, version=one) for one in libraries.seen(store, user, campaign)]
    found += [Side(f"d{one.id}", campaign, draft=one) for one in drafts.listing(store, user, campaign)]
    return found + [side for side in chosen if side.ref not in {one.ref for one in found}]


def line_rows(old: str, new: str) -> list[Row]:
    """Two texts line by line: what differs, with the words that changed, and a line of what stands around it."""
    before, after = old.splitlines(), new.splitlines()
    found: list[Row] = []
    for group in SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(1):
        for _, i1, i2, j1, j2 in group:
            found += starmap(_row, zip_longest(before[i1:i2], after[j1:j2]))
    return found


def _row(old: str | None, new: str | None) -> Row:
    if old == new:
        return Row("same", old, new, (Words("same", old or ""),))
    change: Change = "added" if old is None else "removed" if new is None else "changed"
    return Row(change, old, new, words(old or "", new or ""))
