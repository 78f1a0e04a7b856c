"""What the JSON API speaks. Times are ISO 8601 with zone, spans seconds, scores 0–100 (null: no occasion)."""

from datetime import date, datetime
from typing import Any

from pydantic import Base64Bytes, BaseModel, ConfigDict

from assist.calls.calls import Call


class Schema(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ProblemDetail(Schema):
    code: str
    message: str


class Problem(Schema):
    error: ProblemDetail


SOUND = ("audio/*", "application/octet-stream")


def bytes_of(*kinds: str) -> dict[int | str, dict[str, Any]]:
    """What a route says of an answer that is a file of one of these media types."""
    return {200: {"description": "The file", "content": {kind: {} for kind in kinds}}}


class Scores(Schema):
    opening: int | None
    questioning: int | None
    rejection_handling: int | None
    overall: int | None


class CallOut(Schema):
    id: int
    sha256: str
    file_name: str
    agent_id: int | None
    agent: str
    team: str
    campaign: str | None
    called_at: datetime
    direction: str
    customer: str
    uploaded_at: datetime
    state: str
    progress: float
    failure: ProblemDetail | None
    seconds: float | None
    layout: str | None
    library_version: int | None
    scores: Scores
    outcome: str | None
    focus: str | None
    priority: int | None
    flag_count: int
    held: bool
    seen: bool


class Received(Schema):
    """`created` is false where these bytes had come in before: the call is that earlier one."""

    call: CallOut
    created: bool


class CallsPage(Schema):
    calls: list[CallOut]
    total: int
    page: int
    pages: int


class PreviewIn(Schema):
    """`manifest` is the CSV file in base64: Excel writes GBK as often as UTF-8."""

    names: list[str]
    manifest: Base64Bytes | None = None


class FileDetails(Schema):
    """What manifest and file name tell of a file; `facts` says it in one line in the reader's language."""

    name: str
    facts: str
    manifest: dict[str, str]


class PreviewOut(Schema):
    files: list[FileDetails]


class ExampleOut(Schema):
    call_id: int
    called_at: datetime
    turn: int | None
    start: float | None
    quote: str
    why: str


class FlagOut(Schema):
    """`about` is a skill or skill/criterion, `rubric` the version of the rules that made the flag; `examples` show a
    weakness that repeats. An empty `rule`: no rule flagged the call, the reason is its weakest skill."""

    rule: str
    severity: str
    reason: str
    turn: int | None
    start: float | None
    quote: str
    about: str = ""
    rubric: str = ""
    examples: list[ExampleOut] = []


class QueueCall(Schema):
    call_id: int
    called_at: datetime
    campaign_title: str
    seconds: float | None
    overall: int | None
    focus: str
    priority: int
    flags: list[FlagOut]
    claimed_by: str
    kind: str
    queued_at: datetime
    assigned_to_id: int | None
    assigned_to: str
    snoozed_until: datetime | None
    snooze_reason: str
    folded: int


class QueueAgent(Schema):
    """`total` items wait about this agent, the oldest since `oldest`; `calls` are the most urgent of them."""

    agent_id: int
    agent: str
    team: str
    priority: int
    calls: list[QueueCall]
    total: int
    oldest: datetime | None


class QueueItemOut(QueueCall):
    agent_id: int
    agent: str


class LoadOut(Schema):
    """Without `lead_id`: what nobody holds."""

    lead_id: int | None
    name: str
    team: str
    items: int
    later: int
    oldest: datetime | None
    done: int
    dismissed: int


class AssignIn(Schema):
    """`lead_id` null: nobody in particular."""

    lead_id: int | None


class SnoozeIn(Schema):
    until: datetime
    reason: str


class Note(Schema):
    note: str = ""


class Reason(Schema):
    reason: str


class DismissIn(Reason):
    """`kind`: false-alarm, already-discussed or not-worth. A false alarm counts against `rules`, without them against
    all that flagged the call."""

    kind: str = "not-worth"
    rules: list[str] | None = None


class CampaignOut(Schema):
    id: str
    title: str
    current: int | None


class VersionOut(Schema):
    id: int
    campaign: str
    number: int
    sha256: str
    in_force_from: datetime
    note: str
    published_by: str
    published_at: datetime
    withdrawn_at: datetime | None = None


class PersonOut(Schema):
    id: int
    login: str
    name: str
    role: str
    team: str
    language: str
    joined_on: date | None
    active: bool


class PersonIn(Schema):
    """`password` is for the first sign-in; the person chooses another then."""

    login: str
    name: str
    role: str
    password: str
    team: str | None = None
    joined_on: date | None = None


class Health(Schema):
    status: str
    version: str


class Readiness(Schema):
    """`status` is ready, degraded (recordings are taken in, nobody works on them) or unready; `checks` says of each
    part ok, or in a word what it lacks."""

    status: str
    checks: dict[str, str]


class AuditEntry(Schema):
    """`detail` holds ids, numbers and codes. Without `user_id` it was the command line or the worker."""

    id: int
    at: datetime
    user_id: int | None
    login: str
    action: str
    object: str
    detail: dict[str, Any]


class AuditPage(Schema):
    entries: list[AuditEntry]
    total: int
    more: bool
    page: int
    pages: int


class AuditHead(Schema):
    """`hash` is in hexadecimal; 0 and empty where nothing was written down yet."""

    entry: int
    hash: str


def call_out(call: Call, language: str) -> CallOut:
    """A call as the API tells it, its failure in the reader's language."""
    failure = {"code": call.failure.code, "message": call.failure.text(language)} if call.failure else None
    plain: dict[str, Any] = {name: getattr(call, name) for name in CallOut.model_fields if hasattr(call, name)}
    return CallOut.model_validate(plain | {"failure": failure, "scores": Scores.model_validate(call)})
