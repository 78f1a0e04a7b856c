"""How times, spans, shares and scores are written: filters of the templates."""

from datetime import date, datetime
from typing import Any

from babel.dates import format_skeleton
from jinja2 import pass_context
from jinja2.runtime import Context

GOOD, FAIR = 80, 60


def clock(seconds: float | None) -> str:
    """131.4 → 2:11, 3725 → 1:02:05."""
    if seconds is None:
        return "—"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def grade(score: float | None) -> str:
    """A score (0–100) as good, fair, poor or none."""
    if score is None:
        return "none"
    return "good" if score >= GOOD else "fair" if score >= FAIR else "poor"


def percent(share: float | None) -> str:
    return "—" if share is None else f"{share:.0%}"


def megabytes(size: int) -> str:
    """5400000 → 5.1 MB."""
    return f"{size / 1024 / 1024:.1f} MB" if size >= 100 * 1024 else f"{max(1, size // 1024)} kB"


def initial(name: str) -> str:
    """The sign in a person's round picture: the family name in Chinese, the first letter elsewhere."""
    return name.strip()[:1].upper()


def number(value: float | None, digits: int = 0) -> str:
    return "—" if value is None else f"{value:.{digits}f}"


@pass_context
def moment(context: Context, at: datetime) -> str:
    """11月21日 14:32 in the site's zone; with the year where it is another one."""
    local = at.astimezone(context["zone"])
    return f"{_day(local, context)} {local:%H:%M}"


@pass_context
def day(context: Context, at: date) -> str:
    """11月21日, with the year where it is another one. A moment is read in the site's zone."""
    return _day(at.astimezone(context["zone"]) if isinstance(at, datetime) else at, context)


def _day(at: date, context: Context) -> str:
    this_year = datetime.now(context["zone"]).year
    return format_skeleton(
        "MMMd" if at.year == this_year else "yMMMd", at, locale=context["language"].replace("-", "_")
    )


FILTERS: dict[str, Any] = {
    "clock": clock,
    "grade": grade,
    "percent": percent,
    "megabytes": megabytes,
    "initial": initial,
    "number": number,
    "moment": moment,
    "day": day,
}
