"""What the server counts: requests by route, and calls by state when somebody asks. One registry an app."""

import time

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import doors
from assist.calls import listing
from assist.calls.calls import STATES
from assist.calls.listing import Filters
from assist.people.users import User
from assist.store import Store

_log = structlog.get_logger("assist.web")


class Metrics:
    """Labels are the route's template and never an address, so that their number stays small."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ["method", "route"]
        self.requests = Counter("assist_requests", "Requests answered.", [*labels, "status"], registry=self.registry)
        self.seconds = Histogram("assist_request_seconds", "Time to the answer.", labels, registry=self.registry)
        self.calls = Gauge("assist_calls", "Calls by state.", ["state"], registry=self.registry)

    def text(self, store: Store, user: User) -> bytes:
        """All figures in Prometheus' text format; the calls are those the user may see."""
        for state in STATES:
            found = listing.listing(store, user, Filters(state=state, per_page=1))
            self.calls.labels(state).set(found.total)
        return generate_latest(self.registry)


class Measured:
    """Middleware: counts every request and writes what failed into the log, without names or queries."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/static/"):
            await self.app(scope, receive, send)
            return
        statuses = [500]

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
            await send(message)

        began = time.perf_counter()
        try:
            await self.app(scope, receive, send_counted)
        finally:
            self._count(scope, statuses[-1], time.perf_counter() - began)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        route = doors.template(scope)
        self.metrics.requests.labels(scope["method"], route, str(status)).inc()
        self.metrics.seconds.labels(scope["method"], route).observe(seconds)
        if status >= 500:
            _log.error("request failed", method=scope["method"], route=route, status=status, seconds=round(seconds, 3))
