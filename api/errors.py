"""Errors as answers: JSON for machines, a page or a fragment for people, each in the reader's language."""

import sqlite3
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from api.language import language
from api.render import page
from assist.errors import AccessDenied, AssistError, Conflict, InputError, NotFound, RequestError, SetupError
from assist.fleet.bounds import QueueFull
from assist.people.identity import NotHere
from assist.people.lockout import TooManyTries
from assist.people.passwords import Busy
from assist.people.provider import ProviderRefused
from assist.people.second_factor import CodeRefused
from assist.people.steps import StepOver
from assist.people.users import SignInRefused
from assist.room import NoRoom, full
from assist.texts import N_


class NotSignedIn(AccessDenied):
    message = N_("You are not signed in. Sign in and try again.")


class PasswordDue(AccessDenied):
    message = N_("Choose a new password before you go on.")


class SecondFactorDue(AccessDenied):
    message = N_("Your role needs a second factor. Set it up before you go on.")


class ConfirmDue(AccessDenied):
    message = N_("Give your password again before this step, at /confirm.")


class WrongField(RequestError):
    message = N_("%(field)s is missing or wrong: %(reason)s. Correct it and send it again.")


class NoSuchMethod(RequestError):
    message = N_("This address does not take %(method)s requests. The documentation at /api/docs lists what it takes.")


_PROBES = frozenset({"/health", "/ready", "/metrics"})
"""Asked by machines, though they lie outside /api."""

_STATUS: dict[type[AssistError], int] = {
    NotSignedIn: 401,
    SignInRefused: 401,
    CodeRefused: 401,
    StepOver: 401,
    ProviderRefused: 401,
    NotHere: 403,
    TooManyTries: 429,
    Busy: 429,
    QueueFull: 429,
    AccessDenied: 403,
    NotFound: 404,
    Conflict: 409,
    NoSuchMethod: 405,
    InputError: 422,
    SetupError: 503,
}
_STATUS_BY_CODE = {"RecordingTooBig": 413, "TooBig": 413, "DiskFull": 507, "NoRoom": 507}


def status_of(error: AssistError) -> int:
    """The HTTP status of an error; 500 for what nobody foresaw."""
    named = _STATUS_BY_CODE.get(error.code)
    return named or next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 500)


def body(error: AssistError, tag: str) -> dict[str, Any]:
    return {"error": {"code": error.code, "message": error.text(tag)}}


def respond(request: Request, error: AssistError) -> Response:
    """The answer that tells `error` to whoever asked."""
    status, tag = status_of(error), language(request)
    request.state.problem = error.code
    if _is_machine(request):
        return JSONResponse(body(error, tag), status, headers_of(error))
    first = _comes_first(request, error)
    if first:
        return _redirect(request, first)
    if "hx-request" in request.headers:
        answer = page(request, "parts/toast.html", status=status, text=error.text(tag))
        answer.headers.update({"HX-Retarget": "#toasts", "HX-Reselect": ".toast", "HX-Reswap": "beforeend"})
        return answer
    answer = page(request, "error.html", status=status, number=status, text=error.text(tag))
    answer.headers.update(headers_of(error))
    return answer


def headers_of(error: AssistError) -> dict[str, str]:
    """What the answer says beside its status: how one signs in, and when it is worth another try."""
    if isinstance(error, TooManyTries | Busy | QueueFull):
        return {"Retry-After": str(error.facts["seconds"])}
    return {"WWW-Authenticate": "Bearer"} if status_of(error) == 401 else {}


def _comes_first(request: Request, error: AssistError) -> str:
    """The page a person has to see before the one they asked for; empty for any other error."""
    if isinstance(error, NotSignedIn):
        return f"/sign-in?next={quote(_here(request))}"
    if isinstance(error, ConfirmDue):
        return f"/confirm?next={quote(_before(request))}"
    return {PasswordDue: "/account", SecondFactorDue: "/account/second-factor"}.get(type(error), "")


def install(app: FastAPI) -> None:
    """Make the app answer every error through `respond`."""

    async def known(request: Request, error: Exception) -> Response:
        assert isinstance(error, AssistError)
        return respond(request, error)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return respond(request, _wrong_field(error))

    async def beyond(request: Request, error: Exception) -> Response:
        return respond(request, NotFound())  # a number larger than the database counts names nothing

    async def machine(request: Request, error: Exception) -> Response:
        if not full(error):
            raise error
        return respond(request, NoRoom())

    async def plain(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return respond(request, _from_http(request, error))

    app.add_exception_handler(AssistError, known)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, plain)
    app.add_exception_handler(OverflowError, beyond)
    app.add_exception_handler(sqlite3.OperationalError, machine)
    app.add_exception_handler(OSError, machine)


def _is_machine(request: Request) -> bool:
    path = request.url.path
    return (path.startswith("/api/") and path != "/api/docs") or path in _PROBES


def _here(request: Request) -> str:
    """The page to come back to: of a fragment, the page that holds it."""
    if request.method != "GET" or "hx-request" in request.headers:
        return "/"
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _before(request: Request) -> str:
    """The page that the form is on, as the browser tells: there the step is begun again."""
    referrer = urlsplit(request.headers.get("referer", ""))
    return referrer.path if referrer.netloc == request.headers.get("host") and referrer.path else "/account"


def _redirect(request: Request, address: str) -> Response:
    if "hx-request" in request.headers:
        return Response(status_code=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": address})
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


def _wrong_field(error: RequestValidationError) -> AssistError:
    first = error.errors()[0]
    if first["loc"][0] == "path":
        return NotFound()
    field = ".".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0])
    return WrongField(field=field, reason=first["msg"])


def _from_http(request: Request, error: HTTPException) -> AssistError:
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return NoSuchMethod(method=request.method)
    if error.status_code == HTTPStatus.NOT_FOUND:
        return NotFound()
    return WrongField(field=request.url.path, reason=error.detail)
