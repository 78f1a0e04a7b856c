"""From a draft to a version: handing in, sending back, taking in what came out meanwhile, publishing."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from api.context import SignedIn, StoreHere
from api.errors import status_of
from api.forms import begin_of
from api.language import language
from api.render import page
from api.views.problems import told
from assist.errors import AssistError, InputError
from assist.people import access
from assist.people.users import User
from assist.scripts.checks import check
from assist.scripts.compare import compare
from assist.scripts.library import Library
from assist.store import Store, draft_history, drafts, libraries, publishing, second_person
from assist.store.drafts import Draft

router = APIRouter()

Note = Annotated[str, Form(max_length=500)]
CORRECTABLE = (
    InputError,
    publishing.NewerPublished,
    publishing.NotReviewed,
    publishing.Moved,
    second_person.SecondPerson,
)


@router.post("/drafts/{draft_id}/submit")
def submit(request: Request, store: StoreHere, user: SignedIn, draft_id: int, note: Note = "") -> Response:
    try:
        drafts.submit(store, user, draft_id, note)
    except InputError as error:
        return review(request, store, user, drafts.get(store, user, draft_id), error)
    return RedirectResponse(f"/drafts/{draft_id}", 303)


@router.post("/drafts/{draft_id}/send-back")
def send_back(store: StoreHere, user: SignedIn, draft_id: int, note: Note = "") -> Response:
    """To its writer with a reason; a lead does not see it any more then."""
    draft = drafts.send_back(store, user, draft_id, note)
    seen = access.may_see_draft(user, state=draft.state)
    return RedirectResponse(f"/drafts/{draft_id}" if seen else _home(draft), 303)


@router.post("/drafts/{draft_id}/discard")
def discard(store: StoreHere, user: SignedIn, draft_id: int, note: Note = "") -> Response:
    return RedirectResponse(_home(drafts.discard(store, user, draft_id, note)), 303)


@router.post("/drafts/{draft_id}/again")
def again(store: StoreHere, user: SignedIn, draft_id: int) -> Response:
    """A new draft that begins with the text of this one."""
    old = drafts.get(store, user, draft_id)
    made = drafts.create(store, user, drafts.source(store, user, draft_id), old.name, based_on=old.based_on)
    return RedirectResponse(f"/drafts/{made.id}", 303)


@dataclass(frozen=True, slots=True)
class Publication:
    """The form that makes a draft a version: which revision was looked at, from when on, and why."""

    revision: Annotated[int, Form()]
    begin: Annotated[str, Form()] = "now"
    in_force_from: Annotated[str, Form()] = ""
    note: Note = ""
    anyway: Annotated[str, Form()] = ""

    def make(self, store: Store, user: User, draft_id: int) -> None:
        """Raises one of `CORRECTABLE` where it may not be yet."""
        begins = begin_of(self.begin, self.in_force_from, store.settings.zone)
        publishing.publish(store, user, draft_id, self.revision, begins, self.note, anyway=self.anyway == "1")


@router.post("/drafts/{draft_id}/publish")
def publish(
    request: Request, store: StoreHere, user: SignedIn, draft_id: int, asked: Annotated[Publication, Depends()]
) -> Response:
    """What the person looked at becomes a version; where it may not be yet, the page says why and what to do."""
    draft = drafts.get(store, user, draft_id)
    try:
        asked.make(store, user, draft_id)
    except CORRECTABLE as error:
        return review(request, store, user, draft, error)
    return RedirectResponse(f"/library/{draft.campaign}/versions", 303)


@router.get("/drafts/{draft_id}/publish")
def before_publishing(request: Request, store: StoreHere, user: SignedIn, draft_id: int) -> Response:
    """What would change, and when it begins."""
    return review(request, store, user, drafts.get(store, user, draft_id))


def review(request: Request, store: Store, user: User, draft: Draft, error: AssistError | None = None) -> Response:
    """What a draft changes of the version it was made from, with what can be done with it."""
    library = drafts.library(store, user, draft.id)
    base = libraries.version(store, draft.based_on) if draft.based_on else None
    old = libraries.library(store, base.id) if base else Library(draft.campaign, "", ())
    problems = told(check(library), language(request))
    return page(
        request,
        "draft_review.html",
        status=status_of(error) if error else 200,
        draft=draft,
        library=library,
        base=base,
        comparison=compare(old, library),
        changes=draft_history.history(store, user, draft.id),
        stops=[one for one in problems if one["weight"] == "stops"],
        wrong=error.text(language(request)) if error else "",
        newer=isinstance(error, publishing.NewerPublished),
        second_person=second_person.needed(store, f"library:{draft.campaign}"),
        may={right: access.allows(user, f"library.{right}") for right in ("draft", "publish", "review")},
    )


def _home(draft: Draft) -> str:
    return f"/library/{draft.campaign}/versions" if draft.campaign else "/rubric"
