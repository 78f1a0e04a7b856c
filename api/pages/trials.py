"""Trying a draft on past calls before it is published."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api.context import DeskHere, SignedIn, StoreHere
from api.errors import status_of
from api.forms import past_of
from api.language import language
from api.render import page
from assist import trials
from assist.engine import STANDARD
from assist.errors import AssistError, InputError, NotFound
from assist.people import access
from assist.people.users import User
from assist.scripts.library import Library
from assist.store import Store, drafts
from assist.store.drafts import Draft
from assist.texts import translate

router = APIRouter()

SAMPLES = (50, 200, 1000)


@router.get("/drafts/{draft_id}/trial")
def show(request: Request, store: StoreHere, user: SignedIn, draft_id: int) -> Response:
    """The last trial and how far it is; alone where the page asks for news of it."""
    access.require(user, "library.insight")
    draft = drafts.get(store, user, draft_id)
    return _page(request, store, user, draft, block="trial" if "hx-request" in request.headers else None)


@router.post("/drafts/{draft_id}/trial")
def begin(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    desk: DeskHere,
    draft_id: int,
    since: Annotated[str, Form()] = "",
    until: Annotated[str, Form()] = "",
    sample: Annotated[str, Form()] = "",
) -> Response:
    draft = drafts.get(store, user, draft_id)
    try:
        past = past_of(since, until, sample, store.settings.zone)
        trials.begin(
            store,
            user,
            draft_id,
            desk.engine,
            spread=STANDARD,
            since=past.since,
            until=past.until,
            sample=past.sample,
        )
    except InputError as error:
        return _page(request, store, user, draft, error=error)
    return RedirectResponse(f"/drafts/{draft_id}/trial", 303)


@router.post("/drafts/{draft_id}/trial/{trial_id}/cancel")
def cancel(store: StoreHere, user: SignedIn, draft_id: int, trial_id: int) -> Response:
    if trials.get(store, user, trial_id).draft_id != draft_id:
        raise NotFound
    trials.cancel(store, user, trial_id)
    return RedirectResponse(f"/drafts/{draft_id}/trial", 303)


def _page(
    request: Request,
    store: Store,
    user: User,
    draft: Draft,
    *,
    block: str | None = None,
    error: AssistError | None = None,
) -> Response:
    tag = language(request)
    library = drafts.library(store, user, draft.id)
    trial = trials.latest(store, user, draft.id)
    return page(
        request,
        "draft_trial.html",
        block=block,
        status=status_of(error) if error else 200,
        draft=draft,
        library=library,
        names=_names(library),
        trial=trial,
        failure=translate(trial.failure, tag) if trial and trial.failure else "",
        samples=SAMPLES,
        wrong=error.text(tag) if error else "",
    )


def _names(library: Library) -> dict[tuple[str, str], str]:
    """Titles by kind and id, as the differences of a trial name them."""
    names = {("point", point.id): point.title for _, point in library.points()}
    names |= {("objection", entry.objection): entry.title for entry in library.playbook}
    return names | {("forbidden", item.id): item.title for item in library.forbidden}
