"""Two people's changes of one library put together, item by item. What both changed differently is a clash.

An item is a point, an entry, a forbidden item, a stage, a fact of the library, or the order of things in a list.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Literal

from assist.scripts.alignment import Keys, stage_keys
from assist.scripts.library import Library, Stage

Side = Literal["mine", "theirs"]
_FACTS = ("campaign", "title", "language", "company", "terms")
_Items = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Clash:
    """One item that both changed: its value on each side, None where that side removed it."""

    key: str
    kind: str
    title: str
    mine: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """`library` has every change; of a clash it has the side that was chosen, theirs where none was."""

    library: Library
    clashes: tuple[Clash, ...]


def merge(base: Library, mine: Library, theirs: Library, choices: Mapping[str, Side] | None = None) -> Merged:
    """Three-way. `choices` settle clashes by their key."""
    keys = stage_keys(base, mine, theirs)
    merging = _Merging(_items(base, keys[0]), _items(mine, keys[1]), _items(theirs, keys[2]), choices or {})
    return Merged(_library(merging, base), tuple(merging.clashes))


class _Merging:
    """The three sides as items by key, and the clashes met so far."""

    def __init__(self, base: _Items, mine: _Items, theirs: _Items, choices: Mapping[str, Side]) -> None:
        self.base, self.mine, self.theirs = base, mine, theirs
        self.choices = choices
        self.clashes: list[Clash] = []

    def value(self, key: str) -> Any:
        """The merged value of one item, None where it is gone."""
        base, mine, theirs = (side.get(key) for side in (self.base, self.mine, self.theirs))
        found, clash = _three_way(base, mine, theirs)
        return self._chosen(key, mine, theirs) if clash else found

    def order(self, key: str, members: Iterable[str]) -> list[str]:
        """The members of a list in their merged order."""
        base, mine, theirs = (list(side.get(key, ())) for side in (self.base, self.mine, self.theirs))
        common = set(base) & set(mine) & set(theirs)
        was, one, other = ([name for name in side if name in common] for side in (base, mine, theirs))
        first, second = theirs, mine
        if one not in (was, other) and (other == was or self._chosen(key, one, other) == one):
            first, second = mine, theirs
        return _filled(first, (second, base), set(members))

    def keys(self, prefix: str) -> list[str]:
        """Names of all items of a kind, in the order they are met."""
        sides = (self.theirs, self.mine, self.base)
        return list(dict.fromkeys(key[len(prefix) :] for side in sides for key in side if key.startswith(prefix)))

    def _chosen(self, key: str, mine: Any, theirs: Any) -> Any:
        kind, _, name = key.partition(":")
        if key not in self.choices:
            item = next((side for side in (theirs, mine) if is_dataclass(side)), None)
            self.clashes.append(Clash(key, kind, getattr(item, "title", name), mine, theirs))
        return mine if self.choices.get(key) == "mine" else theirs


def _items(library: Library, keys: Keys) -> _Items:
    found: _Items = {f"library:{name}": getattr(library, name) for name in _FACTS}
    found["order:script"] = list(keys)
    for key, stage in zip(keys, library.script, strict=True):
        found[f"stage:{key}"] = replace(stage, points=())
        found[f"order:stage {key}"] = [point.id for point in stage.points]
        found |= {f"point:{point.id}": point for point in stage.points}
        found |= {f"place:{point.id}": key for point in stage.points}
    found |= {f"entry:{entry.objection}": entry for entry in library.playbook}
    found |= {f"forbidden:{item.id}": item for item in library.forbidden}
    found["order:playbook"] = [entry.objection for entry in library.playbook]
    found["order:forbidden"] = [item.id for item in library.forbidden]
    return found


def _library(merging: _Merging, base: Library) -> Library:
    facts = {name: merging.value(f"library:{name}") for name in _FACTS}
    lists = {
        name: [found[key] for key in merging.order(f"order:{name}", found)]
        for name, found in (("playbook", _kept(merging, "entry:")), ("forbidden", _kept(merging, "forbidden:")))
    }
    return replace(
        base, **facts, script=_script(merging), playbook=tuple(lists["playbook"]), forbidden=tuple(lists["forbidden"])
    )


def _kept(merging: _Merging, prefix: str) -> dict[str, Any]:
    found = {name: merging.value(prefix + name) for name in merging.keys(prefix)}
    return {name: value for name, value in found.items() if value is not None}


def _script(merging: _Merging) -> tuple[Stage, ...]:
    points = _kept(merging, "point:")
    places = {name: _place(merging, name) for name in points}
    stages = _kept(merging, "stage:")
    for key in places.values():  # one side removed a stage that the other side still fills
        stages.setdefault(key, merging.theirs.get(f"stage:{key}") or merging.mine.get(f"stage:{key}"))
    return tuple(
        replace(stages[key], points=tuple(points[name] for name in _inside(merging, key, places)))
        for key in merging.order("order:script", stages)
    )


def _place(merging: _Merging, point: str) -> str:
    """The stage of a point; one that is gone on one side stands where the other has it."""
    sides = [side[f"place:{point}"] for side in (merging.mine, merging.theirs) if f"place:{point}" in side]
    return str(merging.value(f"place:{point}") if len(sides) == 2 else sides[0])


def _inside(merging: _Merging, key: str, places: Mapping[str, str]) -> list[str]:
    return merging.order(f"order:stage {key}", [name for name, place in places.items() if place == key])


def _three_way(base: Any, mine: Any, theirs: Any) -> tuple[Any, bool]:
    """(value, whether both changed it differently)."""
    if mine in (theirs, base):
        return theirs, False
    if theirs == base:
        return mine, False
    if None in (base, mine, theirs):
        return theirs, True
    if isinstance(base, tuple):
        return _lists(base, mine, theirs)
    return _fieldwise(base, mine, theirs) if is_dataclass(base) else (theirs, True)


def _fieldwise(base: Any, mine: Any, theirs: Any) -> tuple[Any, bool]:
    names = [field.name for field in fields(base)]
    each = {name: _three_way(*(getattr(side, name) for side in (base, mine, theirs))) for name in names}
    return replace(base, **{name: value for name, (value, _) in each.items()}), any(bad for _, bad in each.values())


def _lists(base: tuple[Any, ...], mine: tuple[Any, ...], theirs: tuple[Any, ...]) -> tuple[Any, bool]:
    """Wordings both took away and put others in place of are a clash; else all that was added and left."""
    gone = [one for one in base if one not in mine and one not in theirs]
    new = [[one for one in side if one not in base] for side in (mine, theirs)]
    if not all(isinstance(one, str) for one in base) or (gone and all(new)) or len({*base}) < len(base):
        return theirs, True
    kept = {one for one in base if one in mine and one in theirs} | {*new[0], *new[1]}
    return tuple(_filled(theirs, (mine, base), kept)), False


def _filled(first: Sequence[str], others: Iterable[Sequence[str]], members: set[str]) -> list[str]:
    """The members in the order of `first`; each that is missing there comes after what it follows in the others."""
    order = [name for name in first if name in members]
    for other in others:
        for number, name in enumerate(other):
            if name in members and name not in order:
                before = next((one for one in reversed(other[:number]) if one in order), None)
                order.insert(order.index(before) + 1 if before is not None else 0, name)
    return order + sorted(members - set(order))
