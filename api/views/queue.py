"""The queue as its page shows it: filters of the address, what one agent's card says."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request

from assist.coaching import tenure
from assist.coaching.items import KINDS, SEVERITY, VIEWS, AgentItem, Filters
from assist.people import users
from assist.store import Store
from assist.store.clock import now
from assist.texts import N_

NAMES = ("agent", "rule", "severity", "days", "holder", "show", "kind", "page")
DAYS = (1, 2, 7, 14)
VIEW = {"all": N_("All"), "free": N_("Free"), "mine": N_("Mine"), "later": N_("Put off")}
KIND = {"coach": N_("To talk about"), "good": N_("Good calls"), "sample": N_("Drawn by lot")}
DISMISSAL = {
    "false-alarm": N_("False alarm: the rule was wrong"),
    "already-discussed": N_("Talked about already"),
    "not-worth": N_("Not worth a talk"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """One agent of the queue. `focuses` counts what their calls need; `weeks` in the job, None where not known."""

    item: AgentItem
    weeks: int | None
    focuses: tuple[tuple[str, int], ...]
    claimed_by: str
    claimed_by_id: int | None


def read(request: Request) -> tuple[Filters, dict[str, str]]:
    """The filters, and what the form should show of them. What cannot be read is left out."""
    given = {name: request.query_params.get(name, "").strip() for name in NAMES}
    agent = whole(given["agent"])
    chosen = Filters(
        agent_id=agent,
        rule=given["rule"] or None,
        severity=given["severity"] if given["severity"] in SEVERITY else None,
        days=whole(given["days"]),
        holder_id=whole(given["holder"]),
        view=next((view for view in VIEWS if view == given["show"]), "all"),
        kind=next((kind for kind in KINDS if kind == given["kind"]), "coach"),
        page=whole(given["page"]) or 1,
        per_agent=50 if agent else 3,
    )
    return chosen, given


def whole(text: str) -> int | None:
    return int(text) if text.isdecimal() and 0 < len(text) < 9 else None


def query(given: Mapping[str, str], **other: object) -> str:
    """The filters as the end of an address, `?` included; `other` replaces some, empty ones fall away."""
    kept = {name: str(value) for name, value in (dict(given) | other).items() if value}
    return f"?{urlencode(kept)}" if kept else ""


def card(store: Store, item: AgentItem) -> Card:
    claimed = next((call for call in item.calls if call.claimed_by), None)
    focuses = Counter(call.focus for call in item.calls if call.focus != "none").most_common()
    joined = users.get(store, item.agent_id).joined_on
    return Card(
        item=item,
        weeks=tenure.week(joined, now().astimezone(store.settings.zone).date()),
        focuses=tuple(focuses),
        claimed_by=claimed.claimed_by if claimed else "",
        claimed_by_id=claimed.claimed_by_id if claimed else None,
    )


def marks(filters: Filters) -> dict[str, Any]:
    """Whether anything narrows the list beside its view and kind."""
    narrowed = (filters.agent_id, filters.rule, filters.severity, filters.days, filters.holder_id)
    return {"filtered": any(value is not None for value in narrowed)}
