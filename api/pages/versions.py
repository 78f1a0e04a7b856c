"""The versions of a campaign and what is on its way: drafts, reviews, what begins tomorrow; taking back."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api.context import SignedIn, StoreHere
from api.forms import begin_of
from api.render import page
from api.views.versions import version_rows
from assist.calls import nameless
from assist.errors import NotFound
from assist.people import access
from assist.people.users import User
from assist.store import Store, drafts, libraries, second_person

router = APIRouter()


@router.get("/library/{campaign}/versions")
def show(request: Request, store: StoreHere, user: SignedIn, campaign: str, closed: bool = False) -> Response:
    access.require(user, "library.foresee")
    versions = libraries.seen(store, user, campaign)
    known = drafts.listing(store, user, campaign, closed=closed)
    if not versions and not known:
        raise NotFound
    return page(
        request,
        "library_versions.html",
        campaign=campaign,
        title=_title(store, user, campaign),
        rows=version_rows(versions),
        reviews=[draft for draft in known if draft.state == "in-review"],
        drafts=[draft for draft in known if draft.state == "draft"],
        put_by=[draft for draft in known if draft.state in ("published", "discarded")],
        titled=bool(versions),
        editors_read=nameless.allowed(store, campaign),
        second_person=second_person.needed(store, f"library:{campaign}"),
        may={right: access.allows(user, f"library.{right}") for right in ("draft", "publish", "review", "rules")},
    )


@router.post("/library/{campaign}/versions/{version_id}/roll-back")
def roll_back(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    campaign: str,
    version_id: int,
    begin: Annotated[str, Form()] = "now",
    in_force_from: Annotated[str, Form()] = "",
    note: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """An earlier version's text again, as a new version."""
    libraries.seen_version(store, user, version_id)
    libraries.roll_back(store, user, version_id, begin_of(begin, in_force_from, store.settings.zone), note)
    return RedirectResponse(f"/library/{campaign}/versions", 303)


@router.post("/library/{campaign}/versions/{version_id}/withdraw")
def withdraw(store: StoreHere, user: SignedIn, campaign: str, version_id: int) -> Response:
    libraries.withdraw(store, user, version_id)
    return RedirectResponse(f"/library/{campaign}/versions", 303)


@router.post("/library/{campaign}/rules")
def rules(store: StoreHere, user: SignedIn, campaign: str, on: Annotated[str, Form()] = "") -> Response:
    """Whether a second person has to publish here."""
    second_person.demand(store, user, f"library:{campaign}", on == "1")
    return RedirectResponse(f"/library/{campaign}/versions", 303)


def _title(store: Store, user: User, campaign: str) -> str:
    """Of the campaign, or where it has no version yet of its newest draft."""
    known = next((one.title for one in libraries.campaigns(store) if one.id == campaign), "")
    return known or drafts.library(store, user, drafts.listing(store, user, campaign, closed=True)[0].id).title
