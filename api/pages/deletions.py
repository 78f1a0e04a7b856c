"""For administrators: deleting a customer for good, the certificates, and what is handed out to a customer."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse

from api.context import SignedIn, StoreHere
from api.errors import WrongField, status_of
from api.language import language
from api.pages.sign_in import origin_of
from api.render import page
from assist.errors import AccessDenied, AssistError, InputError, NotFound
from assist.people import users
from assist.people.users import User
from assist.privacy import certificate, deletion, finding, handing, places
from assist.privacy.deletion import ASKED_BY, AskedBy
from assist.privacy.finding import Found
from assist.privacy.places import Named
from assist.store import Store
from assist.store.clock import stamp
from assist.texts import N_, translate

router = APIRouter()

STATE = {"running": N_("being deleted"), "locked": N_("part under lock"), "done": N_("deleted")}
STEP = {
    "": N_("ordered"),
    "ledger": N_("written into the ledger"),
    "rows": N_("rows and recordings deleted"),
    "payloads": N_("work queue cleared"),
    "copies": N_("copies removed"),
    "index": N_("search index cleared"),
    "flush": N_("written to the disk"),
    "check": N_("checked"),
}
ASKED = certificate.ASKED


@router.get("/privacy/deletions")
def deletions(request: Request, store: StoreHere, user: SignedIn, page: int = 1) -> Response:
    return _list(request, store, user, number=page)


@router.post("/privacy/deletions/find")
def find(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    customer: Annotated[str, Form()] = "",
    call: Annotated[str, Form()] = "",
) -> Response:
    """What would go. Posted, so that no customer's number stands in an address."""
    try:
        found = _found(store, user, customer, _number(call, language(request)))
    except InputError as error:
        return _list(request, store, user, error, {"customer": customer, "call": call})
    return _shown(request, store, user, found, {"customer": customer, "call": call})


@router.post("/privacy/deletions")
def order(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    customer: Annotated[str, Form()] = "",
    call: Annotated[str, Form()] = "",
    asked_by: Annotated[str, Form()] = "customer",
    reason: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
) -> Response:
    typed = {"customer": customer, "call": call, "asked_by": asked_by, "reason": reason}
    number, who = _number(call, language(request)), _asked_by(asked_by)
    found = _found(store, user, customer, number)
    try:
        _prove(request, store, user, password)
        deed = deletion.order(store, user, asked_by=who, reason=reason, customer=customer, call_id=number)
    except (InputError, AccessDenied) as error:
        return _shown(request, store, user, found, typed, error)
    return RedirectResponse(f"/privacy/deletions/{deed.id}", 303)


@router.get("/privacy/deletions/{deletion_id}")
def one(request: Request, store: StoreHere, user: SignedIn, deletion_id: int) -> Response:
    deed = deletion.get(store, user, deletion_id)
    return page(
        request,
        "privacy/deletion.html",
        deed=deed,
        digest=certificate.sha256(deed.certificate) if deed.certificate else "",
        genuine=certificate.genuine(deed.certificate),
        **_words(),
    )


@router.get("/privacy/deletions/{deletion_id}/certificate.json")
def as_json(store: StoreHere, user: SignedIn, deletion_id: int) -> Response:
    return JSONResponse(_certificate(store, user, deletion_id), headers=_named(deletion_id, "json"))


@router.get("/privacy/deletions/{deletion_id}/certificate.txt")
def as_text(request: Request, store: StoreHere, user: SignedIn, deletion_id: int) -> Response:
    text = certificate.text(_certificate(store, user, deletion_id), language(request))
    return PlainTextResponse(text, headers=_named(deletion_id, "txt"))


@router.post("/privacy/deletions/{deletion_id}/withdraw")
def withdraw(store: StoreHere, user: SignedIn, deletion_id: int, reason: Annotated[str, Form()] = "") -> Response:
    deletion.withdraw(store, user, deletion_id, reason)
    return RedirectResponse(f"/privacy/deletions/{deletion_id}", 303)


@router.post("/privacy/admit")
def admit(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    sha256: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Lets a deleted recording be uploaded again."""
    try:
        deletion.admit(store, user, sha256, reason)
    except (InputError, NotFound) as error:
        return _list(request, store, user, error, {"sha256": sha256, "admit_reason": reason})
    return _list(request, store, user, done=N_("The recording may be uploaded again, as a new call."))


@router.post("/privacy/hand-out")
def hand_out(request: Request, store: StoreHere, user: SignedIn, customer: Annotated[str, Form()] = "") -> Response:
    try:
        made = handing.archive(store, user, customer)
    except InputError as error:
        return _list(request, store, user, error, {"customer": customer})
    name = f"customer-{stamp()[:10]}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(handing.chunks(made), media_type="application/zip", headers=headers)


def _list(
    request: Request,
    store: Store,
    user: User,
    wrong: AssistError | None = None,
    typed: dict[str, str] | None = None,
    number: int = 1,
    done: str = "",
) -> Response:
    return page(
        request,
        "privacy/deletions.html",
        status=status_of(wrong) if wrong else 200,
        found=deletion.listing(store, user, number),
        address=lambda page: f"/privacy/deletions?page={page}",
        wrong=wrong.text(language(request)) if wrong else "",
        done=done,
        typed=typed or {},
        **_words(),
    )


def _shown(
    request: Request,
    store: Store,
    user: User,
    found: list[Found],
    typed: dict[str, str],
    wrong: AssistError | None = None,
) -> Response:
    free = [one for one in found if one.free]
    named = Named(tuple(one.id for one in free), tuple(one.sha256 for one in free))
    return page(
        request,
        "privacy/found.html",
        status=_status(wrong),
        found=found,
        counts=places.count(store, named),
        saying=finding.saying(store, user, typed["customer"], found),
        wrong=wrong.text(language(request)) if wrong else "",
        typed=typed,
        **_words(),
    )


def _status(wrong: AssistError | None) -> int:
    """Not 401: who typed another password is signed in all the same."""
    found = status_of(wrong) if wrong else 200
    return 403 if found == 401 else found


def _words() -> dict[str, Any]:
    return {"states": STATE, "steps": STEP, "asked": ASKED, "asked_by": ASKED_BY}


def _found(store: Store, user: User, customer: str, call_id: int | None) -> list[Found]:
    """Raises TooShort, NothingFound."""
    found = finding.of_call(store, user, call_id) if call_id else finding.of_customer(store, user, customer)
    if not found:
        raise deletion.NothingFound
    return found


def _number(text: str, tag: str) -> int | None:
    """A call's number, as it stands at the end of its address. Raises WrongField."""
    plain = text.strip().rpartition("/")[2]
    if not plain:
        return None
    if not plain.isdecimal() or len(plain) > 12:
        raise WrongField(field=translate(N_("Call"), tag), reason=text[:40])
    return int(plain)


def _asked_by(text: str) -> AskedBy:
    return next((known for known in ASKED_BY if known == text), "company")


def _prove(request: Request, store: Store, user: User, password: str) -> None:
    """Raises AccessDenied where the password is not the administrator's; who has none has shown lately who they are."""
    visit = request.state.visit
    if not users.has_password(store, user) and visit is not None and visit.confirmed:
        return
    users.authenticate(store, user.login, password, origin_of(request))


def _certificate(store: Store, user: User, deletion_id: int) -> dict[str, Any]:
    found = deletion.get(store, user, deletion_id).certificate
    if found is None:
        raise NotFound
    return found


def _named(deletion_id: int, ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="deletion-{deletion_id}.{ending}"'}
