"""What a recording's file name tells of its call, by the pattern in the settings."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from assist.config import Settings
from assist.errors import SetupError
from assist.texts import N_

GROUPS = frozenset({"date", "time", "agent", "customer", "campaign"})


class BadPattern(SetupError):
    message = N_("ASSIST_FILENAME_PATTERN cannot be used: %(reason)s. Correct it, or leave it out.")


@dataclass(frozen=True, slots=True)
class Guess:
    agent: str | None = None
    called_at: datetime | None = None
    campaign: str | None = None
    customer: str | None = None


def read(settings: Settings, name: str) -> Guess:
    """What the name says; empty where the pattern does not fit it. Raises BadPattern."""
    match = compiled(settings.filename_pattern).search(name.rsplit(".", 1)[0])
    if match is None:
        return Guess()
    found = match.groupdict()
    return Guess(
        agent=found.get("agent"),
        called_at=_called_at(settings, found.get("date"), found.get("time")),
        campaign=found.get("campaign"),
        customer=found.get("customer"),
    )


@lru_cache(maxsize=4)
def compiled(pattern: str) -> re.Pattern[str]:
    """Raises BadPattern."""
    try:
        made = re.compile(pattern)
    except re.error as error:
        raise BadPattern(reason=error) from error
    strange = set(made.groupindex) - GROUPS
    if strange:
        raise BadPattern(reason=f"(?P<{min(strange)}>…)")
    return made


def _called_at(settings: Settings, date: str | None, time: str | None) -> datetime | None:
    digits = re.sub(r"\D", "", date or "")
    clock = (re.sub(r"\D", "", time or "") + "000000")[:6]
    try:
        return datetime.strptime(digits + clock, "%Y%m%d%H%M%S").replace(tzinfo=settings.zone)
    except ValueError:  # eight digits that are no date: a number, not a time
        return None
