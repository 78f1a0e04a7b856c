"""Every request has an id: in its answer's header and in every line that it leaves in the log."""

import re
import secrets

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "X-Request-ID"
_FIT = re.compile(r"[0-9a-fA-F-]{16,64}")
"""What a proxy before us may give: a long random number, and nothing in which words could stand."""


class Named:
    """Middleware around all others."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        name = given if _FIT.fullmatch(given) else secrets.token_hex(8)
        structlog.contextvars.bind_contextvars(request_id=name)  # for this task: the server writes its errors in it too

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = name
            await send(message)

        await self.app(scope, receive, send_named)
