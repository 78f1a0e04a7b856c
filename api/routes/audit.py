"""The audit for machines: pages of entries, all of them as a stream, and where it ends."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from api import audit_filters
from api.context import SettingsHere, SignedIn, StoreHere
from api.pages.audit import exported
from api.routes.schemas import AuditEntry, AuditHead, AuditPage
from assist.config import Settings
from assist.people import access, audit_files, audit_list
from assist.people.audit_files import Kind
from assist.people.audit_list import Filters
from assist.store import audit_head

router = APIRouter()


class Asked(BaseModel):
    """All optional; days are of the site's zone, and both count."""

    person: str = Field("", max_length=12, description="Id of a person; 0 is the command line and the worker")
    action: str = Field("", max_length=100, description="As call.open")
    object: str = Field("", max_length=100, description="As call:12")
    since: str = Field("", max_length=10, description="As 2026-11-22")
    until: str = Field("", max_length=10, description="As 2026-11-22")


class PageAsked(Asked):
    page: int = Field(1, ge=1, le=1_000_000)
    per_page: int = Field(50, ge=1, le=audit_list.MOST_PER_PAGE)


class FileAsked(Asked):
    format: Kind = "jsonl"


@router.get("/audit")
def list_audit(
    store: StoreHere, settings: SettingsHere, user: SignedIn, asked: Annotated[PageAsked, Query()]
) -> AuditPage:
    """Entries, the latest first; with `more` there are more than `total`: narrow the time."""
    found = audit_list.listing(store, user, _filters(asked, settings, asked.page, asked.per_page))
    return AuditPage(
        entries=[AuditEntry.model_validate(audit_files.as_dict(entry)) for entry in found.entries],
        total=found.total,
        more=found.more,
        page=found.page,
        pages=found.pages,
    )


@router.get("/audit/export", response_class=Response)
def export_audit(
    store: StoreHere, settings: SettingsHere, user: SignedIn, asked: Annotated[FileAsked, Query()]
) -> Response:
    """All entries that match, the first one first, each with its hash. That they were taken out is an entry too."""
    return exported(store, user, _filters(asked, settings), asked.format)


@router.get("/audit/head")
def get_audit_head(store: StoreHere, user: SignedIn) -> AuditHead:
    """The last entry and its hash. Keep them elsewhere from time to time: then nobody on this machine can take out or
    rewrite what came before without your seeing it."""
    access.require(user, "audit.read")
    last = audit_head.last_of(store)
    return AuditHead(entry=last.entry if last else 0, hash=last.hash.hex() if last else "")


def _filters(asked: Asked, settings: Settings, page: int = 1, per_page: int = 50) -> Filters:
    return audit_filters.filters_of(asked.model_dump(), settings.zone, str(page), per_page)
