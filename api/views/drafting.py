"""The editor's form as a library.

The fields come in the order in which they stand on the page, and that order is the structure: `stage` begins a stage,
`point` after it a point of it, what follows is of that point, and so on. So an item is moved by moving its fields.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from assist.scripts.library import SEVERITIES, STAGES, STEPS, Entry, Forbidden, Library, Point, Stage, Step

Pairs = Iterable[tuple[str, str]]

_BETWEEN_NAMES = re.compile(r"[,，、；;\r\n]+")
_BEGINS = {"stage": None, "point": "stage", "entry": None, "step": "entry", "forbidden": None}


@dataclass(slots=True)
class _Item:
    """What began with the field `kind`, whose value is `id`; `values` are its own fields, `inside` the items in it."""

    kind: str
    id: str
    values: dict[str, list[str]] = field(default_factory=dict)
    inside: "list[_Item]" = field(default_factory=list)

    def one(self, name: str, default: str = "") -> str:
        return " ".join((self.values.get(name) or [default])[-1].split())

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts that are not empty, line breaks as they were typed."""
        typed = (text.replace("\r\n", "\n").strip() for text in self.values.get(name, ()))
        return tuple(text for text in typed if text)


def read_form(fields: Pairs, campaign: str) -> Library:
    """The library that the form says; titles and lists may be empty. What is no valid choice gets the usual one."""
    root = _nested(fields)
    return Library(
        campaign=campaign,
        title=root.one("title"),
        language=root.one("language") if root.one("language") in ("zh", "en") else "zh",
        company=_names(root, "company"),
        terms=_names(root, "terms"),
        script=tuple(_stage(item) for item in root.inside if item.kind == "stage"),
        playbook=tuple(_entry(item) for item in root.inside if item.kind == "entry"),
        forbidden=tuple(_forbidden(item) for item in root.inside if item.kind == "forbidden"),
    )


def blanks() -> dict[str, Any]:
    """An empty item of each kind, for what the page adds."""
    step = Step("acknowledge", "", ("",))
    return {
        "stage": Stage("opening", "", ()),
        "point": Point("", "", ("",)),
        "entry": Entry("", "", ("",), ()),
        "step": step,
        "forbidden": Forbidden("", "", "major", ("",)),
    }


def with_ids(library: Library) -> Library:
    """Every item with an id: one that has none gets a free number."""
    taken = {point.id for _, point in library.points()}
    return replace(
        library,
        script=tuple(
            replace(stage, points=tuple(_named(point, "id", "point", taken) for point in stage.points))
            for stage in library.script
        ),
        playbook=_all_named(library.playbook, "objection", "objection"),
        forbidden=_all_named(library.forbidden, "id", "forbidden"),
    )


def _nested(fields: Pairs) -> _Item:
    root = _Item("library", "")
    open_items = {None: root}
    here = root
    for name, value in fields:
        if name in _BEGINS:
            here = _Item(name, value.strip())
            open_items.get(_BEGINS[name], root).inside.append(here)
            open_items[name] = here  # type: ignore[index]
        else:
            here.values.setdefault(name, []).append(value)
    return root


def _names(root: _Item, name: str) -> tuple[str, ...]:
    parts = (part.strip() for text in root.values.get(name, ()) for part in _BETWEEN_NAMES.split(text))
    return tuple(dict.fromkeys(part for part in parts if part))


def _stage(item: _Item) -> Stage:
    points = tuple(_point(one) for one in item.inside if one.kind == "point")
    return Stage(_choice(item.id, STAGES), item.one("stage.title"), points)


def _point(item: _Item) -> Point:
    return Point(
        id=item.id,
        title=item.one("point.title"),
        say=item.texts("say"),
        required="point.required" in item.values,
        weight=int(_choice(item.one("point.weight"), ("1", "2", "3"))),
    )


def _entry(item: _Item) -> Entry:
    return Entry(
        objection=item.id,
        title=item.one("entry.title"),
        heard_as=item.texts("heard_as"),
        respond=tuple(_step(one) for one in item.inside if one.kind == "step"),
        not_this=item.texts("not_this"),
    )


def _step(item: _Item) -> Step:
    return Step(_choice(item.id, STEPS), item.one("step.title"), item.texts("step.say"))


def _forbidden(item: _Item) -> Forbidden:
    return Forbidden(
        id=item.id,
        title=item.one("forbidden.title"),
        severity=_choice(item.one("forbidden.severity"), SEVERITIES),
        phrases=item.texts("phrases"),
        allowed=item.texts("allowed"),
    )


def _choice(text: str, choices: tuple[Any, ...]) -> Any:
    return text if text in choices else choices[0]


def _all_named(items: tuple[Any, ...], key: str, prefix: str) -> tuple[Any, ...]:
    taken = {getattr(item, key) for item in items}
    return tuple(_named(item, key, prefix, taken) for item in items)


def _named(item: Any, key: str, prefix: str, taken: set[str]) -> Any:
    if getattr(item, key):
        return item
    number = next(n for n in range(1, len(taken) + 2) if f"{prefix}-{n}" not in taken)
    taken.add(f"{prefix}-{number}")
    return replace(item, **{key: f"{prefix}-{number}"})
