"""Two libraries side by side: by stage, point, entry and forbidden item, with the words that changed in each wording.

Words are those of the language, not characters: 三十 → 五十 is one word out and one in.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, TypeVar

import rjieba

from assist.scripts.alignment import pairs
from assist.scripts.library import STEPS, Entry, Forbidden, Library, Point, Stage

Change = Literal["same", "changed", "added", "removed"]
Item = Point | Entry | Forbidden
_Row = tuple[str | None, str | None]
_Thing = TypeVar("_Thing", Point, Entry, Forbidden)

ALIKE = 0.4
"""Share of common words from which two wordings are one that was changed, rather than one out and another in."""

_SPLIT = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)?|\s+|[^A-Za-z\d\s]+")


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of a text: `same` in both, `out` only in the old one, `in` only in the new one."""

    op: Literal["same", "out", "in"]
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One text beside the other; None on the side where it is not."""

    change: Change
    old: str | None
    new: str | None
    words: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """`name` is that of the library's field; the steps of an answer go by their names (acknowledge, answer.title …)."""

    name: str
    change: Change
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ItemDiff:
    """One point, entry or forbidden item. `moved`: its place among the others changed, or its stage: `was_in`."""

    kind: Literal["point", "entry", "forbidden"]
    id: str
    title: str
    change: Change
    fields: tuple[FieldDiff, ...]
    moved: bool = False
    was_in: str = ""


@dataclass(frozen=True, slots=True)
class StageDiff:
    stage: str
    title: str
    change: Change
    moved: bool
    fields: tuple[FieldDiff, ...]
    points: tuple[ItemDiff, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All of both libraries, what is the same too; removed things stand where they stood."""

    facts: tuple[FieldDiff, ...]
    stages: tuple[StageDiff, ...]
    playbook: tuple[ItemDiff, ...]
    forbidden: tuple[ItemDiff, ...]

    def items(self) -> tuple[ItemDiff, ...]:
        return (*(point for stage in self.stages for point in stage.points), *self.playbook, *self.forbidden)

    @property
    def counts(self) -> dict[str, int]:
        """How many items were added, removed, changed, moved."""
        items = self.items()
        found = {kind: sum(item.change == kind for item in items) for kind in ("added", "removed", "changed")}
        return found | {"moved": sum(item.moved for item in items)}

    @property
    def same(self) -> bool:
        if any(stage.moved for stage in self.stages) or any(item.moved for item in self.items()):
            return False
        stages = (change for stage in self.stages for change in (stage.change, *(each.change for each in stage.fields)))
        changes = (*(fact.change for fact in self.facts), *stages, *(item.change for item in self.items()))
        return set(changes) <= {"same"}


def compare(old: Library, new: Library) -> Comparison:
    return Comparison(
        facts=(
            _text("campaign", old.campaign, new.campaign),
            _text("title", old.title, new.title),
            _text("language", old.language, new.language),
            _texts("company", old.company, new.company),
            _texts("terms", old.terms, new.terms),
        ),
        stages=_stages(old, new),
        playbook=_items(old.playbook, new.playbook),
        forbidden=_items(old.forbidden, new.forbidden),
    )


def words(old: str, new: str) -> tuple[Words, ...]:
    """The two texts as stretches of words; `same` with `out` is the old one, `same` with `in` the new one."""
    before, after = segmented(old), segmented(new)
    found: list[Words] = []
    for _, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = "".join(before[i1:i2]), "".join(after[j1:j2])
        if gone == come:
            found.append(Words("same", gone))
            continue
        found += [Words("out", gone)] if gone else []
        found += [Words("in", come)] if come else []
    return tuple(found)


def segmented(text: str) -> list[str]:
    """Chinese words, Latin words, numbers, punctuation; joined again they are the text."""
    return [word for run in _SPLIT.findall(text) for word in ([run] if run[0].isascii() else rjieba.cut(run, True))]


def _stages(old: Library, new: Library) -> tuple[StageDiff, ...]:
    known = pairs(old.script, new.script)
    mates = [known.get(number) for number in range(len(new.script))]
    moved = _moved([mate for mate in mates if mate is not None])
    kept = {point.id for _, point in new.points()}
    found = [
        _stage(
            old.script[mate] if mate is not None else None, stage, _points(stage, mate, old, kept), moved=mate in moved
        )
        for stage, mate in zip(new.script, mates, strict=True)
    ]
    for number, stage in enumerate(old.script):
        if number not in known.values():
            gone = tuple(_item(point, None) for point in stage.points if point.id not in kept)
            found.insert(min(number, len(found)), _stage(stage, None, gone))
    return tuple(found)


def _stage(old: Stage | None, new: Stage | None, points: tuple[ItemDiff, ...], *, moved: bool = False) -> StageDiff:
    shown = new or old
    assert shown is not None
    fields = (
        _text("stage", old.stage if old else None, new.stage if new else None),
        _text("title", old.title if old else None, new.title if new else None),
    )
    change: Change = "removed" if new is None else _change(fields, old is not None)
    return StageDiff(shown.stage, shown.title, change, moved, fields, points)


def _points(stage: Stage, mate: int | None, old: Library, kept: set[str]) -> tuple[ItemDiff, ...]:
    """The points of a new stage, with those of its old one (number `mate`) that are nowhere any more."""
    was_in = {point.id: number for number, each in enumerate(old.script) for point in each.points}
    before = {point.id: point for _, point in old.points()}
    order = [point.id for point in old.script[mate].points] if mate is not None else []
    moved = _moved([order.index(point.id) for point in stage.points if point.id in order])
    found = []
    for point in stage.points:
        elsewhere = point.id in before and was_in[point.id] != mate
        place = old.script[was_in[point.id]].title if elsewhere else ""
        shifted = elsewhere or (point.id in order and order.index(point.id) in moved)
        found.append(_item(before.get(point.id), point, moved=shifted, was_in=place))
    return _with_gone(found, [_item(before[name], None) for name in order if name not in kept], order)


def _items(old: Sequence[_Thing], new: Sequence[_Thing]) -> tuple[ItemDiff, ...]:
    before = {_id(item): item for item in old}
    order = list(before)
    moved = _moved([order.index(_id(item)) for item in new if _id(item) in before])
    found = [
        _item(before.get(_id(item)), item, moved=_id(item) in before and order.index(_id(item)) in moved)
        for item in new
    ]
    kept = {_id(item) for item in new}
    return _with_gone(found, [_item(item, None) for item in old if _id(item) not in kept], order)


def _with_gone(found: list[ItemDiff], gone: Iterable[ItemDiff], order: Sequence[str]) -> tuple[ItemDiff, ...]:
    """Removed items after what they used to follow."""
    for item in gone:
        earlier = order[: order.index(item.id)]
        places = [number + 1 for number, one in enumerate(found) if one.id in earlier]
        found.insert(max(places, default=0), item)
    return tuple(found)


def _item(old: Item | None, new: Item | None, *, moved: bool = False, was_in: str = "") -> ItemDiff:
    shown = new or old
    assert shown is not None
    before, after = _fields(old), _fields(new)
    fields = tuple(_texts(name, before.get(name, ()), after.get(name, ())) for name in dict.fromkeys((*after, *before)))
    kind: Literal["point", "entry", "forbidden"] = (
        "point" if isinstance(shown, Point) else "entry" if isinstance(shown, Entry) else "forbidden"
    )
    change = "added" if old is None else "removed" if new is None else _change(fields, True)
    return ItemDiff(kind, _id(shown), shown.title, change, fields, moved, was_in)


def _id(item: Item) -> str:
    return item.objection if isinstance(item, Entry) else item.id


def _fields(item: Item | None) -> dict[str, tuple[str, ...]]:
    """The item's texts by field, in the order they are shown."""
    if item is None:
        return {}
    if isinstance(item, Point):
        facts = {"title": (item.title,), "required": (str(item.required).lower(),), "weight": (str(item.weight),)}
        return facts | {"say": item.say}
    if isinstance(item, Forbidden):
        facts = {"title": (item.title,), "severity": (item.severity,)}
        return facts | {"phrases": item.phrases, "allowed": item.allowed}
    found: dict[str, tuple[str, ...]] = {"title": (item.title,), "heard_as": item.heard_as, "not_this": item.not_this}
    found["steps"] = tuple(step.step for step in item.respond)
    for step in (step for name in STEPS for step in item.respond if step.step == name):
        found[f"{step.step}.title"] = (*found.get(f"{step.step}.title", ()), step.title)
        found[step.step] = (*found.get(step.step, ()), *step.say)
    return found


def _text(name: str, old: str | None, new: str | None) -> FieldDiff:
    rows = (_row(old, new),)
    return FieldDiff(name, rows[0].change, rows)


def _texts(name: str, old: Sequence[str], new: Sequence[str]) -> FieldDiff:
    rows = tuple(_row(*row) for row in _aligned(old, new))
    return FieldDiff(name, _change(rows, True), rows)


def _row(old: str | None, new: str | None) -> Row:
    if old is None or new is None:
        text = new if old is None else old
        op: Literal["in", "out"] = "in" if old is None else "out"
        return Row("added" if old is None else "removed", old, new, (Words(op, text or ""),))
    return Row("same" if old == new else "changed", old, new, words(old, new))


def _change(parts: Sequence[Row | FieldDiff], known: bool) -> Change:
    if not known:
        return "added"
    return "changed" if any(part.change != "same" for part in parts) else "same"


def _aligned(old: Sequence[str], new: Sequence[str]) -> list[_Row]:
    """Each new text beside the old one it was made from, in the order of the new ones; removed ones stay put."""
    mates = _mates(old, new)
    rows: list[tuple[float, _Row]] = [
        (number, (old[mates[number]] if number in mates else None, text)) for number, text in enumerate(new)
    ]
    taken = {mate: number for number, mate in mates.items()}
    for number, text in enumerate(old):
        if number not in taken:
            before = [taken[one] for one in range(number) if one in taken]
            rows.append((max(before, default=-1) + 0.5, (text, None)))
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])]


def _mates(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Position in `new` → position in `old`: equal texts first, then the most alike, one text of one field always."""
    mates: dict[int, int] = {}
    for number, text in enumerate(new):
        same = next((i for i, was in enumerate(old) if was == text and i not in mates.values()), None)
        if same is not None:
            mates[number] = same
    if len(old) == len(new) == 1:
        return {0: 0}
    likeness = sorted(
        ((_alike(old[i], new[j]), -abs(i - j), i, j) for i in range(len(old)) for j in range(len(new))
         if j not in mates and i not in mates.values()),
        reverse=True,
    )  # fmt: skip
    for share, _, i, j in likeness:
        if share >= ALIKE and j not in mates and i not in mates.values():
            mates[j] = i
    return mates


def _alike(old: str, new: str) -> float:
    return SequenceMatcher(None, segmented(old), segmented(new), autojunk=False).ratio()


def _moved(places: Sequence[int]) -> set[int]:
    """Which old places are out of order: all but a longest ascending run through them."""
    runs: list[tuple[int, ...]] = [()]
    for place in places:
        so_far = _longest(run for run in runs if not run or run[-1] < place)
        runs.append((*so_far, place))
    return set(places) - set(_longest(runs))


def _longest(runs: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    return max(runs, key=len)
