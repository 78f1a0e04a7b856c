"""What a person may rule of each kind of finding, and which rules a verdict speaks for or against."""

from collections.abc import Mapping
from typing import Any

from assist.analysis.findings import SKILLS
from assist.analysis.verdicts import About, Kind, Ruling, Stood
from assist.errors import RequestError
from assist.scripts.library import STEPS, Library
from assist.texts import N_

STATUSES = ("said", "partial", "missed")
OUTCOMES = ("resolved", "repeated", "unanswered", "ended")
OTHER = "other"

Report = Mapping[str, Any]


class BadRuling(RequestError):
    message = N_("This cannot be ruled of this finding (%(what)s). Choose one of the offered values.")


_MAY: Mapping[Kind, frozenset[str]] = {
    "point": frozenset({"status", "start", "end"}),
    "objection": frozenset({"gone", "id", "steps", "outcome"}),
    "question": frozenset({"gone", "question"}),
    "forbidden": frozenset({"gone", "status"}),
    "manners": frozenset({"gone"}),
    "criterion": frozenset({"value"}),
    "flag": frozenset({"gone"}),
}


def check(kind: Kind, ruling: Ruling, library: Library) -> None:
    """Raises BadRuling where the kind has no such thing, or the value is none."""
    given = ruling.to_dict()
    for name in given:
        if name not in _MAY[kind]:
            raise BadRuling(what=name)
    for name, known in _known(kind, library).items():
        values = given.get(name)
        for value in values if isinstance(values, list) else [] if values is None else [values]:
            if value not in known:
                raise BadRuling(what=f"{name}: {value}"[:60])
    if ruling.value is not None and not 0 <= ruling.value <= 1:
        raise BadRuling(what=f"value: {ruling.value}")


def check_added(about: About, ruling: Ruling, library: Library) -> None:
    """Raises BadRuling where this cannot be added to a call."""
    if about.kind not in ("objection", "forbidden") or about.start is None or about.end is None or ruling.gone:
        raise BadRuling(what=about.kind)
    check(about.kind, ruling, library)
    known = _entries(library) if about.kind == "objection" else {item.id for item in library.forbidden}
    if about.id not in known:
        raise BadRuling(what=about.id[:60])


def title_of(about: About, library: Library) -> str:
    """The library's word for an objection or a forbidden item; empty where it has none."""
    if about.kind == "objection":
        entry = library.entry(about.id)
        return entry.title if entry else ""
    return next((item.title for item in library.forbidden if item.id == about.id), "")


def rules(machine: Report, alone: Stood, about: About) -> dict[str, bool]:
    """What a verdict, taken by itself, says of each rule: True overturned, False kept.

    Overturned are the flags that go and the criteria whose value moves with it, and the finding's own kind and id.
    A finding that is kept speaks for the flags and criteria that rest on the same turn.
    """
    own = {_own(about): alone.changed}
    if alone.changed:
        return own | dict.fromkeys(_gone(machine, alone.report), True)
    return own | dict.fromkeys(_touching(machine, about), False)


def _own(about: About) -> str:
    if about.kind in ("criterion", "flag"):
        return about.id
    return f"{about.kind}:{about.id}" if about.id else about.kind


def _gone(machine: Report, after: Report) -> set[str]:
    flags = {(flag["rule"], *flag["turns"]) for flag in after["flags"]}
    raised = {flag["rule"] for flag in machine["flags"] if (flag["rule"], *flag["turns"]) not in flags}
    before, now = _values(machine), _values(after)
    return raised | {name for name, value in before.items() if now.get(name) != value}


def _touching(machine: Report, about: About) -> set[str]:
    if about.start is None or about.end is None:
        return set()
    turns = {turn["id"] for turn in machine["turns"] if turn["start"] <= about.end and about.start <= turn["end"]}
    flags = {flag["rule"] for flag in machine["flags"] if turns & set(flag["turns"])}
    criteria = {
        f"{skill}/{line['id']}"
        for skill in SKILLS
        for line in machine["scores"].get(skill, {}).get("criteria", ())
        if turns & set(line["evidence"])
    }
    return flags | criteria


def _values(report: Report) -> dict[str, float | None]:
    return {
        f"{skill}/{line['id']}": line["value"]
        for skill in SKILLS
        for line in report["scores"].get(skill, {}).get("criteria", ())
    }


def _entries(library: Library) -> set[str]:
    return {entry.objection for entry in library.playbook} | {OTHER}


def _known(kind: Kind, library: Library) -> dict[str, set[str]]:
    return {
        "status": {"said"} if kind == "forbidden" else set(STATUSES),
        "id": _entries(library),
        "steps": set(STEPS),
        "outcome": set(OUTCOMES),
        "question": {"open", "closed"},
    }
