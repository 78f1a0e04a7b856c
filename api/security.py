"""What every answer carries, and what no request may do: headers, content policy, requests from other sites."""

import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.cookies import secure
from api.errors import respond
from assist.errors import AccessDenied, AssistError
from assist.texts import N_

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Frame-Options": "DENY",
}

_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; "
    "media-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


class CrossSiteRequest(AccessDenied):
    message = N_("This request came from another site and was refused. Open Assist itself and try again.")


class Guard:
    """Middleware around the whole app: refuses changes asked for by other sites, sets the headers of every answer.

    The nonce (`request.state.nonce`) is for the one style element that the waveform makes for itself.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        nonce = scope.setdefault("state", {})["nonce"] = secrets.token_urlsafe(16)

        started: list[bool] = []

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append(True)
                _set_headers(MutableHeaders(scope=message), scope, nonce)
            await send(message)

        if scope["method"] not in SAFE_METHODS and from_elsewhere(Headers(scope=scope)):
            answer = respond(Request(scope, receive), CrossSiteRequest())
            await answer(scope, receive, send_guarded)
            return
        try:
            await self.app(scope, receive, send_guarded)
        except Exception:
            if not started:
                await respond(Request(scope, receive), AssistError())(scope, receive, send_guarded)
            raise  # the server writes it into the log


def from_elsewhere(headers: Headers) -> bool:
    """Whether a browser says that another site asked. Browsers on plain http send no Sec-Fetch-Site, only Origin;
    what sends neither is no browser and carries no cookie."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host", "")


def _set_headers(headers: MutableHeaders, scope: Scope, nonce: str) -> None:
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    headers["Content-Security-Policy"] = _POLICY.format(nonce=nonce)
    if not scope["path"].startswith("/static/"):
        headers.setdefault("Cache-Control", "no-store")
    if secure(Request(scope)):
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
