"""Which words of which turn a finding rests on: the underlined stretches of the transcript."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from api import words
from assist.scripts.library import Library

_WORSE = {"none": 0, "good": 1, "fair": 2, "poor": 3}


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding on a turn. `kind` is point, objection, forbidden or manners; `title` is the library's word for it."""

    turn: int
    start: float
    quote: str
    kind: str
    grade: str
    title: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a turn's text, with the grade and titles of what was found in it; grade empty where nothing was."""

    text: str
    grade: str = ""
    title: str = ""


def marks(analysis: dict[str, Any], library: Library) -> list[Mark]:
    """All findings that stand on a turn, by time."""
    found = [*_points(analysis, library), *_objections(analysis, library), *_forbidden(analysis, library)]
    return sorted(found, key=lambda mark: (mark.start, mark.turn))


def pieces(text: str, on_turn: Sequence[Mark]) -> list[Piece]:
    """`text` cut where findings begin and end. A quote that is not in the text marks the whole turn."""
    layers = [_span(text, mark.quote) for mark in on_turn]
    cuts = sorted({0, len(text), *(edge for span in layers for edge in span)})
    return [_piece(text, start, end, on_turn, layers) for start, end in zip(cuts, cuts[1:], strict=False)]


def by_turn(found: Iterable[Mark]) -> dict[int, list[Mark]]:
    grouped: dict[int, list[Mark]] = defaultdict(list)
    for mark in found:
        grouped[mark.turn].append(mark)
    return grouped


def _piece(text: str, start: int, end: int, on_turn: Sequence[Mark], layers: Sequence[tuple[int, int]]) -> Piece:
    here = [mark for mark, span in zip(on_turn, layers, strict=True) if span[0] <= start and end <= span[1]]
    if not here:
        return Piece(text[start:end])
    worst = max(here, key=lambda mark: _WORSE[mark.grade])
    return Piece(text[start:end], worst.grade, " · ".join(dict.fromkeys(mark.title for mark in here)))


def _span(text: str, quote: str) -> tuple[int, int]:
    start = text.find(quote) if quote else -1
    return (0, len(text)) if start < 0 else (start, start + len(quote))


def _points(analysis: dict[str, Any], library: Library) -> Iterable[Mark]:
    titles = {point.id: point.title for _, point in library.points()}
    for point in analysis["points"]:
        if point.get("turn") is not None:
            grade = words.STATUS_GRADE[point["status"]]
            yield Mark(
                point["turn"], point["start"], point["quote"], "point", grade, titles.get(point["id"], point["id"])
            )


def _objections(analysis: dict[str, Any], library: Library) -> Iterable[Mark]:
    for found in analysis["objections"]:
        entry = library.entry(found["id"])
        grade = words.OBJECTION_GRADE[found["outcome"]]
        yield Mark(found["turn"], found["start"], found["quote"], "objection", grade, entry.title if entry else "")


def _forbidden(analysis: dict[str, Any], library: Library) -> Iterable[Mark]:
    titles = {item.id: item.title for item in library.forbidden}
    for found in analysis["forbidden"]:
        title = titles.get(found["id"], found.get("title", found["id"]))
        yield Mark(found["turn"], found["start"], found["quote"], "forbidden", "poor", title)
    for found in analysis["manners"]:
        yield Mark(found["turn"], found["start"], found["quote"], "manners", "poor", found["quote"])
