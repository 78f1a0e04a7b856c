"""The filters of the list of calls, as they stand in the address. What cannot be read is left out."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.requests import Request

from api.formats import FAIR
from assist.analysis.findings import SKILLS
from assist.calls.calls import STATES
from assist.calls.found import OBJECTION_IS
from assist.calls.listing import Filters

PLAIN = (
    "agent",
    "team",
    "campaign",
    "state",
    "outcome",
    "since",
    "until",
    "weak",
    "flagged",
    "text",
    "held",
    "unseen",
    "page",
)
FOUND = (
    "point",
    "point_is",
    "objection",
    "objection_is",
    "criterion",
    "rule",
    "skill",
    "min",
    "max",
    "scored",
    "judged",
)
"""What was found: figures link to lists by these (`assist.calls.found.Found` says what they mean)."""
NAMES = (*PLAIN, *FOUND)
_LONGEST = 80


def read(request: Request) -> tuple[Filters, dict[str, str]]:
    """The filters, and what the form should show of them. `weak` names a skill whose score is under the fair line."""
    given = {name: request.query_params.get(name, "").strip() for name in NAMES}
    zone: ZoneInfo = request.app.state.settings.zone
    since, until = days_of(given, zone)
    weak = given["weak"]
    skill = weak or given["skill"]
    filters = Filters(
        agent_id=_whole(given["agent"]),
        team_id=_whole(given["team"]),
        campaign=given["campaign"] or None,
        state=given["state"] if given["state"] in (*STATES, "unfinished") else None,
        outcome=given["outcome"] or None,
        since=since,
        until=until,
        skill=skill if skill in (*SKILLS, "overall") else None,
        below=FAIR if weak in (*SKILLS, "overall") else _above(given["max"]),
        at_least=_whole(given["min"]),
        scored=given["scored"] == "1",
        judged=given["judged"] == "1",
        point=given["point"][:_LONGEST] or None,
        point_is="said" if given["point_is"] == "said" else "missed",
        objection=given["objection"][:_LONGEST] or None,
        objection_is=next((one for one in OBJECTION_IS if one == given["objection_is"]), None),
        criterion=given["criterion"][:_LONGEST] or None,
        rule=given["rule"][:_LONGEST] or None,
        flagged=given["flagged"] == "1",
        text=given["text"][:100] or None,
        held=given["held"] == "1",
        unseen=given["unseen"] == "1",
        page=_whole(given["page"]) or 1,
        per_page=30,
    )
    return filters, given


def address(given: Mapping[str, Any], page: int, path: str = "/calls") -> str:
    """The list at another page, its filters kept."""
    return behind(path, **dict(given) | {"page": page})


def behind(path: str = "/calls", **wanted: object) -> str:
    """The address of the list of calls behind a number; empty filters are left out."""
    return f"{path}?{urlencode({name: value for name, value in wanted.items() if value not in (None, '', False)})}"


def without(given: Mapping[str, Any], *names: str, path: str = "/calls") -> str:
    """The same list without some of its filters, from its first page."""
    return behind(path, **{name: value for name, value in given.items() if name not in (*names, "page")})


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 12 else None


def _above(text: str) -> int | None:
    """A highest score as the bound that is not reached any more."""
    highest = _whole(text)
    return None if highest is None else highest + 1


def days_of(given: Mapping[str, str], zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """From the day `since` on until the day after `until` begins; what is no day sets no limit."""
    first, last = (day_of(given[name], zone) for name in ("since", "until"))
    return first, last + timedelta(days=1) if last else None


def day_of(text: str, zone: ZoneInfo) -> datetime | None:
    """The beginning of a day; what is no day is none."""
    try:
        return datetime.combine(date.fromisoformat(text), time.min, zone)
    except ValueError:
        return None
