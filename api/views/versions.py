"""The versions of a campaign as a page tells them: how each stands, until when, and what stood before it."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from starlette.responses import PlainTextResponse, Response

from assist.people import access
from assist.people.users import User
from assist.scripts.formats import exporting
from assist.store import Store, libraries
from assist.store.libraries import Campaign, LibraryVersion, Standing


@dataclass(frozen=True, slots=True)
class VersionRow:
    """`until`: when the next one takes over, None where none does. `before`: the id of the version it follows."""

    version: LibraryVersion
    standing: Standing
    until: datetime | None
    before: int | None


def campaigns_seen(store: Store, user: User) -> list[Campaign]:
    """Agents see a campaign once its first version is in force."""
    foresees = access.allows(user, "library.foresee")
    return [campaign for campaign in libraries.campaigns(store) if foresees or campaign.current is not None]


def exported(store: Store, version: LibraryVersion, kind: str) -> Response:
    """The file of a version. Raises NoSuchFormat, LibraryError."""
    if kind == "yaml":  # as it was published, with its comments
        return PlainTextResponse(libraries.source(store, version.id), media_type="application/yaml")
    content = exporting.write(libraries.library(store, version.id), kind)
    name = f"{version.campaign}-v{version.number}.{exporting.KINDS[kind].suffix}"
    headers = {"Content-Disposition": f"attachment; filename*=utf-8''{quote(name)}"}
    return Response(content, media_type=exporting.KINDS[kind].media_type, headers=headers)


def version_rows(versions: list[LibraryVersion]) -> list[VersionRow]:
    """In the order given, the newest first."""
    standing = libraries.standings(versions)
    line = sorted((one for one in versions if not one.withdrawn_at), key=lambda one: (one.in_force_from, one.number))
    after = dict(zip((one.id for one in line), line[1:], strict=False))
    before = {later.id: one.id for one, later in zip(line, line[1:], strict=False)}
    return [
        VersionRow(one, standing[one.id], after[one.id].in_force_from if one.id in after else None, before.get(one.id))
        for one in versions
    ]
