"""What the JSON API speaks of drafts of talk tracks: their changes, comparisons, overlaps, problems and imports."""

from datetime import datetime

from api.routes.schemas import Problem, Schema


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
