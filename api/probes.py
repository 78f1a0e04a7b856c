"""For machines that watch this one, at addresses of their own: is it alive, can it work, what does it count.

None of them asks who signed in, and none says anything of anybody. Figures are for this machine itself and for tokens
with the scope `metrics:read`.
"""

import ipaddress
from typing import Any

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import JSONResponse

from api.context import StoreHere
from api.errors import NotSignedIn
from api.render import RELEASE
from api.routes.schemas import Health, Problem, Readiness
from assist import readiness
from assist.people import access, scopes, tokens
from assist.store import Store

router = APIRouter()

_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
"""What a proxy on this machine adds: whoever asks through it is not this machine."""


@router.get("/health")
async def alive() -> Health:
    """Whether the process answers. Looks at nothing: one that does not answer this is to be started anew."""
    return Health(status="ok", version=RELEASE)


@router.get("/ready", responses={503: {"model": Readiness}})
def ready(store: StoreHere) -> Response:
    """Whether recordings can be taken in: 503 where store, queue or disk do not let them. Without a worker it is 200
    and `degraded`: they wait."""
    found = readiness.checks(store)
    told = Readiness(status=readiness.status(found), checks=found)
    return JSONResponse(told.model_dump(), 503 if told.status == readiness.UNREADY else 200)


_FIGURES: dict[int | str, dict[str, Any]] = {200: {"content": {"text/plain": {}}}}
_FIGURES |= {status: {"model": Problem} for status in (401, 403)}


@router.get("/metrics", response_class=Response, responses=_FIGURES)
def figures(request: Request, store: StoreHere) -> Response:
    """Figures for Prometheus: for this machine without more, for others with a token of the scope `metrics:read`."""
    if not _from_here(request):
        _require_token(request, store)
    return Response(request.app.state.metrics.text(store), media_type=CONTENT_TYPE_LATEST)


def _from_here(request: Request) -> bool:
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _require_token(request: Request, store: Store) -> None:
    """Raises NotSignedIn, ScopeMissing, AccessDenied."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    bearer = tokens.bearer(store, token.strip()) if scheme.lower() == "bearer" else None
    if bearer is None:
        raise NotSignedIn
    scopes.require(bearer.scopes, "metrics:read")
    access.require(bearer.user, "audit.read")
