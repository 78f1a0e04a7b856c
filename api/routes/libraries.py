"""Libraries: campaigns, versions, the files themselves, publishing."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Body, Query, Response
from starlette.responses import PlainTextResponse

from api.context import SettingsHere, SignedIn, StoreHere
from api.routes.schemas import CampaignOut, VersionOut, bytes_of
from api.views.versions import campaigns_seen, exported
from assist.people import access
from assist.scripts.formats import exporting
from assist.store import libraries

router = APIRouter()


@router.get("/campaigns")
def list_campaigns(store: StoreHere, user: SignedIn) -> list[CampaignOut]:
    return [CampaignOut.model_validate(campaign) for campaign in campaigns_seen(store, user)]


@router.get("/campaigns/{campaign}/versions")
def list_versions(store: StoreHere, user: SignedIn, campaign: str) -> list[VersionOut]:
    return [VersionOut.model_validate(version) for version in libraries.seen(store, user, campaign)]


@router.get("/libraries/{version_id}", response_class=Response, responses=bytes_of("application/yaml"))
def get_library(store: StoreHere, user: SignedIn, version_id: int) -> PlainTextResponse:
    """The file of a version, as it was published (`assist-library/1`, YAML)."""
    return PlainTextResponse(
        libraries.source(store, libraries.seen_version(store, user, version_id).id), media_type="application/yaml"
    )


_FORMATS = ("application/yaml", *(kind.media_type.partition(";")[0] for kind in exporting.KINDS.values()))


@router.get("/libraries/{version_id}/export", response_class=Response, responses=bytes_of(*_FORMATS))
def export_library(
    store: StoreHere,
    user: SignedIn,
    version_id: int,
    kind: Annotated[str, Query(description="yaml, docx, xlsx or md")] = "yaml",
) -> Response:
    return exported(store, libraries.seen_version(store, user, version_id), kind)


@router.post("/libraries/{version_id}/roll-back", status_code=201)
def roll_back_library(
    store: StoreHere,
    settings: SettingsHere,
    user: SignedIn,
    version_id: int,
    in_force_from: datetime | None = None,
    note: Annotated[str, Query(max_length=500)] = "",
) -> VersionOut:
    """The text of an earlier version again, as a new one."""
    libraries.seen_version(store, user, version_id)
    if in_force_from is not None and in_force_from.tzinfo is None:
        in_force_from = in_force_from.replace(tzinfo=settings.zone)
    return VersionOut.model_validate(libraries.roll_back(store, user, version_id, in_force_from, note))


@router.post("/libraries/{version_id}/withdraw")
def withdraw_library(store: StoreHere, user: SignedIn, version_id: int) -> VersionOut:
    """Takes back a version that has not begun yet."""
    return VersionOut.model_validate(libraries.withdraw(store, user, version_id))


@router.post("/libraries", status_code=201)
def publish_library(
    store: StoreHere,
    settings: SettingsHere,
    user: SignedIn,
    source: Annotated[bytes, Body(media_type="application/yaml", max_length=2 * 1024 * 1024)],
    in_force_from: datetime | None = None,
    note: Annotated[str, Query(max_length=500)] = "",
) -> VersionOut:
    """Publish a version of the campaign the file names. A mistake is told with its line, and nothing changes."""
    access.require(user, "library.publish")
    if in_force_from is not None and in_force_from.tzinfo is None:
        in_force_from = in_force_from.replace(tzinfo=settings.zone)
    return VersionOut.model_validate(libraries.publish(store, source, user, in_force_from, note))
