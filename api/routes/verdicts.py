"""What people say of findings: verdicts, disputes, scores of their own and blind ones, and how far all agree."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from starlette.responses import FileResponse

from api.audio import playable
from api.context import SettingsHere, SignedIn, StoreHere
from api.routes.schemas import SOUND, bytes_of
from api.routes.verdict_schemas import (
    AcceptIn,
    AddedIn,
    AgreementOut,
    BlindIn,
    BlindOut,
    DecisionIn,
    DisputeIn,
    DisputeOut,
    DisputesPage,
    FindingOut,
    HitRateOut,
    HonestyOut,
    MarkOut,
    PairsPage,
    RulingIn,
    SelfScoreIn,
    SelfScoreOut,
    ShareIn,
    VerdictIn,
    VerdictOut,
)
from assist import labels
from assist.analysis.verdicts import About, Ruling
from assist.calls import calls, traces
from assist.coaching import agreement, blind, disputes, named, selfscore, verdicts
from assist.coaching.agreement import Against
from assist.coaching.agreement import Filters as ScoreFilters
from assist.coaching.blind import Given
from assist.coaching.disputes import Dispute, Filters, State
from assist.coaching.judged import Judged, judged_call
from assist.coaching.verdicts import DoesNotFit, Ruled
from assist.errors import NotFound
from assist.people import access

router = APIRouter()


@router.get("/calls/{call_id}/findings")
def list_findings(store: StoreHere, user: SignedIn, call_id: int) -> list[FindingOut]:
    """What the machine found, each with the name by which people speak of it."""
    judged = judged_call(store, calls.get(store, user, call_id))
    return [
        FindingOut(
            name=one.name, kind=one.about.kind, id=one.about.id, start=one.about.start, end=one.about.end,
            title=one.title, quote=one.quote, state=dict(one.state),
        )
        for one in named.listing(judged.shown, judged.library)
    ]  # fmt: skip


@router.get("/calls/{call_id}/analysis/machine")
def get_machine_analysis(store: StoreHere, user: SignedIn, call_id: int) -> dict[str, Any]:
    """The analysis as the machine made it, without people's verdicts."""
    report = calls.machine_analysis(store, calls.get(store, user, call_id))
    if report is None:
        raise NotFound
    traces.taken_out(store, user, call_id)
    return report


@router.get("/calls/{call_id}/verdicts")
def list_verdicts(store: StoreHere, user: SignedIn, call_id: int) -> list[VerdictOut]:
    """All verdicts on a call, the latest first."""
    return [_verdict(one) for one in verdicts.history(store, calls.get(store, user, call_id).id)]


@router.post("/calls/{call_id}/verdicts")
def rule_on_finding(store: StoreHere, user: SignedIn, call_id: int, given: VerdictIn) -> VerdictOut:
    """Keep or change a finding; the call stands with the new scores at once. 409 where somebody was faster."""
    ruling = _ruling(judged_call(store, calls.get(store, user, call_id)), given.ruling)
    return _verdict(verdicts.rule(store, user, call_id, given.finding, ruling, given.reason, seen=given.seen))


@router.post("/calls/{call_id}/verdicts/added")
def add_finding(store: StoreHere, user: SignedIn, call_id: int, given: AddedIn) -> VerdictOut:
    judged = judged_call(store, calls.get(store, user, call_id))
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
    judged = judged_call(store, calls.get(store, user, found.call_id))
    made = disputes.decide(store, user, dispute_id, _ruling(judged, given.ruling), given.answer)
    return _verdict(made) if made else None


@router.post("/disputes/{dispute_id}/withdraw", status_code=204)
def withdraw_dispute(store: StoreHere, user: SignedIn, dispute_id: int) -> None:
    disputes.withdraw(store, user, dispute_id)


@router.get("/hit-rates")
def list_hit_rates(store: StoreHere, user: SignedIn, since: datetime | None = None) -> list[HitRateOut]:
    """How often people kept and overturned what rules, criteria and findings said."""
    access.require(user, "finding.rule")
    rates = verdicts.hit_rates(store, since, user).items()
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


@router.get("/blind/{blind_id}/audio", response_class=Response, responses=bytes_of(*SOUND))
def get_blind_audio(store: StoreHere, settings: SettingsHere, user: SignedIn, blind_id: int) -> FileResponse:
    """The recording's bytes; ranges are answered."""
    call = blind.call_of(store, user, blind_id)
    traces.heard(store, user, call.id)
    return playable(settings, call)


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


@router.get("/campaigns/{campaign}/labels", response_class=Response, responses=bytes_of("application/zip"))
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
