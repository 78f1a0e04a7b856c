"""For administrators: how long calls are kept, and what keeps some of them longer."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api.context import SignedIn, StoreHere
from api.errors import WrongField, status_of
from api.language import language
from api.render import page
from assist.errors import AssistError, InputError, NotFound
from assist.people.users import User
from assist.privacy import holding, retention
from assist.privacy.retention import FLOOR_DAYS, KINDS, Preview, Rule, WrongDays
from assist.store import Store
from assist.texts import N_, translate

router = APIRouter()

KIND = {"recordings": N_("Recordings"), "transcripts": N_("Transcripts"), "findings": N_("Findings and scores")}
WHY = {
    "hold": N_("on hold"),
    "dispute": N_("an open dispute"),
    "one-on-one": N_("a one-on-one that is not signed"),
    "agreement": N_("an agreement that is not over"),
}


@router.get("/privacy")
def kept(request: Request, store: StoreHere, user: SignedIn) -> Response:
    return page(
        request,
        "privacy/retention.html",
        rules=retention.rules(store, user),
        removed=retention.removed(store, user),
        titles={row["id"]: row["title"] for row in store.rows("SELECT id, title FROM campaigns")},
        kinds=KIND,
        saved="saved" in request.query_params,
    )


@router.get("/privacy/retention")
def edit(request: Request, store: StoreHere, user: SignedIn, campaign: str = "") -> Response:
    return _rule(request, store, user, retention.rule_of(store, campaign))


@router.post("/privacy/retention")
def save(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    campaign: Annotated[str, Form()] = "",
    recordings: Annotated[str, Form()] = "",
    transcripts: Annotated[str, Form()] = "",
    findings: Annotated[str, Form()] = "",
    floor: Annotated[str, Form()] = "",
    floor_note: Annotated[str, Form()] = "",
    seen: Annotated[str, Form()] = "",
) -> Response:
    """What the rule would take away is shown first; it is saved once the person has seen just that."""
    typed = {"recordings": recordings, "transcripts": transcripts, "findings": findings, "floor": floor}
    rule = Rule(campaign, floor_note=floor_note)
    try:
        days = {name: _days(text) for name, text in typed.items()}
        rule = Rule(campaign, days["recordings"], days["transcripts"], days["findings"], days["floor"] or 0, floor_note)
        found = retention.preview(store, user, rule)
        if seen != sign(rule, found):
            return _rule(request, store, user, rule, found)
        retention.save(store, user, rule)
    except InputError as error:
        return _rule(request, store, user, rule, wrong=error, typed=typed)
    return RedirectResponse("/privacy?saved", 303)


@router.post("/privacy/retention/standard")
def use_standard(store: StoreHere, user: SignedIn, campaign: Annotated[str, Form()]) -> Response:
    retention.forget_rule(store, user, campaign)
    return RedirectResponse("/privacy?saved", 303)


@router.get("/privacy/holds")
def holds(request: Request, store: StoreHere, user: SignedIn) -> Response:
    return _holds(request, store, user)


@router.post("/privacy/holds")
def hold(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    call: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    number = call.strip().rpartition("/")[2]
    try:
        if not number.isdecimal():
            raise WrongField(field=translate(N_("Call"), language(request)), reason=call[:40])
        holding.place(store, user, int(number), reason)
    except (InputError, NotFound) as error:
        return _holds(request, store, user, error, {"call": call, "reason": reason})
    return RedirectResponse("/privacy/holds", 303)


@router.post("/privacy/holds/{call_id}/lift")
def lift(store: StoreHere, user: SignedIn, call_id: int) -> Response:
    holding.lift(store, user, call_id)
    return RedirectResponse("/privacy/holds", 303)


def sign(rule: Rule, found: Preview) -> str:
    """Of what the person saw: another rule, or other calls, are shown anew."""
    return f"{sorted(asdict(rule).items(), key=str)} {sorted(found.calls.items())}"


def _rule(
    request: Request,
    store: Store,
    user: User,
    rule: Rule,
    found: Preview | None = None,
    wrong: AssistError | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    title = store.value("SELECT title FROM campaigns WHERE id = ?", [rule.campaign])
    if rule.campaign and title is None:
        raise NotFound
    shown = {name: "" if (days := rule.days(name)) is None else str(days) for name in KINDS}
    return page(
        request,
        "privacy/rule.html",
        status=status_of(wrong) if wrong else 200,
        rule=rule,
        title=title or "",
        typed=typed or shown | {"floor": str(rule.floor)},
        found=found,
        seen=sign(rule, found) if found else "",
        wrong=wrong.text(language(request)) if wrong else "",
        kinds=KIND,
        suggested=retention.SUGGESTED,
        own=retention.rule_of(store, rule.campaign).own and bool(rule.campaign),
        floor_days=FLOOR_DAYS,
    )


def _holds(
    request: Request,
    store: Store,
    user: User,
    wrong: AssistError | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    return page(
        request,
        "privacy/holds.html",
        status=status_of(wrong) if wrong else 200,
        holds=holding.standing(store, user),
        why=WHY,
        wrong=wrong.text(language(request)) if wrong else "",
        typed=typed or {},
    )


def _days(text: str) -> int | None:
    """None for an empty field. Raises WrongDays."""
    plain = text.strip()
    if plain and (not plain.isdecimal() or len(plain) > 6):
        raise WrongDays(most=retention.LONGEST_DAYS)
    return int(plain) if plain else None
