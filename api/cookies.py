"""Cookies: nothing that scripts read, nothing that other sites send, and on https only there and only for this host."""

from fastapi import Request
from starlette.responses import Response

SESSION = "assist_session"
DEVICE = "assist_device"
"""Says that somebody signed in here before; lets nobody in."""

STEP = "assist_step"
"""Between the password and the second factor."""

FLOW = "assist_flow"
"""Until the browser comes back from the company's sign-in."""


def secure(request: Request) -> bool:
    """Whether people come over https, as the request says or the settings do: a proxy may not pass it on."""
    return request.url.scheme == "https" or bool(request.app.state.settings.public_url.startswith("https://"))


def read(request: Request, name: str) -> str | None:
    """On https, a cookie that was set without it counts for nothing: anybody on the way may have set it."""
    return request.cookies.get(_named(request, name))


def put(request: Request, answer: Response, name: str, value: str, max_age: int | None = None) -> None:
    answer.set_cookie(
        _named(request, name), value, max_age=max_age, httponly=True, samesite="lax", secure=secure(request)
    )


def drop(request: Request, answer: Response, name: str) -> None:
    answer.delete_cookie(_named(request, name), httponly=True, samesite="lax", secure=secure(request))


def remember(request: Request, answer: Response, name: str, value: str) -> None:
    """A choice about the look, without meaning for who may what; its name is the same everywhere."""
    answer.set_cookie(name, value, max_age=_A_YEAR, httponly=True, samesite="lax", secure=secure(request))


def _named(request: Request, name: str) -> str:
    return f"__Host-{name}" if secure(request) else name


_A_YEAR = 365 * 24 * 3600
