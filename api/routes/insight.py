"""What calls say about a talk track: what works, what is missing, how a draft would judge them, what to say."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.context import DeskHere, SettingsHere, SignedIn, StoreHere
from api.routes.schemas import Schema
from assist import trials
from assist.calls import gaps as missing
from assist.calls import works as working
from assist.calls.works import Selection
from assist.engine import STANDARD
from assist.errors import NotFound
from assist.store import libraries

router = APIRouter()


class RateOut(Schema):
    """`hits` of `total`, with the 95 % interval; `value` is null where the calls are too few for a share."""

    hits: int
    total: int
    value: float | None
    interval: tuple[float, float]


class WordingWorksOut(Schema):
    """An empty text: in the agents' own words."""

    text: str
    said: RateOut
    agreed: RateOut
    stays: RateOut
    objection_next: RateOut


class PointWorksOut(Schema):
    """`claim`: a next step is agreed `more` or `less` often where the point is said; empty where it cannot be told."""

    id: str
    title: str
    stage: str
    said: RateOut
    agreed_said: RateOut
    agreed_missed: RateOut
    claim: str
    stays: RateOut
    objection_next: RateOut
    wordings: list[WordingWorksOut]


class EntryWorksOut(Schema):
    objection: str
    title: str
    calls: RateOut
    answered: RateOut
    resolved: RateOut


class WorksOut(Schema):
    calls: int
    points: list[PointWorksOut]
    entries: list[EntryWorksOut]


class SaidOut(Schema):
    """`call_id` is null where the call is not shared with you."""

    call_id: int | None
    turn: int
    start: float
    quote: str


class GapOut(Schema):
    """`taken_for`: the entry the calls put it under though it is far from its examples, `other` where none."""

    title: str
    taken_for: str
    times: int
    calls: int
    said: list[SaidOut]


class TrialOut(Schema):
    """`done` of `total` calls are judged; `result` is there once `state` is done."""

    id: int
    draft_id: int
    revision: int
    begun_by: str
    begun_at: datetime
    state: str
    done: int
    total: int
    failure: str
    result: dict[str, Any] | None


class StepOut(Schema):
    step: str
    title: str
    say: list[str]


class EntryOut(Schema):
    objection: str
    title: str
    respond: list[StepOut]


class SuggestedOut(Schema):
    """An entry, the example it was known by, and how well it fits (0–1)."""

    entry: EntryOut
    example: str
    fit: float


class AdviceOut(Schema):
    version: int
    suggested: list[SuggestedOut]


@router.get("/campaigns/{campaign}/works")
def what_works(
    store: StoreHere,
    settings: SettingsHere,
    user: SignedIn,
    campaign: str,
    since: datetime | None = None,
    until: datetime | None = None,
    version_id: int | None = None,
    team_id: int | None = None,
    agent_id: int | None = None,
) -> WorksOut:
    """How often each point and wording is said, and what goes together with it, in the judged calls you may count."""
    version = libraries.seen_version(store, user, version_id) if version_id else None
    version = version or libraries.in_force_for(store, user, campaign)
    if version is None or version.campaign != campaign:
        raise NotFound
    first, last = (at.replace(tzinfo=at.tzinfo or settings.zone) if at else None for at in (since, until))
    chosen = Selection(first, last, version_id, team_id, agent_id)
    library = libraries.library(store, version.id)
    return WorksOut.model_validate(working.works(store, user, campaign, library, chosen))


@router.get("/campaigns/{campaign}/gaps")
def what_is_missing(
    store: StoreHere, settings: SettingsHere, user: SignedIn, campaign: str, since: datetime | None = None
) -> list[GapOut]:
    """What customers object to and no entry covers, grouped by meaning, the largest group first."""
    libraries.campaign(store, campaign)
    first = since.replace(tzinfo=since.tzinfo or settings.zone) if since else None
    return [GapOut.model_validate(gap) for gap in missing.gaps(store, user, campaign, first)]


@router.get("/campaigns/{campaign}/ask")
def what_to_say(desk: DeskHere, user: SignedIn, campaign: str, q: Annotated[str, Query(max_length=200)]) -> AdviceOut:
    """The entries of the version in force for a sentence in the customer's words, by meaning."""
    advice = desk.ask(user, campaign, q)
    suggested = [SuggestedOut.model_validate(one) for one in advice.suggested]
    return AdviceOut(version=advice.version.number, suggested=suggested)


@router.post("/drafts/{draft_id}/trials", status_code=202)
def try_draft(
    store: StoreHere,
    settings: SettingsHere,
    user: SignedIn,
    desk: DeskHere,
    draft_id: int,
    since: datetime | None = None,
    until: datetime | None = None,
    sample: Annotated[int | None, Query(ge=1, le=5000)] = None,
) -> TrialOut:
    """Judges past calls by a draft, in the background; the calls keep their judgement."""
    first, last = (at.replace(tzinfo=at.tzinfo or settings.zone) if at else None for at in (since, until))
    begun = trials.begin(store, user, draft_id, desk.engine, spread=STANDARD, since=first, until=last, sample=sample)
    return TrialOut.model_validate(begun)


@router.get("/trials/{trial_id}")
def get_trial(store: StoreHere, user: SignedIn, trial_id: int) -> TrialOut:
    return TrialOut.model_validate(trials.get(store, user, trial_id))


@router.post("/trials/{trial_id}/cancel")
def cancel_trial(store: StoreHere, user: SignedIn, trial_id: int) -> TrialOut:
    return TrialOut.model_validate(trials.cancel(store, user, trial_id))
