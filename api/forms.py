"""What people type into forms, as the domain takes it."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from fastapi import Request

from api.errors import WrongField
from assist.calls.details import Details
from assist.texts import N_


class BadTime(WrongField):
    message = N_("%(text)s is no time. Write it like 2026-11-21T14:32.")


class NoBeginning(WrongField):
    message = N_("Say from when the version is in force.")


MOST_FIELDS, MOST_FIELD_BYTES = 50_000, 8 * 1024 * 1024


async def fields_of(request: Request) -> list[tuple[str, str]]:
    """The text fields of a long form in the order of the page."""
    form = await request.form(max_fields=MOST_FIELDS, max_part_size=MOST_FIELD_BYTES)
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]


def details_of(
    agent: str = "", campaign: str = "", called_at: str = "", direction: str = "", customer: str = ""
) -> Details:
    """Empty fields are left open. Raises BadTime."""
    return Details(
        agent=agent.strip() or None,
        called_at=moment_of(called_at),
        campaign=campaign.strip() or None,
        direction=direction.strip() or None,
        customer=customer.strip() or None,
    )


def moment_of(text: str) -> datetime | None:
    """An ISO time; without a zone it is in the zone of the settings. Raises BadTime."""
    if not text.strip():
        return None
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise BadTime(text=text[:40]) from error


@dataclass(frozen=True, slots=True)
class Past:
    """Past calls to try a draft on: since ≤ called_at < until, at most `sample`. None is no limit."""

    since: datetime | None
    until: datetime | None
    sample: int | None


def past_of(since: str, until: str, sample: str, zone: tzinfo) -> Past:
    """The day of `until` is taken whole. Raises BadTime."""
    first, last = (moment_of(text) for text in (since, until))
    return Past(
        since=first.replace(tzinfo=zone) if first else None,
        until=last.replace(tzinfo=zone) + timedelta(days=1) if last else None,
        sample=int(sample) if sample.isdecimal() else None,
    )


def begin_of(choice: str, at: str, zone: tzinfo) -> datetime | None:
    """When a version begins: `now` (None), `tomorrow` (midnight in the zone), `at` the given time.

    Raises BadTime, NoBeginning.
    """
    if choice == "tomorrow":
        tomorrow = datetime.now(zone).date() + timedelta(days=1)
        return datetime.combine(tomorrow, time(), zone)
    if choice == "at" and not at.strip():
        raise NoBeginning
    begins = moment_of(at) if choice == "at" else None
    return begins.replace(tzinfo=zone) if begins and begins.tzinfo is None else begins
