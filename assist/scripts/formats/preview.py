"""What an import understood, line by line with its place, before anything is saved."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from assist.scripts.formats import yaml_format
from assist.scripts.library import STAGES, STEPS, Library
from assist.texts import N_, translate

PlaceKind = Literal["line", "paragraph", "table", "cell"]

_PLACES: dict[PlaceKind, str] = {
    "line": N_("line %(a)s"),
    "paragraph": N_("paragraph %(a)s"),
    "table": N_("table %(a)s, row %(b)s, column %(c)s"),
    "cell": N_("%(a)s, cell %(b)s"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file: a line, a paragraph, a cell of a table (table, row, column) or of a sheet (sheet, B7)."""

    kind: PlaceKind
    at: tuple[str | int, ...]

    def text(self, language: str = "en") -> str:
        return translate(_PLACES[self.kind], language) % dict(zip("abc", self.at, strict=False))


ROLES: dict[str, str] = {
    "title": N_("Title of the library"),
    "company": N_("Name of the company"),
    "term": N_("Term"),
    "stage/opening": N_("Stage: opening"),
    "stage/discovery": N_("Stage: discovery"),
    "stage/pitch": N_("Stage: pitch"),
    "stage/close": N_("Stage: close"),
    "stage/ending": N_("Stage: ending"),
    "point": N_("Point"),
    "point-say": N_("Point of its own, with this wording"),
    "say": N_("Wording of the point"),
    "objection": N_("Objection"),
    "heard": N_("How customers say it"),
    "near": N_("What it is not"),
    "step/acknowledge": N_("Step: acknowledge"),
    "step/clarify": N_("Step: clarify"),
    "step/answer": N_("Step: answer"),
    "step/advance": N_("Step: advance"),
    "answer/acknowledge": N_("Answer, acknowledging"),
    "answer/clarify": N_("Answer, clarifying"),
    "answer/answer": N_("Answer"),
    "answer/advance": N_("Answer, moving on"),
    "forbidden": N_("Forbidden"),
    "phrase": N_("Forbidden phrase"),
    "allowed": N_("What may be said all the same"),
    "joined": N_("Goes on from the line above"),
    "note": N_("Remark, not taken over"),
    "unclear": N_("Not understood, not taken over"),
}
"""What a line can be, with its name for people."""

assert {f"stage/{stage}" for stage in STAGES} | {f"step/{step}" for step in STEPS} <= set(ROLES)


@dataclass(frozen=True, slots=True)
class Line:
    """`written` is what stands in the file, `text` what is taken of it. Where the role is a guess it is not `sure`.

    `facts` are what the file says beside the text: id, required, weight, severity. `target` is what the line became
    part of: `point:ID`, `entry:ID`, `forbidden:ID`, `stage:NUMBER`, or empty.
    """

    number: int
    place: Place
    written: str
    text: str
    role: str
    sure: bool = True
    facts: Mapping[str, str] = field(default_factory=dict)
    target: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What the editor should look at; `place` is None where it is about the whole file."""

    message: str
    place: Place | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    def text(self, language: str = "en") -> str:
        return translate(self.message, language) % self.facts


@dataclass(frozen=True, slots=True)
class Preview:
    """`library` is made of the lines; lists in it may be empty (a point without a wording). `found` are notices of
    the reading itself, `notices` those of putting together. An `exact` file is one that Assist wrote itself."""

    name: str
    kind: str
    lines: tuple[Line, ...]
    library: Library
    exact: bool = False
    found: tuple[Notice, ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def warnings(self) -> tuple[Notice, ...]:
        return (*self.found, *self.notices)

    @property
    def understood(self) -> tuple[Line, ...]:
        """The lines that were taken over."""
        return tuple(line for line in self.lines if line.role not in ("note", "unclear"))

    @property
    def left_out(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.role in ("note", "unclear"))

    def to_json(self) -> str:
        """For keeping it between two requests; `from_json` reads it."""
        plain = {
            "name": self.name,
            "kind": self.kind,
            "exact": self.exact,
            "library": yaml_format.dumps(self.library),
            "lines": [asdict(line) for line in self.lines],
            "found": [asdict(notice) for notice in self.found],
            "notices": [asdict(notice) for notice in self.notices],
        }
        return json.dumps(plain, ensure_ascii=False)


def from_json(text: str) -> Preview:
    """Inverse of `Preview.to_json`."""
    plain = json.loads(text)
    return Preview(
        name=plain["name"],
        kind=plain["kind"],
        exact=plain["exact"],
        lines=tuple(Line(**line | {"place": _place(line["place"])}) for line in plain["lines"]),
        library=yaml_format.loads(plain["library"], plain["name"], complete=False),
        found=_notices(plain["found"]),
        notices=_notices(plain["notices"]),
    )


def numbered(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The lines with their numbers, from 0."""
    return tuple(replace(line, number=number) for number, line in enumerate(lines))


def _notices(plain: list[dict[str, Any]]) -> tuple[Notice, ...]:
    return tuple(Notice(**notice | {"place": notice["place"] and _place(notice["place"])}) for notice in plain)


def _place(plain: dict[str, Any]) -> Place:
    return Place(plain["kind"], tuple(plain["at"]))
