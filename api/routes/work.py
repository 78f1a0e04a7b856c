"""The work on recordings: how much waits, who is at it, pause and resume."""

from fastapi import APIRouter

from api.context import SignedIn, StoreHere
from api.routes.schemas import Schema
from assist.fleet import overview, switch
from assist.fleet.overview import Work
from assist.people import access
from assist.store import Store

router = APIRouter(prefix="/work")


class QueueOut(Schema):
    """`oldest_s`: seconds since the oldest that waits came in."""

    queue: str
    waiting: int
    running: int
    oldest_s: float
    workers: int


class WorkerOut(Schema):
    """`silent_s`: seconds since its last sign of life."""

    name: str
    queues: list[str]
    hears: str
    version: str
    silent_s: float


class WorkOut(Schema):
    """`room`: how many more recordings fit."""

    paused_by: str | None
    unfinished: int
    room: int
    queues: list[QueueOut]
    workers: list[WorkerOut]


@router.get("")
def get_work(store: StoreHere, user: SignedIn) -> WorkOut:
    """For administrators: what waits, what is worked on and by whom."""
    access.require(user, "work.pause")
    return _out(overview.of(store))


@router.post("/pause")
def pause_work(store: StoreHere, user: SignedIn) -> WorkOut:
    """Begin nothing new, also after a restart, until it is resumed. What was begun is finished."""
    switch.pause(store, user)
    return _now(store)


@router.post("/resume")
def resume_work(store: StoreHere, user: SignedIn) -> WorkOut:
    """Go on where it was paused."""
    switch.resume(store, user)
    return _now(store)


def _now(store: Store) -> WorkOut:
    return _out(overview.of(store))


def _out(work: Work) -> WorkOut:
    return WorkOut(
        paused_by=work.pause.by if work.pause else None,
        unfinished=work.unfinished,
        room=work.room,
        queues=[
            QueueOut(
                queue=line.queue,
                waiting=line.waiting,
                running=line.running,
                oldest_s=round(line.oldest, 1),
                workers=work.workers_of(line.queue),
            )
            for line in work.queues
        ],
        workers=[
            WorkerOut(
                name=sign.name,
                queues=list(sign.queues),
                hears=sign.hears,
                version=sign.version,
                silent_s=round(sign.silent, 1),
            )
            for sign in work.workers
        ],
    )
