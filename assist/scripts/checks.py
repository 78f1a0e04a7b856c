"""What an editor should look at while writing: what is missing, what stands twice, what is too near to something else.

Quick enough for every pause in typing: texts are compared by their signs, no encoder is asked.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from rapidfuzz import fuzz, process

from assist.scripts.library import Entry, Forbidden, Library, Point
from assist.texts import N_, translate

NEAR = 84.0
"""From this likeness (0–100, by signs) two customer sentences of different entries are hard to tell apart."""

Weight = Literal["stops", "advice"]
_Text = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """`key` names the item: `point:ID`, `entry:ID`, `forbidden:ID`, `stage:NUMBER`, `library:title`. What `stops` has
    to be mended before publishing."""

    key: str
    message: str
    weight: Weight = "advice"
    facts: Mapping[str, Any] = field(default_factory=dict)

    def text(self, language: str = "en") -> str:
        return translate(self.message, language) % self.facts


def check(library: Library) -> tuple[Problem, ...]:
    """All problems, in the order of the library, those of one item together."""
    found = [*_missing(library), *_twice(library), *_too_near(library)]
    order = {key: number for number, key in enumerate(_keys(library))}
    return tuple(sorted(found, key=lambda problem: order.get(problem.key, len(order))))


def _keys(library: Library) -> Iterator[str]:
    yield "library:title"
    for number, stage in enumerate(library.script):
        yield f"stage:{number}"
        yield from (f"point:{point.id}" for point in stage.points)
    yield from (f"entry:{entry.objection}" for entry in library.playbook)
    yield from (f"forbidden:{item.id}" for item in library.forbidden)


def _missing(library: Library) -> Iterator[Problem]:
    if not library.title:
        yield Problem("library:title", N_("The library has no title."), "stops")
    if not library.script:
        yield Problem("library:title", N_("There is no stage yet."), "stops")
    for number, stage in enumerate(library.script):
        if not stage.title:
            yield Problem(f"stage:{number}", N_("The stage has no title."), "stops")
        if not stage.points:
            yield Problem(f"stage:{number}", N_("The stage has no point."), "stops")
        for point in stage.points:
            yield from _point(point)
    for entry in library.playbook:
        yield from _entry(entry)
    for item in library.forbidden:
        yield from _forbidden(item)


def _point(point: Point) -> Iterator[Problem]:
    key = f"point:{point.id}"
    if not point.title:
        yield Problem(key, N_("The point has no title."), "stops")
    if not point.say:
        yield Problem(key, N_("The point has no wording: nothing can be found in a call."), "stops")
    if len(point.say) == 1:
        yield Problem(key, N_("Only one wording. Two to four different ones are recognised better."))


def _entry(entry: Entry) -> Iterator[Problem]:
    key = f"entry:{entry.objection}"
    if not entry.title:
        yield Problem(key, N_("The objection has no title."), "stops")
    if not entry.heard_as:
        yield Problem(key, N_("There is no example of how customers say it."), "stops")
    if not entry.respond:
        yield Problem(key, N_("There is no answer yet: add a step."), "stops")
    for step in entry.respond:
        if not step.title:
            yield Problem(key, N_("A step has no title."), "stops")
        if not step.say:
            yield Problem(key, N_("The step “%(step)s” has no wording."), "stops", {"step": step.title or step.step})


def _forbidden(item: Forbidden) -> Iterator[Problem]:
    key = f"forbidden:{item.id}"
    if not item.title:
        yield Problem(key, N_("The forbidden item has no title."), "stops")
    if not item.phrases:
        yield Problem(key, N_("There is no forbidden phrase yet."), "stops")


def _twice(library: Library) -> Iterator[Problem]:
    """Texts that stand twice, each told where it stands the second time."""
    points = [(f"point:{point.id}", point.title, text) for _, point in library.points() for text in point.say]
    heard = [(f"entry:{entry.objection}", entry.title, text) for entry in library.playbook for text in entry.heard_as]
    near = [(f"entry:{entry.objection}", entry.title, text) for entry in library.playbook for text in entry.not_this]
    phrases = [(f"forbidden:{item.id}", item.title, text) for item in library.forbidden for text in item.phrases]
    allowed = [(f"forbidden:{item.id}", item.title, text) for item in library.forbidden for text in item.allowed]
    for texts in (points, heard, phrases):
        yield from _repeated(texts)
    yield from _against(heard, near, N_("“%(text)s” stands as an example and as what it is not."))
    yield from _against(phrases, allowed, N_("“%(text)s” is forbidden and allowed."))


def _repeated(texts: list[_Text]) -> Iterator[Problem]:
    first: dict[str, tuple[str, str]] = {}
    told: set[tuple[str, str]] = set()
    for key, title, text in texts:
        known, name = first.setdefault(plain(text), (key, title))
        if known != key and (key, plain(text)) not in told:
            yield Problem(key, N_("“%(text)s” stands in “%(title)s” too."), facts={"text": _short(text), "title": name})
            told.add((key, plain(text)))
    counts = Counter((key, plain(text)) for key, _, text in texts)
    for key, _, text in texts:
        if counts.pop((key, plain(text)), 0) > 1:
            yield Problem(key, N_("“%(text)s” stands here twice."), facts={"text": _short(text)})


def _against(these: list[_Text], those: list[_Text], message: str) -> Iterator[Problem]:
    both = {(key, plain(text)) for key, _, text in those}
    for key, _, text in these:
        if (key, plain(text)) in both:
            yield Problem(key, message, facts={"text": _short(text)})


def _too_near(library: Library) -> Iterator[Problem]:
    """Examples of different entries that are nearly the same sentence: the nearest pair of each two entries."""
    for number, entry in enumerate(library.playbook):
        for other in library.playbook[:number]:
            mine, theirs, likeness = _nearest(entry.heard_as, other.heard_as)
            if NEAR <= likeness < 100.0:
                yield Problem(
                    f"entry:{entry.objection}",
                    N_("“%(text)s” is too near to “%(near)s” of “%(title)s”: calls will be confused."),
                    facts={"text": _short(mine), "near": _short(theirs), "title": other.title},
                )


@lru_cache(maxsize=2048)
def _nearest(these: tuple[str, ...], those: tuple[str, ...]) -> tuple[str, str, float]:
    if not these or not those:
        return "", "", 0.0
    table = process.cdist([plain(text) for text in these], [plain(text) for text in those], scorer=fuzz.ratio)
    row, column = divmod(int(table.argmax()), len(those))
    return these[row], those[column], float(table[row, column])


def plain(text: str) -> str:
    """A text without what does not tell it from another: punctuation, blanks, width and case of letters."""
    wide = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in wide if char.isalnum())


def _short(text: str, most: int = 30) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
