"""The rules by which calls are flagged."""

import json
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.context import SettingsHere, SignedIn, StoreHere
from api.routes.draft_schemas import DraftOut
from api.routes.insight import TrialOut
from api.routes.schemas import Schema
from assist.analysis import rubric as rubrics
from assist.analysis.rule_text import with_rules
from assist.coaching import preview, rules
from assist.people import access
from assist.store import drafts

router = APIRouter()


class HitsOut(Schema):
    """`value` is null where there are fewer than ten judgements; `interval` is the 95 % one."""

    useful: int
    false_alarms: int
    value: float | None
    interval: tuple[float, float]


class BarOut(Schema):
    weeks: int
    below: float | None
    turns: int | None


class RuleOut(Schema):
    rule: str
    version: str
    on: bool
    severity: str
    below: float | None
    above: float | None
    turns: int
    days: list[int]
    tenure: list[BarOut]
    criterion: float | None
    times: int
    of: int
    share: float


class StandingOut(Schema):
    rule: RuleOut
    hits: HitsOut
    waiting: int


class RulesOut(Schema):
    """`version` names the rubric in force by its content, `number` its published version (null: the one that comes with
    Assist)."""

    version: str
    number: int | None
    standings: list[StandingOut]


class RulesIn(Schema):
    """Rules as a rubric file has them ({"rule": "skill-low", "below": 45}); those left out are no longer there.
    `based_on` is the draft's revision they were made from."""

    rules: list[dict[str, Any]]
    based_on: int


@router.get("/rules")
def get_rules(store: StoreHere, user: SignedIn) -> RulesOut:
    """The rules in force, and how often each was right."""
    return RulesOut.model_validate(rules.overview(store, user))


@router.post("/rules/drafts", status_code=201)
def begin_rules(store: StoreHere, user: SignedIn) -> DraftOut:
    """A draft of the rubric in force, or your open one. Publish it like any draft."""
    access.require(user, "rules.edit")
    return DraftOut.model_validate(rules.begin(store, user))


@router.put("/rules/drafts/{draft_id}")
def save_rules(store: StoreHere, user: SignedIn, draft_id: int, given: RulesIn) -> DraftOut:
    """Only the rules of the draft change; 409 where somebody saved meanwhile."""
    access.require(user, "rules.edit")
    bare = with_rules(drafts.source(store, user, draft_id, given.based_on), ())
    read = rubrics.load(bare.replace("flags: []\n", f"flags: {json.dumps(given.rules, ensure_ascii=False)}\n")).rules
    return DraftOut.model_validate(rules.save(store, user, draft_id, read, given.based_on))


@router.post("/rules/drafts/{draft_id}/previews", status_code=202)
def preview_rules(
    store: StoreHere,
    settings: SettingsHere,
    user: SignedIn,
    draft_id: int,
    since: datetime | None = None,
    until: datetime | None = None,
    sample: Annotated[int | None, Query(ge=1, le=5000)] = None,
) -> TrialOut:
    """Weighs past calls by the draft's rules, in the background; ask /api/trials for the result."""
    first, last = (at.replace(tzinfo=at.tzinfo or settings.zone) if at else None for at in (since, until))
    return TrialOut.model_validate(preview.begin(store, user, draft_id, first, last, sample))
