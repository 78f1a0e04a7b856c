"""The filters of the audit, as they stand in the address. What cannot be read is left out."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from starlette.requests import Request

from api.filters import days_of
from assist.people.audit_list import Filters

NAMES = ("person", "action", "object", "since", "until")


def read(request: Request) -> tuple[Filters, dict[str, str]]:
    """The filters, and what the form should show of them. Days are of the site's zone, `until` included."""
    given = {name: request.query_params.get(name, "").strip()[:100] for name in NAMES}
    zone: ZoneInfo = request.app.state.settings.zone
    return filters_of(given, zone, request.query_params.get("page", "")), given


def filters_of(given: Mapping[str, str], zone: ZoneInfo, page: str = "1", per_page: int = 50) -> Filters:
    since, until = days_of(given, zone)
    return Filters(
        user_id=_whole(given["person"]),
        action=given["action"] or None,
        object=given["object"] or None,
        since=since,
        until=until,
        page=_whole(page) or 1,
        per_page=per_page,
    )


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 12 else None
