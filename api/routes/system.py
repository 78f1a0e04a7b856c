"""For those who watch over the machine."""

from fastapi import APIRouter

from api.context import StoreHere
from api.render import RELEASE
from api.routes.schemas import Health

router = APIRouter()


@router.get("/health")
def get_health(store: StoreHere) -> Health:
    """Whether the database answers. Open to all, and says nothing else."""
    store.value("SELECT 1")
    return Health(status="ok", version=RELEASE)
