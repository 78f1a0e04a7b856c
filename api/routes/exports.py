"""Findings for a warehouse: what changed since a watermark, table by table."""

import io
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response

from api.context import SignedIn, StoreHere
from api.routes.schemas import Schema
from assist.exports import changes, exporting
from assist.exports.changes import Asked
from assist.exports.tables import FORMAT, TABLES, What
from assist.exports.writing import CsvWriter

router = APIRouter()

MOST = 500


class ChangedOut(Schema):
    """Rows of the calls that changed after `after`; ask again with `after` = `watermark` while there is `more`, and the
    next day go on from there."""

    format: Literal["assist-export/1"] = FORMAT
    table: What
    rows: list[dict[str, Any]]
    watermark: int
    more: bool


@router.get(
    "/findings/{what}",
    response_model=ChangedOut,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
def get_changed_findings(
    store: StoreHere,
    user: SignedIn,
    what: What,
    after: Annotated[int, Query(ge=0, le=2**62)] = 0,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: Annotated[int, Query(ge=1, le=MOST, description="Calls, not rows")] = 200,
    form: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
) -> ChangedOut | Response:
    """One table of findings, without personal data in its quotes. `docs/export.md` tells the columns.

    As CSV the watermark is in the header `Assist-Watermark`, and `Assist-More` says 1 while there is more.
    """
    zone = store.settings.zone
    asked = Asked(what, after, _placed(since, zone), _placed(until, zone))
    found = changes.batch(store, user, asked, changes.last(store), limit)
    exporting.note(store, user, asked, len(found.rows))
    if form == "json":
        return ChangedOut(table=what, rows=list(found.rows), watermark=found.watermark, more=found.more)
    out = io.StringIO(newline="")
    CsvWriter(out, TABLES[what]).write(found.rows)
    headers = {"Assist-Watermark": str(found.watermark), "Assist-More": str(int(found.more))}
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _placed(at: datetime | None, zone: Any) -> datetime | None:
    """A time without a zone is in that of the settings."""
    return at.replace(tzinfo=zone) if at is not None and at.tzinfo is None else at
