"""Libraries: campaigns, versions, the files themselves, publishing."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Body, Query, Response
from starlette.responses import PlainTextResponse

from api.context import SettingsHere, SignedIn, StoreHere
from api.routes.schemas import CampaignOut, VersionOut
from api.views.versions import campaigns_seen
from assist.people import access
from assist.store import libraries

router = APIRouter()


@router.get("/campaigns")
def list_campaigns(store: StoreHere, user: SignedIn) -> list[CampaignOut]:
    return [CampaignOut.model_validate(campaign) for campaign in campaigns_seen(store, user)]


@router.get("/campaigns/{campaign}/versions")
def list_versions(store: StoreHere, user: SignedIn, campaign: str) -> list[VersionOut]:
    return [VersionOut.model_validate(version) for version in libraries.seen(store, user, campaign)]


@router.get("/libraries/{version_id}", response_class=Response)
def get_library(store: StoreHere, user: SignedIn, version_id: int) -> PlainTextResponse:
    """The file of a version, as it was published (`assist-library/1`, YAML)."""
    return PlainTextResponse(
        libraries.source(store, libraries.seen_version(store, user, version_id).id), media_type="application/yaml"
    )


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
