"""The coaching queue."""

from fastapi import APIRouter

from api.context import SignedIn, StoreHere
from api.routes.schemas import Note, QueueAgent, Reason
from assist.coaching import queue

router = APIRouter()


@router.get("/queue")
def list_queue(store: StoreHere, user: SignedIn) -> list[QueueAgent]:
    """Who to talk to, the most urgent first."""
    return [QueueAgent.model_validate(item) for item in queue.items(store, user)]


@router.post("/queue/{call_id}/claim", status_code=204)
def claim_call(store: StoreHere, user: SignedIn, call_id: int) -> None:
    """409 where somebody else was faster. A claim lapses by itself."""
    queue.claim(store, user, call_id)


@router.post("/queue/{call_id}/release", status_code=204)
def release_call(store: StoreHere, user: SignedIn, call_id: int) -> None:
    queue.release(store, user, call_id)


@router.post("/queue/{call_id}/done", status_code=204)
def finish_call(store: StoreHere, user: SignedIn, call_id: int, given: Note | None = None) -> None:
    queue.done(store, user, call_id, given.note if given else "")


@router.post("/queue/{call_id}/dismiss", status_code=204)
def dismiss_call(store: StoreHere, user: SignedIn, call_id: int, given: Reason) -> None:
    queue.dismiss(store, user, call_id, given.reason)
