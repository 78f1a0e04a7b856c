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


class FlagOut(Schema):
    rule: str
    severity: str
    reason: str
    turn: int | None
    start: float | None
    quote: str


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


class QueueAgent(Schema):
    agent_id: int
    agent: str
    team: str
    priority: int
    calls: list[QueueCall]


class Note(Schema):
    note: str = ""


class Reason(Schema):
    reason: str


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


def call_out(call: Call, language: str) -> CallOut:
    """A call as the API tells it, its failure in the reader's language."""
    failure = {"code": call.failure.code, "message": call.failure.text(language)} if call.failure else None
    plain: dict[str, Any] = {name: getattr(call, name) for name in CallOut.model_fields if hasattr(call, name)}
    return CallOut.model_validate(plain | {"failure": failure, "scores": Scores.model_validate(call)})
