"""How times, spans, shares and scores are written: filters of the templates."""

from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_skeleton, format_timedelta
from jinja2 import pass_context
from jinja2.runtime import Context

GOOD, FAIR = 80, 60

_BROWSERS = (("MicroMessenger", "WeChat"), ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"),
             ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
_SYSTEMS = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
            ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip


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
    """5400000 → 5.1 MB, 80000000000 → 74.5 GB."""
    amount, unit = (size / 1024**3, "GB") if size >= 1024**3 else (size / 1024**2, "MB")
    return f"{amount:.1f}".removesuffix(".0") + f" {unit}"


def device(agent: str) -> str:
    """What a browser says of itself, in two words: Chrome · Windows."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), agent.split("/")[0][:40])
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    return " · ".join(part for part in (browser, system) if part)


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
def moment_exact(context: Context, at: datetime) -> str:
    """2026-11-21 14:32:07 in the site's zone."""
    return f"{at.astimezone(context['zone']):%Y-%m-%d %H:%M:%S}"


@pass_context
def day(context: Context, at: date) -> str:
    """11月21日, with the year where it is another one. A moment is read in the site's zone."""
    return _day(at.astimezone(context["zone"]) if isinstance(at, datetime) else at, context)


@pass_context
def age(context: Context, since: datetime, at: datetime) -> str:
    """How long ago, in the largest unit that fits: 3 days, 5 hours, 12 minutes."""
    return format_timedelta(at - since, granularity="minute", threshold=1, locale=_locale(context["language"]))


def _day(at: date, context: Context) -> str:
    this_year = datetime.now(context["zone"]).year
    return _written(date(at.year, at.month, at.day), at.year == this_year, context["language"])


@lru_cache(maxsize=2000)
def _written(at: date, this_year: bool, language: str) -> str:
    """A page has many times of few days, and Babel takes a third of a millisecond for one."""
    return str(format_skeleton("MMMd" if this_year else "yMMMd", at, locale=_locale(language)))


@cache
def _locale(language: str) -> Locale:
    """Babel looks for its file each time it is given a name: a quarter of a long page."""
    return Locale.parse(language, sep="-")


FILTERS: dict[str, Any] = {
    "clock": clock,
    "grade": grade,
    "percent": percent,
    "megabytes": megabytes,
    "device": device,
    "initial": initial,
    "number": number,
    "moment": moment,
    "moment_exact": moment_exact,
    "age": age,
    "day": day,
}
