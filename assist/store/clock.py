"""Times as they stand in the database: ISO 8601 in UTC with milliseconds, so that they sort as text."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)


def stamp(moment: datetime | None = None) -> str:
    """The text of a moment (now without one). One without a zone is refused: it would mean another one elsewhere."""
    moment = moment or now()
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def moment(text: str) -> datetime:
    """Inverse of `stamp`."""
    return datetime.fromisoformat(text)
