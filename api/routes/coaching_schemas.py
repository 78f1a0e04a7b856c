"""What the JSON API says of one-on-ones."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from api.routes.schemas import Schema
from assist.coaching import agreements, sessions

Words = Annotated[str, Field(max_length=sessions.MOST_WORDS)]


class ReminderOut(Schema):
    """`kind`: returned, planned, to-sign, ending, unsigned. `state` is that of an agreement that came back."""

    kind: str
    agent_id: int
    agent: str
    session_id: int
    action_id: int | None
    at: datetime
    behaviour: str
    state: str


class LineOut(Schema):
    """A criterion over the agent's recent calls: met in `met` of `calls` with an occasion; `points` it costs a call."""

    skill: str
    criterion: str
    title: str
    measure: str
    met: int
    calls: int
    team_met: int
    team_calls: int
    points: float
    queued: int


class ClipOut(Schema):
    """`good`: how it is done well."""

    call_id: int
    called_at: datetime
    start: float
    end: float
    speaker: str
    quote: str
    reason: str
    good: bool


class SayOut(Schema):
    source: str
    title: str
    say: str
    call_id: int | None
    start: float | None


class ReadingOut(Schema):
    """A call and its value: 1 done, 0 not done, or a score. `start`: the second that shows it."""

    call_id: int
    called_at: datetime
    value: float
    start: float | None


class ActionOut(Schema):
    """`state`: open, kept, not-kept, unclear; `returned`: back with the lead. Calls with since ≤ called_at < until."""

    id: int
    session_id: int
    agent_id: int
    agent: str
    lead_id: int
    lead: str
    skill: str
    behaviour: str
    measure: str
    measured: str
    since: datetime
    until: datetime
    state: str
    follows: int | None
    decided_at: datetime | None
    returned: bool
    settled_at: datetime | None
    settled_note: str


class SideOut(Schema):
    """`hits` of the calls done; `mean` of the values, null without calls."""

    calls: int
    days: int
    hits: int
    mean: float | None


class ChangeOut(Schema):
    """`low` to `high`: the 95 % interval of after less before, null where there are too few calls or days."""

    before: SideOut
    after: SideOut
    difference: float | None
    low: float | None
    high: float | None
    verdict: str


class ProgressOut(Schema):
    """`change` is null until the agreement is decided, once, from `decides_at` on."""

    action: ActionOut
    before: list[ReadingOut]
    after: list[ReadingOut]
    change: ChangeOut | None
    decides_at: datetime


class BriefOut(Schema):
    """What a lead takes into the talk. `change` and `say` are null where nothing comes up often enough."""

    agent_id: int
    agent: str
    since: datetime
    until: datetime
    calls: int
    strengths: list[LineOut]
    change: LineOut | None
    clips: list[ClipOut]
    say: SayOut | None
    last: ProgressOut | None
    questions: list[str]


class ChoiceOut(Schema):
    key: str
    title: str


class ChoiceGroupOut(Schema):
    title: str
    choices: list[ChoiceOut]


class NoteOut(Schema):
    """`call_id` and `start` are null for a note about no moment. A `remark` was added after the lead signed."""

    id: int
    call_id: int | None
    start: float | None
    quote: str
    words: str
    remark: bool
    written_by: str
    written_at: datetime


class SessionOut(Schema):
    """`state`: planned, held, signed (by both), cancelled."""

    id: int
    agent_id: int
    agent: str
    lead_id: int
    lead: str
    state: str
    planned_for: datetime | None
    held_at: datetime | None
    summary: str
    lead_signed_at: datetime | None
    agent_signed_at: datetime | None
    notes: list[NoteOut] = Field(default_factory=list)
    actions: list[ActionOut] = Field(default_factory=list)


class MomentIn(Schema):
    """A second of a call; without one, that of its worst flag."""

    call_id: int
    start: Annotated[float | None, Field(ge=0, le=86_400)] = None


class SessionIn(Schema):
    """With `planned_for` it is planned, else it begins: now, or at `held_at` where it is written up later."""

    moments: Annotated[list[MomentIn], Field(max_length=20, default_factory=list)]
    planned_for: datetime | None = None
    held_at: datetime | None = None


class HoldIn(Schema):
    held_at: datetime | None = None


class NoteIn(Schema):
    words: Words = ""
    moment: MomentIn | None = None


class WordsIn(Schema):
    words: Words


class ActionIn(Schema):
    """`measure` is one of the agent's measures; it lasts through the day `until`; `follows` is what it takes up."""

    behaviour: Annotated[str, Field(max_length=agreements.MOST_WORDS)]
    measure: str
    until: date
    follows: int | None = None
