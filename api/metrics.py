"""What the server counts of requests, and what it looks up when somebody asks. One registry an app."""

import os
import time

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import doors
from api.figures import Figures
from assist.store import Store

QUIET = frozenset({"/health", "/ready", "/metrics", "/api/health", "/api/ready", "/api/metrics"})
"""Asked every few seconds by machines: counted, but no lines in the log."""

_UPLOAD = ("PUT", "/api/recordings")
_SIGN_IN = "/sign-in"

_log = structlog.get_logger("assist.web")


class Metrics:
    """Labels are the route's template and never an address, so that their number stays small."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        if not _several():
            ProcessCollector(registry=self.registry)
        labels = ["method", "route"]
        self.requests = Counter("assist_requests", "Requests answered.", [*labels, "status"], registry=self.registry)
        self.seconds = Histogram("assist_request_seconds", "Time to the answer.", labels, registry=self.registry)
        self.open = Gauge(
            "assist_requests_open", "Requests under way.", registry=self.registry, multiprocess_mode="livesum"
        )
        self.refused = Counter(
            "assist_uploads_refused", "Recordings that were not taken in, by error.", ["code"], registry=self.registry
        )
        self.sign_ins = Counter(
            "assist_sign_in_failures", "Sign-ins that were refused, by status.", ["status"], registry=self.registry
        )
        self._figures = Figures()

    def text(self, store: Store) -> bytes:
        """All figures in Prometheus' text format."""
        looked_up = CollectorRegistry(auto_describe=False)
        looked_up.register(self._figures.of(store))
        return generate_latest(self._counted()) + generate_latest(looked_up)

    def _counted(self) -> CollectorRegistry:
        """Where several processes answer, what all of them have counted."""
        if not _several():
            return self.registry
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return together

    def count(self, scope: Scope, status: int, seconds: float) -> None:
        method, route = scope["method"], doors.template(scope)
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(method, route).observe(seconds)
        if status < 400:
            return
        if (method, route) == _UPLOAD:
            self.refused.labels(scope.get("state", {}).get("problem", str(status))).inc()
        elif method == "POST" and route.startswith(_SIGN_IN):
            self.sign_ins.labels(str(status)).inc()


def _several() -> bool:
    """Whether this is one of several processes (`assist.commands.web`)."""
    return "PROMETHEUS_MULTIPROC_DIR" in os.environ


class Measured:
    """Middleware: counts every request and writes one line of it into the log, without names, addresses or queries."""

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
        self.metrics.open.inc()
        try:
            await self.app(scope, receive, send_counted)
        finally:
            self.metrics.open.dec()
            self._note(scope, statuses[-1], time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        self.metrics.count(scope, status, seconds)
        told = {"method": scope["method"], "route": doors.template(scope), "status": status}
        if status >= 500:
            _log.error("request failed", **told, seconds=round(seconds, 3))
        elif scope["path"] not in QUIET:
            _log.info("request", **told, seconds=round(seconds, 3))
