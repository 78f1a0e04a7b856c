"""Who, when and which campaign: from what was given, else from the file name, else from what is plain."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from assist.calls import filenames
from assist.errors import RequestError
from assist.people import access, teams
from assist.people.users import User
from assist.store import Store
from assist.store.clock import stamp
from assist.texts import N_

Direction = Literal["outbound", "inbound"]


class UnknownAgent(RequestError):
    message = N_("There is no agent %(agent)s in your team. Give the sign-in name or the full name of one.")


class UnknownCampaign(RequestError):
    message = N_("There is no campaign %(campaign)s. Publish its library first, or choose another.")


class UnknownDirection(RequestError):
    message = N_("A call is outbound or inbound, not %(direction)s.")


@dataclass(frozen=True, slots=True)
class Details:
    """What is known. `agent` is a user's id, sign-in name or name; a time without a zone is in that of the settings."""

    agent: str | None = None
    called_at: datetime | None = None
    campaign: str | None = None
    direction: str | None = None
    customer: str | None = None


def resolve(store: Store, user: User, details: Details, file_name: str) -> dict[str, Any]:
    """The columns of a call. What is given must fit; what only the file name says is taken where it fits.

    Raises UnknownAgent, UnknownCampaign, UnknownDirection.
    """
    guess = filenames.read(store.settings, file_name)
    agent = _agent(store, user, details.agent, guess.agent)
    campaign = _campaign(store, details.campaign, guess.campaign)
    direction = details.direction or "outbound"
    if direction not in ("outbound", "inbound"):
        raise UnknownDirection(direction=direction)
    called_at = details.called_at or guess.called_at
    if called_at is not None and called_at.tzinfo is None:
        called_at = called_at.replace(tzinfo=store.settings.zone)
    team_id = agent["team_id"] if agent else user.team_id
    return {
        "agent_id": agent["id"] if agent else None,
        "team_id": team_id,
        "held": int(teams.holds(store, team_id)),
        "campaign": campaign,
        "called_at": stamp(called_at),
        "direction": direction,
        "customer": (details.customer or guess.customer or "")[:100],
        "state": "received" if agent and campaign else "waiting",
    }


def _agent(store: Store, user: User, given: str | None, guessed: str | None) -> dict[str, Any] | None:
    if not access.allows(user, "call.upload-for-others"):
        return {"id": user.id, "team_id": user.team_id}
    if given:
        found = _find_agent(store, user, given)
        if found is None:
            raise UnknownAgent(agent=given)
        return found
    return _find_agent(store, user, guessed) if guessed else None


def _find_agent(store: Store, user: User, text: str) -> dict[str, Any] | None:
    """The one agent meant, among those the user may upload for; None where it is nobody or more than one."""
    rows = store.rows(
        """SELECT id, team_id, login FROM users
           WHERE role = 'agent' AND active AND (:team IS NULL OR team_id = :team)
             AND (CAST(id AS TEXT) = :text OR login = :text OR name = :text)""",
        {"team": None if user.role == "admin" else user.team_id or 0, "text": text.strip()},
    )
    exact = [row for row in rows if row["login"].casefold() == text.strip().casefold()]
    found = exact or rows
    return found[0] if len(found) == 1 else None


def _campaign(store: Store, given: str | None, guessed: str | None) -> str | None:
    known = [row["id"] for row in store.rows("SELECT id FROM campaigns")]
    if given:
        if given not in known:
            raise UnknownCampaign(campaign=given)
        return given
    if guessed in known:
        return guessed
    return known[0] if len(known) == 1 else None
