"""How long an agent is with the team."""

from datetime import date, datetime

from assist.store import Store


def week(joined: date | None, at: date) -> int | None:
    """In which week that day is, the first being 1; None where the first day is not known or still to come."""
    if joined is None or at < joined:
        return None
    return (at - joined).days // 7 + 1


def weeks(store: Store, agent_id: int | None, at: datetime) -> int | None:
    """In which week with the team the agent was at that moment, by the days of the site's zone."""
    joined = store.value("SELECT joined_on FROM users WHERE id = ?", [agent_id])
    return week(date.fromisoformat(joined) if joined else None, at.astimezone(store.settings.zone).date())
