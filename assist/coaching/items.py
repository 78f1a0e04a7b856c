"""What lies in the queue: flags with their moments, calls, agents."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["coach", "good", "sample"]
"""coach: worth a talk. good, sample: for the quiet hour."""
KINDS: tuple[Kind, ...] = ("coach", "good", "sample")
View = Literal["all", "free", "mine", "later"]
VIEWS: tuple[View, ...] = ("all", "free", "mine", "later")

SEVERITY = {"critical": 3, "major": 2, "minor": 1}
"""How bad a flag is, as calls.severity and queue_items.severity hold it (0: no flag)."""


@dataclass(frozen=True, slots=True)
class Example:
    """A call in which a repeated weakness shows clearly, and the moment to hear."""

    call_id: int
    called_at: datetime
    turn: int | None
    start: float | None
    quote: str
    why: str


@dataclass(frozen=True, slots=True)
class FlagItem:
    """Why the call is in the queue, and where to listen: `turn` and `start` (seconds) are None where the flag is about
    the whole call. `about` is a skill, or skill/criterion; `rubric` the version of the rules that made the flag."""

    rule: str
    severity: str
    reason: str
    turn: int | None
    start: float | None
    quote: str
    about: str = ""
    rubric: str = ""
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class CallItem:
    """One call in the queue, its worst flag first; without flags, one without a rule says what is weakest.

    `claimed_by` and `assigned_to` are people's names, empty without one. `folded` more calls show the same weakness and
    wait with this one.
    """

    call_id: int
    called_at: datetime
    campaign_title: str
    file_name: str
    seconds: float | None
    overall: int | None
    focus: str
    priority: int
    queued_at: datetime
    flags: tuple[FlagItem, ...]
    claimed_by_id: int | None
    claimed_by: str
    kind: Kind = "coach"
    agent_id: int = 0
    agent: str = ""
    assigned_to_id: int | None = None
    assigned_to: str = ""
    snoozed_until: datetime | None = None
    snooze_reason: str = ""
    folded: int = 0

    @property
    def moment(self) -> FlagItem | None:
        """The first flag that has a place to hear."""
        return next((flag for flag in self.flags if flag.start is not None), None)


@dataclass(frozen=True, slots=True)
class AgentItem:
    """What there is to talk about with one agent: the most urgent calls first, `total` in all. `oldest` is when the one
    that waits longest came in."""

    agent_id: int
    agent: str
    team: str
    calls: tuple[CallItem, ...]
    total: int = 0
    oldest: datetime | None = None

    @property
    def priority(self) -> int:
        return self.calls[0].priority

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reasons of the most urgent call."""
        return tuple(flag.reason for flag in self.calls[0].flags)


@dataclass(frozen=True, slots=True)
class Filters:
    """All optional. `days` or older; `holder_id` has claimed it or was given it; pages count agents."""

    agent_id: int | None = None
    rule: str | None = None
    severity: str | None = None
    days: int | None = None
    holder_id: int | None = None
    view: View = "all"
    kind: Kind = "coach"
    page: int = 1
    per_page: int = 10
    per_agent: int = 4


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of agents. `items` and `people` count all that match; `views` and `kinds` what each other view of the
    same filters, and each kind, would show."""

    agents: list[AgentItem]
    people: int
    items: int
    oldest: datetime | None
    page: int
    pages: int
    views: dict[View, int]
    kinds: dict[Kind, int]


@dataclass(frozen=True, slots=True)
class Load:
    """What a lead holds and has closed lately; without `lead_id` what nobody holds."""

    lead_id: int | None
    name: str
    team: str
    items: int
    later: int
    oldest: datetime | None
    done: int
    dismissed: int
