"""What the agent's own page shows beside the domain's values: the chart of the weeks, addresses of the calls behind a
number, words for comparisons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from api.views import chart
from api.views.chart import Series
from assist.analysis.findings import SKILLS
from assist.coaching.own import Week
from assist.coaching.past import Span
from assist.texts import N_

LINES = (0, 60, 80, 100)

DIRECTION = {
    "better": N_("better"),
    "worse": N_("worse"),
    "same": N_("no clear change"),
    "few": N_("too few calls yet"),
}
DIRECTION_GRADE = {"better": "good", "worse": "poor", "same": "", "few": ""}
DISPUTE = {
    "open": N_("waits for your lead"),
    "kept": N_("kept"),
    "changed": N_("changed"),
    "withdrawn": N_("withdrawn"),
}
KIND = {"point": N_("Point of the script"), "objection": N_("Objection"), "criterion": N_("Criterion")}


@dataclass(frozen=True, slots=True)
class Trend:
    """Skills by week, as a chart needs them; `labels` are (x, Monday) under the first, middle and last week."""

    weeks: tuple[Week, ...]
    series: tuple[Series, ...]
    grid: tuple[tuple[int, float], ...]
    labels: tuple[tuple[float, date], ...]


def trend(weeks: tuple[Week, ...]) -> Trend | None:
    """None where there is nothing to draw yet."""
    if not weeks:
        return None
    series = tuple(chart.series(skill, [week.skills[skill].value for week in weeks]) for skill in SKILLS)
    step = (chart.WIDTH - chart.LEFT - 8) / max(1, len(weeks) - 1)
    shown = sorted({0, (len(weeks) - 1) // 2, len(weeks) - 1})
    labels = tuple((round(chart.LEFT + number * step, 1), weeks[number].monday) for number in shown)
    return Trend(weeks, series, tuple((score, chart.height_of(score)) for score in LINES), labels)


def calls_of_week(week: Week) -> str:
    """Address of the list of calls that a week's numbers are of."""
    return calls_between(week.monday, week.sunday)


def calls_of_span(span: Span) -> str:
    return calls_between(span.first, span.last)


def calls_between(first: date, last: date) -> str:
    return "/calls?" + urlencode({"state": "ready", "since": first.isoformat(), "until": last.isoformat()})


def behind(about: str, span: Span) -> str:
    """Address of the calls a criterion was counted over."""
    given: Mapping[str, str] = {"about": about, "since": span.first.isoformat(), "until": span.last.isoformat()}
    return "/me/progress/calls?" + urlencode(given)


def days_left(until: datetime, at: datetime) -> int:
    return max(0, (until - at) // timedelta(days=1))
