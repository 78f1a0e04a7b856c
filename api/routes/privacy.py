"""How long calls are kept, what holds them, deleting a customer for good and handing out what is kept of one."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field
from starlette.responses import StreamingResponse

from api.context import SignedIn, StoreHere
from api.routes.schemas import Reason, Schema
from assist.privacy import deletion, finding, handing, holding, retention
from assist.privacy.deletion import NothingFound
from assist.privacy.retention import Kind, Preview, Rule

router = APIRouter()

STANDARD = "-"
Days = Annotated[int | None, Field(ge=1, le=retention.LONGEST_DAYS)]


class RuleIn(Schema):
    """Days after the call; null keeps for ever. `floor` is the least the law asks for, in days, by `floor_note`."""

    recordings: Days = None
    transcripts: Days = None
    findings: Days = None
    floor: int = Field(default=retention.FLOOR_DAYS, ge=0, le=retention.LONGEST_DAYS)
    floor_note: str = Field(default=retention.FLOOR_NOTE, max_length=300)


class RuleOut(RuleIn):
    """`campaign` is empty for the standard; `own` is false where the standard holds."""

    campaign: str
    own: bool


class PreviewOut(Schema):
    """How many calls would lose what, and how many more but for what holds them."""

    calls: dict[Kind, int]
    held: dict[Kind, int]


class HoldIn(Reason):
    call_id: int


class HoldOut(Schema):
    """`why`: hold (somebody's word), dispute, one-on-one or agreement."""

    call_id: int
    called_at: datetime
    why: str
    reason: str
    placed_by: str
    placed_at: datetime | None


class CustomerIn(Schema):
    """The number or name as it stands in the details of the calls."""

    customer: str = Field(min_length=1, max_length=100)


class FoundOut(Schema):
    """`until`: the law keeps it till then; `held`: why somebody holds it; `by_name`: only its file name says so."""

    id: int
    sha256: str
    called_at: datetime
    campaign: str
    agent: str
    by_name: bool
    until: datetime | None
    held: str


class DeletionIn(Reason):
    """A customer, or one call."""

    customer: str = Field(default="", max_length=100)
    call_id: int | None = None
    asked_by: Literal["customer", "authority", "company"] = "customer"


class DeletionOut(Schema):
    """`state`: running, locked (what the law or a hold keeps waits under lock) or done; `certificate` is an
    `assist-deletion/1` document, null until there is one."""

    id: int
    asked_by: str
    reason: str
    ordered_by: str
    ordered_at: datetime
    state: str
    step: str
    calls: int
    gone: int
    locked: int
    until: datetime | None
    done_at: datetime | None
    certificate: dict[str, Any] | None


class DeletionsPage(Schema):
    deletions: list[DeletionOut]
    total: int
    page: int
    pages: int


class AdmitIn(Reason):
    sha256: str


class LedgerOut(Schema):
    """One recording that was deleted. `subject` is a keyed hash of the customer; `state` named, locked, gone or
    admitted."""

    sha256: str
    subject: str
    ordered_at: datetime
    state: str


@router.get("/privacy/retention")
def list_retention(store: StoreHere, user: SignedIn) -> list[RuleOut]:
    """The standard, then every campaign."""
    return [_rule_out(rule) for _, rule in retention.rules(store, user)]


@router.put("/privacy/retention/{campaign}")
def set_retention(store: StoreHere, user: SignedIn, campaign: str, given: RuleIn) -> RuleOut:
    """`-` is the standard. What is over its time goes soon after: preview it first."""
    return _rule_out(retention.save(store, user, _rule(campaign, given)))


@router.delete("/privacy/retention/{campaign}", status_code=204, response_class=Response)
def forget_retention(store: StoreHere, user: SignedIn, campaign: str) -> None:
    """The standard holds from now on."""
    retention.forget_rule(store, user, _name(campaign))


@router.post("/privacy/retention/{campaign}/preview")
def preview_retention(store: StoreHere, user: SignedIn, campaign: str, given: RuleIn) -> PreviewOut:
    """What the rule would take away now; nothing is changed."""
    found: Preview = retention.preview(store, user, _rule(campaign, given))
    return PreviewOut.model_validate(found)


@router.get("/privacy/holds")
def list_holds(store: StoreHere, user: SignedIn) -> list[HoldOut]:
    """Calls of which nothing is removed, and why."""
    return [HoldOut.model_validate(one) for one in holding.standing(store, user)]


@router.post("/privacy/holds", status_code=204, response_class=Response)
def place_hold(store: StoreHere, user: SignedIn, given: HoldIn) -> None:
    holding.place(store, user, given.call_id, given.reason)


@router.delete("/privacy/holds/{call_id}", status_code=204, response_class=Response)
def lift_hold(store: StoreHere, user: SignedIn, call_id: int) -> None:
    holding.lift(store, user, call_id)


@router.post("/privacy/customers")
def find_customer(store: StoreHere, user: SignedIn, given: CustomerIn) -> list[FoundOut]:
    """The calls of a customer: what a deletion would be about."""
    return [FoundOut.model_validate(one) for one in finding.of_customer(store, user, given.customer)]


@router.post("/privacy/hand-outs", response_class=Response, responses={200: {"content": {"application/zip": {}}}})
def hand_out_customer(store: StoreHere, user: SignedIn, given: CustomerIn) -> StreamingResponse:
    """A zip of what is kept of a customer: recordings, transcripts, findings, and index.json."""
    made = handing.archive(store, user, given.customer)
    return StreamingResponse(handing.chunks(made), media_type="application/zip")


@router.get("/privacy/deletions")
def list_deletions(
    store: StoreHere, user: SignedIn, page: Annotated[int, Query(ge=1, le=1_000_000)] = 1
) -> DeletionsPage:
    """The latest first."""
    found = deletion.listing(store, user, page)
    shown = [DeletionOut.model_validate(one) for one in found.deeds]
    return DeletionsPage(deletions=shown, total=found.total, page=found.page, pages=found.pages)


@router.post("/privacy/deletions", status_code=202)
def order_deletion(store: StoreHere, user: SignedIn, given: DeletionIn) -> DeletionOut:
    """Nobody sees the calls from now on; the worker deletes them. Ask for the deletion until it is done."""
    if not given.customer and given.call_id is None:
        raise NothingFound
    deed = deletion.order(
        store, user, asked_by=given.asked_by, reason=given.reason, customer=given.customer, call_id=given.call_id
    )
    return DeletionOut.model_validate(deed)


@router.get("/privacy/deletions/{deletion_id}")
def get_deletion(store: StoreHere, user: SignedIn, deletion_id: int) -> DeletionOut:
    return DeletionOut.model_validate(deletion.get(store, user, deletion_id))


@router.post("/privacy/deletions/{deletion_id}/withdraw")
def withdraw_deletion(store: StoreHere, user: SignedIn, deletion_id: int, given: Reason) -> DeletionOut:
    """Takes what is still under lock out of it. 409 while calls are being deleted."""
    return DeletionOut.model_validate(deletion.withdraw(store, user, deletion_id, given.reason))


@router.get("/privacy/ledger")
def get_ledger(store: StoreHere, user: SignedIn) -> list[LedgerOut]:
    """Every recording that was ever deleted."""
    return [LedgerOut.model_validate(one) for one in deletion.ledger_entries(store, user)]


@router.post("/privacy/admissions", status_code=204, response_class=Response)
def admit_recording(store: StoreHere, user: SignedIn, given: AdmitIn) -> None:
    """Lets a deleted recording be uploaded again, as a new call."""
    deletion.admit(store, user, given.sha256, given.reason)


def _name(campaign: str) -> str:
    return "" if campaign == STANDARD else campaign


def _rule(campaign: str, given: RuleIn) -> Rule:
    return Rule(_name(campaign), **given.model_dump())


def _rule_out(rule: Rule) -> RuleOut:
    return RuleOut.model_validate(rule)
