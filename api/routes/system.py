"""For those who watch over the machine."""

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from api.context import SignedIn, StoreHere
from api.render import RELEASE
from api.routes.schemas import Health
from assist.people import access

router = APIRouter()


@router.get("/health")
def get_health(store: StoreHere) -> Health:
    """Whether the database answers. Open to all, and says nothing else."""
    store.value("SELECT 1")
    return Health(status="ok", version=RELEASE)


@router.get("/metrics", response_class=Response)
def get_metrics(request: Request, store: StoreHere, user: SignedIn) -> Response:
    """Figures for Prometheus, for administrators: requests by route and status, calls by state."""
    access.require(user, "audit.read")
    return Response(request.app.state.metrics.text(store, user), media_type=CONTENT_TYPE_LATEST)
