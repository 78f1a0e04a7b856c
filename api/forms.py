"""What people type into forms, as the domain takes it."""

from datetime import datetime

from api.errors import WrongField
from assist.calls.details import Details
from assist.texts import N_


class BadTime(WrongField):
    message = N_("%(text)s is no time. Write it like 2026-11-21T14:32.")


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
