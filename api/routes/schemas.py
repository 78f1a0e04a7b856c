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


class DraftOut(Schema):
    """`based_on` and `published_version` are ids of library versions."""

    id: int
    about: str
    campaign: str
    name: str
    state: str
    revision: int
    based_on: int | None
    created_by: str
    created_at: datetime
    changed_by: str
    changed_at: datetime
    submitted_by: str
    submitted_at: datetime | None
    published_version: int | None


class ChangeOut(Schema):
    first_revision: int
    revision: int
    at: datetime
    by: str
    action: str
    note: str


class OverlapPairOut(Schema):
    text: str
    like: str
    likeness: float


class OverlapOut(Schema):
    """`item` and `other` are `point:ID`, `entry:ID`, `entry:ID/STEP`, `forbidden:ID` or `built-in:KIND`."""

    kind: str
    item: str
    title: str
    other: str | None
    other_title: str | None
    likeness: float | None
    pairs: list[OverlapPairOut]
    text: str


class ProblemOut(Schema):
    """`weight`: stops (publishing) or advice. `key` names the item: point:ID, entry:ID, forbidden:ID, stage:NUMBER."""

    key: str
    text: str
    weight: str


class ClashOut(Schema):
    """An item both changed; `key` is what `choices` name it by."""

    key: str
    kind: str
    title: str


class EditedMeanwhileOut(Problem):
    """Both texts, what they were made from, and the items both changed. Save again with `merge` and `choices`."""

    by: str
    revision: int
    base: str
    mine: str
    theirs: str
    clashes: list[ClashOut]


class WordsOut(Schema):
    op: str
    text: str


class RowOut(Schema):
    change: str
    old: str | None
    new: str | None
    words: list[WordsOut]


class FieldDiffOut(Schema):
    name: str
    change: str
    rows: list[RowOut]


class ItemDiffOut(Schema):
    kind: str
    id: str
    title: str
    change: str
    moved: bool
    was_in: str
    fields: list[FieldDiffOut]


class StageDiffOut(Schema):
    stage: str
    title: str
    change: str
    moved: bool
    fields: list[FieldDiffOut]
    points: list[ItemDiffOut]


class ComparisonOut(Schema):
    counts: dict[str, int]
    facts: list[FieldDiffOut]
    stages: list[StageDiffOut]
    playbook: list[ItemDiffOut]
    forbidden: list[ItemDiffOut]


class LineOut(Schema):
    """A line of an imported file: where it stands, and what it was taken for. What is not `sure` is a guess."""

    number: int
    place: str
    written: str
    text: str
    role: str
    sure: bool
    target: str


class ImportOut(Schema):
    """`library` is what was understood, as YAML (it may be incomplete): send it to POST /api/drafts to keep it."""

    kind: str
    library: str
    lines: list[LineOut]
    notices: list[str]
