"""For administrators: how the installation does."""

import shutil
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from api import audit_words
from api.context import SignedIn, StoreHere
from api.formats import megabytes
from api.language import language
from api.render import page
from assist import readiness
from assist.calls import listing
from assist.calls.calls import STATES
from assist.calls.listing import Filters
from assist.people import access, audit
from assist.store import Store, audit_head, libraries
from assist.store.audit_head import Unreadable
from assist.texts import N_, translate

router = APIRouter()

LOW_DISK, FULL_DISK = 5 * 1024**3, 1024**3


@dataclass(frozen=True, slots=True)
class Check:
    title: str
    grade: str
    detail: str


@router.get("/status")
def status(request: Request, store: StoreHere, user: SignedIn) -> Response:
    access.require(user, "audit.read")
    counts = [(state, listing.listing(store, user, Filters(state=state, per_page=1)).total) for state in STATES]
    return page(
        request,
        "health.html",
        checks=_checks(store, dict(counts), language(request)),
        states=counts,
        audit=audit.listing(store, limit=20),
        audit_words=audit_words,
    )


def _checks(store: Store, counts: dict[str, int], tag: str) -> list[Check]:
    return [
        _disk(store, tag),
        *_work(store, tag),
        _libraries(store, tag),
        _failed(counts["failed"], tag),
        _audit(store, tag),
    ]


def _disk(store: Store, tag: str) -> Check:
    free = shutil.disk_usage(store.settings.data).free
    grade = "poor" if free < FULL_DISK else "fair" if free < LOW_DISK else "good"
    return Check(N_("Disk"), grade, translate(N_("%(free)s free"), tag) % {"free": megabytes(free)})


def _work(store: Store, tag: str) -> list[Check]:
    found = readiness.checks(store)
    queue, worker = found["queue"] == readiness.OK, found["worker"] == readiness.OK
    told = N_("can be reached") if queue else N_("cannot be reached: recordings wait")
    seen = N_("at work") if worker else N_("no sign of life: recordings wait; assist doctor says more")
    return [
        Check(N_("Work queue"), "good" if queue else "poor", translate(told, tag)),
        Check(N_("Worker"), "good" if worker else "poor", translate(seen, tag)),
    ]


def _libraries(store: Store, tag: str) -> Check:
    published = sum(campaign.current is not None for campaign in libraries.campaigns(store))
    told = translate(N_("%(n)s campaigns with a version in force"), tag) % {"n": published}
    return Check(N_("Libraries"), "good" if published else "fair", told)


def _failed(failed: int, tag: str) -> Check:
    told = translate(N_("%(n)s failed; the list says why"), tag) % {"n": failed}
    return Check(N_("Failed recordings"), "fair" if failed else "good", told)


def _audit(store: Store, tag: str) -> Check:
    """Whether the audit ends where it was written down to end; all of it is followed by a check."""
    try:
        end = audit_head.head(store.settings)
    except Unreadable:
        end = None
    whole = end is not None and audit_head.holds(store, end)
    told = N_("ends where it should") if whole else N_("does not end where it should: assist audit verify says more")
    return Check(N_("Audit"), "good" if whole else "poor", translate(told, tag))
