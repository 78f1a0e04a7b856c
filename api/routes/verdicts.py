"""What people say of findings: verdicts, disputes, scores of their own and blind ones, and how far all agree."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field
from starlette.responses import FileResponse

from api.audio import playable
from api.context import SettingsHere, SignedIn, StoreHere
from api.routes.schemas import Schema
from assist import labels
from assist.analysis.verdicts import About, Ruling
from assist.calls import calls
from assist.coaching import agreement, blind, disputes, named, selfscore, verdicts
from assist.coaching.agreement import Against
from assist.coaching.agreement import Filters as ScoreFilters
from assist.coaching.blind import Given
from assist.coaching.disputes import Dispute, Filters, State
from assist.coaching.verdicts import LONGEST, DoesNotFit, Judged, Ruled
from assist.errors import NotFound
from assist.people import access

router = APIRouter()

Why = Annotated[str, Field(max_length=LONGEST)]
Points = Annotated[int, Field(ge=0, le=100)]


class RulingIn(Schema):
    """What the finding really is; with nothing given it is kept. `turn` is the turn that is the evidence, `id` another
    objection, `value` (0–1) a criterion's, `gone` that there is no such thing."""

    gone: bool = False
    id: str | None = None
    status: str | None = None
    turn: int | None = None
    steps: list[str] | None = None
    outcome: str | None = None
    question: str | None = None
    value: float | None = None


class VerdictIn(Schema):
    """`finding` as `GET /calls/{id}/findings` names it.

    `seen` is the latest verdict on it that you know of (0: none).
    """

    finding: str
    ruling: RulingIn = RulingIn()
    reason: Why
    seen: int | None = None


class AddedIn(Schema):
    """An objection or a forbidden item (`id`) in a turn, that the machine did not find."""

    kind: Literal["objection", "forbidden"]
    id: str
    turn: int
    steps: list[str] = Field(default_factory=list)
    outcome: str | None = None
    reason: Why


class FindingOut(Schema):
    name: str
    kind: str
    id: str
    start: float | None
    end: float | None
    title: str
    quote: str
    state: dict[str, Any]


class VerdictOut(Schema):
    """`machine` is what the machine had. `stands` false: a later verdict took its place; `fits` false: the call was
    judged again and has no such finding any more."""

    id: int
    call_id: int
    finding: str
    title: str
    quote: str
    added: bool
    decision: str
    ruling: dict[str, Any]
    machine: dict[str, Any]
    reason: str
    dispute_id: int | None
    made_by: str
    made_at: datetime
    stands: bool
    fits: bool


class DisputeIn(Schema):
    finding: str
    reason: Why


class AcceptIn(Schema):
    finding: str


class DecisionIn(Schema):
    ruling: RulingIn = RulingIn()
    answer: Why


class DisputeOut(Schema):
    id: int
    call_id: int
    agent_id: int
    agent: str
    finding: str
    title: str
    quote: str
    reason: str
    state: str
    raised_at: datetime
    decided_by: str
    decided_at: datetime | None
    answer: str


class DisputesPage(Schema):
    disputes: list[DisputeOut]
    total: int
    page: int
    pages: int


class HitRateOut(Schema):
    rule: str
    kept: int
    overturned: int
    share: float | None


class SelfScoreIn(Schema):
    """`steps` 1–5 by skill, null: no occasion."""

    steps: dict[str, int | None]
    strength: Why
    change: Why


class SelfScoreOut(Schema):
    call_id: int
    agent: str
    steps: dict[str, int | None]
    strength: str
    change: str
    made_at: datetime
    shared_at: datetime | None


class ShareIn(Schema):
    shared: bool = True


class BlindOut(Schema):
    """`call_id` is null until the call was scored: nothing is to tell whose it is. `marks` then stand beside the
    machine's."""

    id: int
    state: str
    call_id: int | None
    marks: list["MarkOut"]


class MarkOut(Schema):
    skill: str
    criterion: str
    value: float | None
    machine: float | None


class BlindIn(Schema):
    """Points by skill (null: no occasion), and values 0–1 of criteria by `skill/criterion`."""

    skills: dict[str, Points | None]
    criteria: dict[str, float] = Field(default_factory=dict)
    focus: str = "none"
    needed: bool = False
    note: Why = ""


class AgreementOut(Schema):
    """Null where there are too few calls. `occasion`: calls in which only one saw an occasion."""

    skill: str
    criterion: str
    n: int
    occasion: int
    few: bool
    error: "ErrorOut | None"
    kappa: "KappaOut | None"


class ErrorOut(Schema):
    mean: float
    bias: float
    low: float
    high: float


class KappaOut(Schema):
    value: float
    error: float
    low: float
    high: float


class HonestyOut(Schema):
    machine: list[AgreementOut]
    leads: list[AgreementOut]
    criteria: list[AgreementOut]


class PairOut(Schema):
    call_id: int
    called_at: datetime
    agent: str
    first_by: str
    first: float | None
    second_by: str
    second: float | None


class PairsPage(Schema):
    pairs: list[PairOut]
    total: int
    page: int
    pages: int


@router.get("/calls/{call_id}/findings")
def list_findings(store: StoreHere, user: SignedIn, call_id: int) -> list[FindingOut]:
    """What the machine found, each with the name by which people speak of it."""
    judged = verdicts.judged_call(store, calls.get(store, user, call_id))
    return [
        FindingOut(
            name=one.name, kind=one.about.kind, id=one.about.id, start=one.about.start, end=one.about.end,
            title=one.title, quote=one.quote, state=dict(one.state),
        )
        for one in named.listing(judged.machine, judged.library)
    ]  # fmt: skip


@router.get("/calls/{call_id}/analysis/machine")
def get_machine_analysis(store: StoreHere, user: SignedIn, call_id: int) -> dict[str, Any]:
    """The analysis as the machine made it, without people's verdicts."""
    report = calls.machine_analysis(store, calls.get(store, user, call_id))
    if report is None:
        raise NotFound
    return report


@router.get("/calls/{call_id}/verdicts")
def list_verdicts(store: StoreHere, user: SignedIn, call_id: int) -> list[VerdictOut]:
    """All verdicts on a call, the latest first."""
    return [_verdict(one) for one in verdicts.history(store, calls.get(store, user, call_id).id)]


@router.post("/calls/{call_id}/verdicts")
def rule_on_finding(store: StoreHere, user: SignedIn, call_id: int, given: VerdictIn) -> VerdictOut:
    """Keep or change a finding; the call stands with the new scores at once. 409 where somebody was faster."""
    ruling = _ruling(verdicts.judged_call(store, calls.get(store, user, call_id)), given.ruling)
    return _verdict(verdicts.rule(store, user, call_id, given.finding, ruling, given.reason, seen=given.seen))


@router.post("/calls/{call_id}/verdicts/added")
def add_finding(store: StoreHere, user: SignedIn, call_id: int, given: AddedIn) -> VerdictOut:
    judged = verdicts.judged_call(store, calls.get(store, user, call_id))
    start, end = _seconds(judged, given.turn)
    ruling = Ruling(status="said")
    if given.kind == "objection":
        ruling = Ruling.from_dict({"steps": given.steps, "outcome": given.outcome})
    about = About(given.kind, given.id, start, end)
    return _verdict(verdicts.add(store, user, call_id, about, ruling, given.reason))


@router.post("/calls/{call_id}/accepted", status_code=204)
def accept_finding(store: StoreHere, user: SignedIn, call_id: int, given: AcceptIn) -> None:
    """An agent accepts a finding of their own call."""
    disputes.accept(store, user, call_id, given.finding)


@router.get("/calls/{call_id}/disputes")
def list_disputes_of_call(store: StoreHere, user: SignedIn, call_id: int) -> list[DisputeOut]:
    return [_dispute(one) for one in disputes.of_call(store, calls.get(store, user, call_id).id)]


@router.post("/calls/{call_id}/disputes")
def dispute_finding(store: StoreHere, user: SignedIn, call_id: int, given: DisputeIn) -> DisputeOut:
    """An agent disputes a finding of their own call."""
    return _dispute(disputes.raise_dispute(store, user, call_id, given.finding, given.reason))


@router.get("/disputes")
def list_disputes(
    store: StoreHere,
    user: SignedIn,
    state: State | None = None,
    agent_id: int | None = None,
    page: Annotated[int, Query(ge=1)] = 1,
    per_page: Annotated[int, Query(ge=1, le=200)] = 30,
) -> DisputesPage:
    """The disputes on calls that you may see; open ones the longest waiting first."""
    wanted = Filters(state=state, agent_id=agent_id, page=page, per_page=per_page)
    found = disputes.listing(store, user, wanted)
    shown = [_dispute(one) for one in found.disputes]
    return DisputesPage(disputes=shown, total=found.total, page=found.page, pages=found.pages)


@router.post("/disputes/{dispute_id}/decision")
def decide_dispute(store: StoreHere, user: SignedIn, dispute_id: int, given: DecisionIn) -> VerdictOut | None:
    """409 where another lead was faster, or the agent took it back; null where the call, judged again, has no such
    finding any more."""
    found = disputes.get(store, user, dispute_id)
    judged = verdicts.judged_call(store, calls.get(store, user, found.call_id))
    made = disputes.decide(store, user, dispute_id, _ruling(judged, given.ruling), given.answer)
    return _verdict(made) if made else None


@router.post("/disputes/{dispute_id}/withdraw", status_code=204)
def withdraw_dispute(store: StoreHere, user: SignedIn, dispute_id: int) -> None:
    disputes.withdraw(store, user, dispute_id)


@router.get("/hit-rates")
def list_hit_rates(store: StoreHere, user: SignedIn, since: datetime | None = None) -> list[HitRateOut]:
    """How often people kept and overturned what rules, criteria and findings said."""
    access.require(user, "finding.rule")
    rates = verdicts.hit_rates(store, since).items()
    return [HitRateOut(rule=rule, kept=one.kept, overturned=one.overturned, share=one.share) for rule, one in rates]


@router.get("/calls/{call_id}/self-score")
def get_self_score(store: StoreHere, user: SignedIn, call_id: int) -> SelfScoreOut:
    """What the agent thought of the call: for the agent, and for others once it is shared."""
    found = selfscore.of_call(store, user, calls.get(store, user, call_id))
    if found is None:
        raise NotFound
    return SelfScoreOut.model_validate(found)


@router.post("/calls/{call_id}/self-score")
def save_self_score(store: StoreHere, user: SignedIn, call_id: int, given: SelfScoreIn) -> SelfScoreOut:
    made = selfscore.save(store, user, call_id, given.steps, given.strength, given.change)
    return SelfScoreOut.model_validate(made)


@router.post("/calls/{call_id}/self-score/share")
def share_self_score(store: StoreHere, user: SignedIn, call_id: int, given: ShareIn) -> SelfScoreOut:
    return SelfScoreOut.model_validate(selfscore.share(store, user, call_id, given.shared))


@router.post("/blind")
def draw_blind(store: StoreHere, user: SignedIn) -> BlindOut:
    """The call you are to score: the open one, else a new one. 404 where none is left."""
    return _blind(store, user, blind.draw(store, user).id)


@router.get("/blind/{blind_id}")
def get_blind(store: StoreHere, user: SignedIn, blind_id: int) -> BlindOut:
    return _blind(store, user, blind_id)


@router.get("/blind/{blind_id}/audio", response_class=Response)
def get_blind_audio(store: StoreHere, settings: SettingsHere, user: SignedIn, blind_id: int) -> FileResponse:
    """The recording's bytes; ranges are answered."""
    return playable(settings, blind.call_of(store, user, blind_id))


@router.post("/blind/{blind_id}")
def score_blind(store: StoreHere, user: SignedIn, blind_id: int, given: BlindIn) -> BlindOut:
    criteria = {
        (skill, name): value for key, value in given.criteria.items() for skill, _, name in [key.partition("/")]
    }
    blind.score(store, user, blind_id, Given(given.skills, criteria, given.focus, given.needed, given.note))
    return _blind(store, user, blind_id)


@router.post("/blind/{blind_id}/pass", status_code=204)
def pass_blind(store: StoreHere, user: SignedIn, blind_id: int) -> None:
    blind.put_aside(store, user, blind_id)


@router.get("/honesty")
def get_agreement(
    store: StoreHere,
    user: SignedIn,
    mine: bool = False,
    since: datetime | None = None,
    until: datetime | None = None,
) -> HonestyOut:
    """How far machine and leads agree on calls scored blind, and leads with each other."""
    wanted = ScoreFilters(mine, since, until)
    return HonestyOut(
        machine=[AgreementOut.model_validate(one) for one in agreement.with_machine(store, user, wanted)],
        leads=[AgreementOut.model_validate(one) for one in agreement.among_leads(store, user, wanted)],
        criteria=[AgreementOut.model_validate(one) for one in agreement.criteria(store, user, wanted)],
    )


@router.get("/honesty/calls")
def list_agreement_calls(
    store: StoreHere,
    user: SignedIn,
    skill: str,
    criterion: str = "",
    against: Against = "machine",
    mine: bool = False,
    since: datetime | None = None,
    until: datetime | None = None,
    page: Annotated[int, Query(ge=1)] = 1,
) -> PairsPage:
    """The calls behind a number, those that differ most first."""
    wanted = ScoreFilters(mine, since, until)
    return PairsPage.model_validate(agreement.pairs(store, user, skill, criterion, against, wanted, page=page))


@router.get("/campaigns/{campaign}/labels", response_class=Response)
def export_labels(store: StoreHere, user: SignedIn, campaign: str, names: bool = False) -> Response:
    """Calls scored blind as labelled calls, in a zip archive that `assist evaluate` reads once unpacked."""
    return Response(labels.export(store, user, campaign, names=names).zipped(), media_type="application/zip")


def _ruling(judged: Judged, given: RulingIn) -> Ruling:
    start, end = _seconds(judged, given.turn) if given.turn is not None else (None, None)
    return Ruling.from_dict(given.model_dump(exclude={"turn"}) | {"start": start, "end": end})


def _seconds(judged: Judged, turn: int) -> tuple[float, float]:
    found = next((one for one in judged.transcript.turns if one.id == turn), None)
    if found is None:
        raise DoesNotFit
    return found.start, found.end


def _verdict(one: Ruled) -> VerdictOut:
    shown = {name: getattr(one, name) for name in VerdictOut.model_fields if name not in ("finding", "ruling")}
    return VerdictOut(finding=one.name, ruling=one.ruling.to_dict(), **shown)


def _dispute(one: Dispute) -> DisputeOut:
    shown = {name: getattr(one, name) for name in DisputeOut.model_fields if name != "finding"}
    return DisputeOut(finding=one.name, **shown)


def _blind(store: StoreHere, user: SignedIn, blind_id: int) -> BlindOut:
    found = blind.get(store, user, blind_id)
    done = found.state == "scored"
    marks = [MarkOut.model_validate(one) for one in blind.marks(store, found.id)] if done else []
    return BlindOut(id=found.id, state=found.state, call_id=found.call_id if done else None, marks=marks)
