"""The coaching queue."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from api.context import SettingsHere, SignedIn, StoreHere
from api.routes.schemas import AssignIn, DismissIn, LoadOut, Note, QueueAgent, QueueItemOut, SnoozeIn
from assist.coaching import queue, waiting
from assist.coaching.items import Filters, Kind, View
from assist.errors import NotFound
from assist.store.clock import now

router = APIRouter()

LATELY = timedelta(days=7)


@router.get("/queue")
def list_queue(
    store: StoreHere,
    user: SignedIn,
    agent: int | None = None,
    rule: str | None = None,
    severity: str | None = None,
    days: Annotated[int | None, Query(ge=1, le=3650)] = None,
    holder: int | None = None,
    show: View = "all",
    kind: Kind = "coach",
    page: Annotated[int, Query(ge=1)] = 1,
    per_page: Annotated[int, Query(ge=1, le=300)] = 100,
    per_agent: Annotated[int, Query(ge=1, le=200)] = 20,
) -> list[QueueAgent]:
    """Who to talk to first, the most urgent first; a page counts agents. `days`: waiting so long or longer."""
    filters = Filters(agent, rule, severity, days, holder, show, kind, page, per_page, per_agent)
    found = queue.page(store, user, filters)
    return [QueueAgent.model_validate(item) for item in found.agents] if page <= found.pages else []


@router.get("/queue/leads")
def list_loads(store: StoreHere, user: SignedIn) -> list[LoadOut]:
    """What waits with whom, since when, and what was closed in the last seven days."""
    return [LoadOut.model_validate(load) for load in waiting.loads(store, user, now() - LATELY)]


@router.get("/queue/{call_id}")
def get_item(store: StoreHere, user: SignedIn, call_id: int) -> QueueItemOut:
    """An open item with everything that flagged it."""
    item = queue.item(store, user, call_id)
    if item is None:
        raise NotFound
    return QueueItemOut.model_validate(item)


@router.post("/queue/{call_id}/claim", status_code=204)
def claim_call(store: StoreHere, user: SignedIn, call_id: int) -> None:
    """409 where somebody else was faster. A claim lapses by itself."""
    queue.claim(store, user, call_id)


@router.post("/queue/{call_id}/release", status_code=204)
def release_call(store: StoreHere, user: SignedIn, call_id: int) -> None:
    queue.release(store, user, call_id)


@router.post("/queue/{call_id}/assign", status_code=204)
def assign_call(store: StoreHere, user: SignedIn, call_id: int, given: AssignIn) -> None:
    """To a lead of the call's team."""
    queue.assign(store, user, call_id, given.lead_id)


@router.post("/queue/{call_id}/snooze", status_code=204)
def snooze_call(store: StoreHere, settings: SettingsHere, user: SignedIn, call_id: int, given: SnoozeIn) -> None:
    """Within 60 days; it comes back by itself."""
    until = given.until if given.until.tzinfo else given.until.replace(tzinfo=settings.zone)
    queue.snooze(store, user, call_id, until, given.reason)


@router.post("/queue/{call_id}/wake", status_code=204)
def wake_call(store: StoreHere, user: SignedIn, call_id: int) -> None:
    queue.wake(store, user, call_id)


@router.post("/queue/{call_id}/done", status_code=204)
def finish_call(store: StoreHere, user: SignedIn, call_id: int, given: Note | None = None) -> None:
    queue.done(store, user, call_id, given.note if given else "")


@router.post("/queue/{call_id}/dismiss", status_code=204)
def dismiss_call(store: StoreHere, user: SignedIn, call_id: int, given: DismissIn) -> None:
    queue.dismiss(store, user, call_id, given.reason, given.kind, given.rules)
