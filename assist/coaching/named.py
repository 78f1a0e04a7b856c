"""The findings of a judged call by name, so that people can speak of one: on the page, in a dispute, in a verdict.

A name is `kind:id` for what a call has once (a point, a criterion `skill/id`) and `kind:id@seconds` for the rest.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assist.analysis.findings import SKILLS
from assist.analysis.verdicts import KINDS, About, Kind
from assist.errors import NotFound
from assist.scripts.library import Library

Report = Mapping[str, Any]

NEAR_S = 0.06
"""Seconds in a name are rounded to a tenth."""


@dataclass(frozen=True, slots=True)
class Named:
    """One finding. `title` is the library's or rubric's word for it, `quote` what was said or why; `state` what holds:
    status, steps, outcome, question, value (0–1), severity: those that the kind has."""

    about: About
    title: str
    quote: str
    state: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return name_of(self.about)


def name_of(about: About) -> str:
    """The name of a finding, as it stands in addresses."""
    if about.kind in ("point", "criterion") or about.start is None:
        return f"{about.kind}:{about.id}"
    return f"{about.kind}:{about.id}@{about.start:.1f}"


def parse(name: str) -> About:
    """A name as kind, id and beginning (`end` is left open). Raises NotFound: no name of a finding."""
    kind, _, rest = name.partition(":")
    identifier, sign, seconds = rest.rpartition("@")
    try:
        start = float(seconds) if sign else None
    except ValueError as error:
        raise NotFound from error
    if kind not in KINDS:
        raise NotFound
    return About(kind, identifier if sign else rest, start, start)


def listing(report: Report, library: Library) -> list[Named]:
    """All findings of a report, by kind."""
    readers = (_points, _objections, _questions, _forbidden, _criteria, _flags)
    return [one for read in readers for one in read(report, library)]


def find(found: Sequence[Named], about: About) -> Named | None:
    """The finding that a name means: by kind, id and, where it has one, its beginning."""
    same = [one for one in found if (one.about.kind, one.about.id) == (about.kind, about.id)]
    if about.start is None or about.kind in ("point", "criterion"):
        return next(iter(same), None)
    return next((one for one in same if one.about.start is not None and near(one.about.start, about.start)), None)


def near(one: float, other: float) -> bool:
    return abs(one - other) <= NEAR_S


def _about(kind: Kind, identifier: str, item: Report) -> About:
    start = item.get("start")
    end = item.get("end") if item.get("end") is not None else start
    return About(kind, identifier, start, end)


def _points(report: Report, library: Library) -> Iterator[Named]:
    titles = {point.id: point.title for _, point in library.points()}
    for item in report.get("points", ()):
        status = "uncertain" if item.get("uncertain") else item["status"]
        title = titles.get(item["id"], item["id"])
        yield Named(_about("point", item["id"], item), title, item.get("quote") or "", {"status": status})


def _objections(report: Report, library: Library) -> Iterator[Named]:
    for item in report.get("objections", ()):
        entry = library.entry(item["id"])
        state = {"id": item["id"], "steps": list(item["steps"]), "outcome": item["outcome"]}
        yield Named(_about("objection", item["id"], item), entry.title if entry else "", item["quote"], state)


def _questions(report: Report, library: Library) -> Iterator[Named]:
    for item in report.get("questions", ()):
        yield Named(_about("question", "", item), "", item["quote"], {"question": item["kind"]})


def _forbidden(report: Report, library: Library) -> Iterator[Named]:
    titles = {item.id: item.title for item in library.forbidden}
    kinds: tuple[Kind, ...] = ("forbidden", "manners")
    for kind in kinds:
        for item in report.get(kind, ()):
            title = titles.get(item["id"]) or item["quote"]
            yield Named(_about(kind, item["id"], item), title, item["quote"], {"severity": item["severity"]})


def _criteria(report: Report, library: Library) -> Iterator[Named]:
    for skill in SKILLS:
        for line in report["scores"].get(skill, {}).get("criteria", ()):
            about = About("criterion", f"{skill}/{line['id']}")
            yield Named(about, line.get("title") or line["id"], line.get("why", ""), {"value": line["value"]})


def _flags(report: Report, library: Library) -> Iterator[Named]:
    turns = {turn["id"]: turn for turn in report["turns"]}
    for flag in report["flags"]:
        first: Report = next((turns[turn] for turn in flag["turns"] if turn in turns), {})
        yield Named(_about("flag", flag["rule"], first), flag["reason"], "", {"severity": flag["severity"]})
