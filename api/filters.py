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
from assist.calls.listing import Filters

NAMES = ("agent", "campaign", "state", "outcome", "since", "until", "weak", "flagged", "text", "page")


def read(request: Request) -> tuple[Filters, dict[str, str]]:
    """The filters, and what the form should show of them. `weak` names a skill whose score is under the fair line."""
    given = {name: request.query_params.get(name, "").strip() for name in NAMES}
    zone: ZoneInfo = request.app.state.settings.zone
    until = _day(given["until"], zone)
    weak = given["weak"]
    filters = Filters(
        agent_id=_whole(given["agent"]),
        campaign=given["campaign"] or None,
        state=given["state"] if given["state"] in (*STATES, "unfinished") else None,
        outcome=given["outcome"] or None,
        since=_day(given["since"], zone),
        until=until + timedelta(days=1) if until else None,
        skill=weak if weak in (*SKILLS, "overall") else None,
        below=FAIR if weak in (*SKILLS, "overall") else None,
        flagged=given["flagged"] == "1",
        text=given["text"][:100] or None,
        page=_whole(given["page"]) or 1,
        per_page=30,
    )
    return filters, given


def address(given: Mapping[str, Any], page: int) -> str:
    """The list at another page, its filters kept."""
    return "/calls?" + urlencode({key: value for key, value in given.items() if value} | {"page": page})


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 12 else None


def _day(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text), time.min, zone)
    except ValueError:
        return None
