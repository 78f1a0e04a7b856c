"""Days, weeks and months as a team reckons them: in the zone of the settings, weeks from Monday."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

Kind = Literal["day", "week", "month"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both in it."""

    kind: Kind
    first: date
    last: date
    zone: ZoneInfo

    @property
    def since(self) -> datetime:
        return datetime.combine(self.first, time(), self.zone)

    @property
    def until(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone)

    @property
    def before(self) -> "Period":
        """The period of the same kind that ends the day before."""
        return period(self.kind, self.first - timedelta(days=1), self.zone)

    @property
    def after(self) -> "Period":
        return period(self.kind, self.last + timedelta(days=1), self.zone)

    @property
    def week_before(self) -> "Period":
        """What it is compared with: of a day the seven days before, else the period before."""
        if self.kind != "day":
            return self.before
        return Period("week", self.first - timedelta(days=7), self.first - timedelta(days=1), self.zone)


def period(kind: Kind, day: date, zone: ZoneInfo) -> Period:
    """The day, week or month that `day` is in."""
    if kind == "day":
        return Period(kind, day, day, zone)
    if kind == "week":
        first = day - timedelta(days=day.weekday())
        return Period(kind, first, first + timedelta(days=6), zone)
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return Period(kind, first, following - timedelta(days=1), zone)
