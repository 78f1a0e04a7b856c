"""One finding of a call: accepted or disputed by the agent, kept or changed by the lead, with its whole history."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api.context import SignedIn, StoreHere
from api.language import language
from api.render import page
from api.views import verdicts as views
from assist.analysis.verdicts import KEPT, About, Kind, Ruling
from assist.calls import calls
from assist.calls.calls import Call
from assist.coaching import disputes, rulings, verdicts
from assist.coaching.judged import Judged, judged_call
from assist.coaching.named import Named
from assist.coaching.verdicts import DoesNotFit
from assist.errors import NotFound
from assist.people import access
from assist.people.users import User
from assist.scripts.library import STEPS
from assist.store import Store

router = APIRouter()

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""What a criterion may be set to on the page."""


@router.get("/calls/{call_id}/finding")
def show(request: Request, store: StoreHere, user: SignedIn, call_id: int, name: str) -> Response:
    call = calls.get(store, user, call_id)
    judged = judged_call(store, call)
    found, gone = _found(store, judged, name)
    context = _context(store, user, call, judged, found, language(request))
    return page(request, "verdict/finding.html", **context, gone=gone)


@router.post("/calls/{call_id}/finding/accept")
def accept(request: Request, store: StoreHere, user: SignedIn, call_id: int, name: Annotated[str, Form()]) -> Response:
    """One click; the word on the finding changes in its place."""
    disputes.accept(store, user, call_id, name)
    if "hx-request" not in request.headers:
        return _back(call_id, name)
    call = calls.get(store, user, call_id)
    context = views.around(store, user, call, language(request))
    return page(request, "call/verdict.html", call=call, name=name, **context)


@router.post("/calls/{call_id}/finding/dispute")
def dispute(
    store: StoreHere, user: SignedIn, call_id: int, name: Annotated[str, Form()], reason: Annotated[str, Form()] = ""
) -> Response:
    disputes.raise_dispute(store, user, call_id, name, reason)
    return _back(call_id, name)


@router.post("/calls/{call_id}/finding/withdraw/{dispute_id}")
def withdraw(store: StoreHere, user: SignedIn, call_id: int, dispute_id: int) -> Response:
    found = disputes.get(store, user, dispute_id)
    disputes.withdraw(store, user, dispute_id)
    return _back(call_id, found.name)


@router.post("/calls/{call_id}/finding")
async def rule(request: Request, store: StoreHere, user: SignedIn, call_id: int, name: str) -> Response:
    """A lead keeps or changes the finding; an open dispute is decided by it."""
    form = await request.form()
    judged = judged_call(store, calls.get(store, user, call_id))
    found, _ = _found(store, judged, name)
    keep = form.get("decision") != "change"
    ruling = (
        KEPT if keep else _ruling(found.about.kind, dict(form), [str(step) for step in form.getlist("steps")], judged)
    )
    reason, dispute_id = str(form.get("reason", "")), str(form.get("dispute", ""))
    if dispute_id.isdecimal():
        disputes.decide(store, user, int(dispute_id), ruling, reason)
    else:
        seen = str(form.get("seen", ""))
        verdicts.rule(store, user, call_id, name, ruling, reason, seen=int(seen) if seen.isdecimal() else None)
    return _back(call_id, found.name)


@router.get("/calls/{call_id}/findings/new")
def new(request: Request, store: StoreHere, user: SignedIn, call_id: int) -> Response:
    """The form for what the machine did not find."""
    call = calls.get(store, user, call_id)
    access.require_ruling(user, agent_id=call.agent_id, team_id=call.team_id)
    judged = judged_call(store, call)
    return page(
        request,
        "verdict/new.html",
        call=call,
        content_language=judged.library.language,
        said_by_customer=views.turns_of(judged, "customer"),
        said_by_agent=views.turns_of(judged, "agent"),
        entries=judged.library.playbook,
        items=judged.library.forbidden,
        steps=STEPS,
        outcomes=rulings.OUTCOMES,
    )


@router.post("/calls/{call_id}/findings/new")
async def add(request: Request, store: StoreHere, user: SignedIn, call_id: int) -> Response:
    form = await request.form()
    judged = judged_call(store, calls.get(store, user, call_id))
    kind: Kind = "objection" if form.get("kind") == "objection" else "forbidden"
    start, end = _turn(judged, str(form.get("turn", "")))
    about = About(kind, str(form.get("id", "")), start, end)
    ruling = Ruling(status="said")
    if kind == "objection":
        steps = [str(step) for step in form.getlist("steps")]
        ruling = _ruling("objection", {"outcome": form.get("outcome", "")}, steps, judged)
    made = verdicts.add(store, user, call_id, about, ruling, str(form.get("reason", "")))
    return _back(call_id, made.name)


def _found(store: Store, judged: Judged, name: str) -> tuple[Named, bool]:
    """The finding of that name, and whether it is gone: disputed once, and not found any more since the call was judged
    again. Raises NotFound."""
    try:
        return verdicts.resolve(store, judged, name), False
    except NotFound:
        asked = next((one for one in disputes.of_call(store, judged.call.id) if one.name == name), None)
        if asked is None:
            raise
    there = disputes.still_there(store, judged, asked)
    return Named(asked.about, asked.title, asked.quote, there.state if there else {}), there is None


def _context(store: Store, user: User, call: Call, judged: Judged, found: Named, tag: str) -> dict[str, Any]:
    ruled, disputed = verdicts.history(store, call.id), disputes.of_call(store, call.id)
    mine = [one for one in ruled if one.name == found.name]
    holds = next((one for one in mine if one.stands), None)
    asked = next((one for one in disputed if one.name == found.name and one.state == "open"), None)
    return {
        "call": call,
        "found": found,
        "now": dict(found.state) | (holds.ruling.to_dict() if holds and holds.fits else {}),
        "title": views.titled(found, judged, tag),
        "content_language": judged.library.language,
        "machine": views.state_text(found, found.state, tag),
        "holds": holds,
        "holds_text": views.rulings_text(holds, tag) if holds else "",
        "steps_taken": views.history(found, call, ruled, disputed, tag),
        "asked": asked,
        "disputed_before": any(one.name == found.name and one.state != "withdrawn" for one in disputed),
        "accepted": found.name in disputes.accepted(store, call.id),
        "may_dispute": views.may_dispute(store, user, call),
        "until": disputes.until(store, call),
        "mine": call.agent_id == user.id,
        "may_rule": access.may_rule(user, agent_id=call.agent_id, team_id=call.team_id),
        "scores": _scores(store, call),
        "turns": views.turns_of(judged, "agent") if found.about.kind == "point" else [],
        "entries": judged.library.playbook,
        "all_steps": STEPS,
        "outcomes": rulings.OUTCOMES,
        "shares": SHARES,
    }


def _scores(store: Store, call: Call) -> list[tuple[str, int | None, int | None]]:
    """(skill, machine's, standing) where people's verdicts changed any."""
    machine, stands = calls.machine_analysis(store, call), calls.analysis(store, call)
    if not call.machine_key or machine is None or stands is None:
        return []
    names = ("opening", "questioning", "rejection_handling", "overall")
    return [(name, machine["scores"][name]["value"], stands["scores"][name]["value"]) for name in names]


def _ruling(kind: Kind, form: dict[str, Any], steps: list[str], judged: Judged) -> Ruling:
    """What a form says. Values that are none are refused by `rulings.check`."""
    given = {key: str(value) for key, value in form.items()}
    if given.get("is") == "none":
        return Ruling(gone=True)
    if kind == "point":
        start, end = (None, None) if given.get("status") == "missed" else _turn(judged, given.get("turn", ""))
        return Ruling.from_dict({"status": given.get("status") or None, "start": start, "end": end})
    if kind == "objection":
        wanted = {"id": given.get("is") or None, "outcome": given.get("outcome") or None, "steps": steps}
        return Ruling.from_dict(wanted)
    if kind == "question":
        return Ruling.from_dict({"question": given.get("is") or None})
    if kind == "criterion":
        return Ruling(value=_share(given.get("value", "")))
    return Ruling(status="said") if kind == "forbidden" else Ruling(gone=True)


def _turn(judged: Judged, text: str) -> tuple[float, float]:
    """The seconds of a chosen turn. Raises DoesNotFit."""
    found = next((turn for turn in judged.transcript.turns if str(turn.id) == text), None)
    if found is None:
        raise DoesNotFit
    return found.start, found.end


def _share(text: str) -> float | None:
    try:
        return float(text)
    except ValueError as error:
        raise NotFound from error


def _back(call_id: int, name: str) -> Response:
    return RedirectResponse(f"/calls/{call_id}/finding?name={quote(name)}", 303)
