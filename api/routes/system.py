"""For those who watch over the machine; the same without /api for machines that know no other addresses
(`api.probes`)."""

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from api import probes
from api.context import SignedIn, StoreHere
from api.routes.schemas import Health, Readiness
from assist.people import access

router = APIRouter()


@router.get("/health")
async def get_health() -> Health:
    """Whether the process answers. Open to all, and says nothing else."""
    return await probes.alive()


@router.get("/ready", responses={503: {"model": Readiness}})
def get_ready(store: StoreHere) -> Response:
    """Whether recordings can be taken in. Open to all: each part with `ok` or what it lacks."""
    return probes.ready(store)


@router.get("/metrics", response_class=Response)
def get_metrics(request: Request, store: StoreHere, user: SignedIn) -> Response:
    """Figures for Prometheus, for administrators."""
    access.require(user, "audit.read")
    return Response(request.app.state.metrics.text(store), media_type=CONTENT_TYPE_LATEST)
