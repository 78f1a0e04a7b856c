"""The names of findings on the call page, so that people can accept, dispute or change each."""

from typing import Any

from assist.analysis.verdicts import About, Kind
from assist.coaching.named import name_of

Report = dict[str, Any]

_BEHIND: dict[str, tuple[str, Kind]] = {
    "forbidden": ("forbidden", "forbidden"),
    "manners": ("manners", "manners"),
    "unanswered-objection": ("objections", "objection"),
}
"""Flags that are only another view of a finding: what is ruled is the finding."""


def of(kind: Kind, identifier: str, start: float | None = None) -> str:
    return name_of(About(kind, identifier, start, start))


def behind(flag: Report, start: float | None, report: Report) -> str:
    """The name of the finding behind a flag, of the flag itself where there is none."""
    part, kind = _BEHIND.get(flag["rule"], ("", "flag"))
    turn = next(iter(flag.get("turns", [])), None)
    found = next((item for item in report.get(part, []) if item["turn"] == turn), None) if part else None
    if found is not None:
        return of(kind, found["id"], found["start"])
    return of("flag", flag["rule"], start)
