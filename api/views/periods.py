"""Which day, week or month a page is about, from its address, and the addresses before and after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from starlette.requests import Request

from api.filters import behind
from assist.coaching.periods import Kind, Period, period
from assist.people.users import Team, User, teams
from assist.store import Store

_FIRST_YEAR, _LAST_YEAR = 1990, 2200


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address says: the period, the team (None: none chosen), whether names are hidden."""

    period: Period
    team: int | None
    hidden: bool
    path: str
    given: Mapping[str, str]

    def address(self, **other: object) -> str:
        """The same page with something else."""
        return behind(self.path, **dict(self.given) | other)

    @property
    def earlier(self) -> str:
        return self.address(at=self.period.before.first.isoformat())

    @property
    def later(self) -> str | None:
        """None where the future begins."""
        following = self.period.after
        ahead = following.first > datetime.now(self.period.zone).date()
        return None if ahead else self.address(at=following.first.isoformat())

    def calls(self, period: Period | None = None, **wanted: object) -> str:
        """The list of the calls of the period behind a number; `team` 0 is no team."""
        span = period or self.period
        team = wanted.pop("team", self.team)
        shown = {"team": str(team) if team is not None else None, **wanted}
        return behind("/calls", since=span.first.isoformat(), until=span.last.isoformat(), **shown)

    def talks(self, what: str, period: Period | None = None, **wanted: object) -> str:
        """The list of one-on-ones (`held`) or agreements (`decided`) behind a number."""
        span = period or self.period
        team = wanted.pop("team", self.team)
        shown = {"team": str(team) if team is not None else None, "names": self.given.get("names"), **wanted}
        return behind("/figures/talks", what=what, kind=span.kind, at=span.first.isoformat(), **shown)


def chosen(
    request: Request, kinds: tuple[Kind, ...], fallback: date | None = None, names: tuple[str, ...] = ()
) -> Chosen:
    """`kind`, `at` (a day in it), `team` and `names` of the address; what cannot be read is the first kind, today."""
    given = {name: request.query_params.get(name, "").strip()[:40] for name in ("kind", "at", "team", "names", *names)}
    zone = request.app.state.settings.zone
    kind: Kind = next((one for one in kinds if one == given["kind"]), kinds[0])
    try:
        day = date.fromisoformat(given["at"])
        if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            raise ValueError
        span = period(kind, day, zone)
    except ValueError:
        span = period(kind, fallback or datetime.now(zone).date(), zone)
    team = int(given["team"]) if given["team"].isdecimal() and len(given["team"]) < 10 else None
    return Chosen(span, team, given["names"] == "hidden", request.url.path, given)


def teams_for(store: Store, user: User) -> list[Team]:
    """The teams whose meetings the user may choose from; a lead has one and chooses none."""
    return teams(store) if user.role == "admin" else []
