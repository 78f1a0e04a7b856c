"""Two versions of one item beside each other, for the person who has to choose."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from assist.scripts.compare import FieldDiff, Row, compare, words
from assist.scripts.library import Entry, Forbidden, Library, Point, Stage
from assist.scripts.merge import Clash


@dataclass(frozen=True, slots=True)
class ClashView:
    """`fields` are what differs, theirs as old and mine as new. `gone`: the side that removed it, else empty."""

    key: str
    kind: str
    title: str
    gone: str
    fields: tuple[FieldDiff, ...]


def clash_views(clashes: Iterable[Clash], titles: dict[str, str]) -> list[ClashView]:
    """`titles` are of items by id, for clashes about an order."""
    return [_view(clash, titles) for clash in clashes]


def titles_of(*libraries: Library) -> dict[str, str]:
    found: dict[str, str] = {}
    for library in libraries:
        found |= {str(number): stage.title for number, stage in enumerate(library.script)}
        found |= {point.id: point.title for _, point in library.points()}
        found |= {entry.objection: entry.title for entry in library.playbook}
        found |= {item.id: item.title for item in library.forbidden}
    return found


def _view(clash: Clash, titles: dict[str, str]) -> ClashView:
    gone = "mine" if clash.mine is None else "theirs" if clash.theirs is None else ""
    return ClashView(clash.key, clash.kind, clash.title, gone, _fields(clash, titles))


def _fields(clash: Clash, titles: dict[str, str]) -> tuple[FieldDiff, ...]:
    if isinstance(clash.mine or clash.theirs, Point | Entry | Forbidden | Stage):
        comparison = compare(_alone(clash.theirs), _alone(clash.mine))
        diffs = [each.fields for each in (*comparison.items(), *comparison.stages)]
        return tuple(each for fields in diffs for each in fields if each.change != "same")
    mine, theirs = (_text(side, titles) for side in (clash.mine, clash.theirs))
    row = Row("changed", theirs, mine, words(theirs, mine))
    return (FieldDiff(clash.key.partition(":")[2].partition(" ")[0], "changed", (row,)),)


def _alone(item: Any) -> Library:
    """A library with nothing but the item."""
    if isinstance(item, Stage):
        return Library("x", "", (item,))
    if isinstance(item, Point):
        return Library("x", "", (Stage("opening", "", (item,)),))
    script = (Stage("opening", "", ()),) if item is None else ()
    entries = (item,) if isinstance(item, Entry) else ()
    return Library("x", "", script, playbook=entries, forbidden=(item,) if isinstance(item, Forbidden) else ())


def _text(value: Any, titles: dict[str, str]) -> str:
    if isinstance(value, list | tuple):
        return " · ".join(titles.get(one, str(one)) for one in value)
    return titles.get(value, str(value)) if value is not None else ""
