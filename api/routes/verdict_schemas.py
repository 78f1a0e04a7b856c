"""What the JSON API speaks of verdicts, disputes, own and blind scores."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from api.routes.schemas import Schema
from assist.coaching.verdicts import LONGEST

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
