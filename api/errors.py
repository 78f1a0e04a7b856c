"""Errors as answers: JSON for machines, a page or a fragment for people, each in the reader's language."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from api.language import language
from api.render import page
from assist.errors import AccessDenied, AssistError, Conflict, InputError, NotFound, RequestError, SetupError
from assist.people.lockout import TooManyTries
from assist.people.users import SignInRefused
from assist.texts import N_


class NotSignedIn(AccessDenied):
    message = N_("You are not signed in. Sign in and try again.")


class PasswordDue(AccessDenied):
    message = N_("Choose a new password before you go on.")


class WrongField(RequestError):
    message = N_("%(field)s is missing or wrong: %(reason)s. Correct it and send it again.")


class NoSuchMethod(RequestError):
    message = N_("This address does not take %(method)s requests. The documentation at /api/docs lists what it takes.")


_STATUS: dict[type[AssistError], int] = {
    NotSignedIn: 401,
    SignInRefused: 401,
    TooManyTries: 429,
    AccessDenied: 403,
    NotFound: 404,
    Conflict: 409,
    NoSuchMethod: 405,
    InputError: 422,
    SetupError: 503,
}
_STATUS_BY_CODE = {"RecordingTooBig": 413, "TooBig": 413}


def status_of(error: AssistError) -> int:
    """The HTTP status of an error; 500 for what nobody foresaw."""
    named = _STATUS_BY_CODE.get(error.code)
    return named or next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 500)


def body(error: AssistError, tag: str) -> dict[str, Any]:
    return {"error": {"code": error.code, "message": error.text(tag)}}


def respond(request: Request, error: AssistError) -> Response:
    """The answer that tells `error` to whoever asked."""
    status, tag = status_of(error), language(request)
    if _is_machine(request):
        headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
        return JSONResponse(body(error, tag), status, headers)
    if isinstance(error, NotSignedIn):
        return _redirect(request, f"/sign-in?next={quote(_here(request))}")
    if isinstance(error, PasswordDue):
        return _redirect(request, "/account")
    if "hx-request" in request.headers:
        answer = page(request, "parts/toast.html", status=status, text=error.text(tag))
        answer.headers.update({"HX-Retarget": "#toasts", "HX-Reselect": ".toast", "HX-Reswap": "beforeend"})
        return answer
    return page(request, "error.html", status=status, number=status, text=error.text(tag))


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

    async def plain(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return respond(request, _from_http(request, error))

    app.add_exception_handler(AssistError, known)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, plain)
    app.add_exception_handler(OverflowError, beyond)


def _is_machine(request: Request) -> bool:
    return request.url.path.startswith("/api/") and request.url.path != "/api/docs"


def _here(request: Request) -> str:
    """The page to come back to: of a fragment, the page that holds it."""
    if request.method != "GET" or "hx-request" in request.headers:
        return "/"
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


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
