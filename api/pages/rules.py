"""The rules by which calls are flagged: to read with how often they were right, to change as a draft of the rubric, to
try on past calls before they are published."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from api.context import SignedIn, StoreHere
from api.errors import status_of
from api.forms import fields_of, past_of
from api.language import language
from api.render import page
from api.views import rules as view
from assist import trials
from assist.analysis.rubric import RULES
from assist.coaching import preview, rulebook, rules
from assist.errors import AssistError, InputError, NotFound
from assist.people import access
from assist.people.users import User
from assist.store import Store, drafts, rubrics, second_person
from assist.store.clock import now
from assist.store.drafts import Draft, EditedMeanwhile
from assist.texts import translate

router = APIRouter()

SAMPLES = (200, 1000)
Form_ = Annotated[list[tuple[str, str]], Depends(fields_of)]


@router.get("/rules")
def show(request: Request, store: StoreHere, user: SignedIn) -> Response:
    """The rules in force, each in a sentence, with what people made of its flags."""
    edits = access.allows(user, "rules.edit")
    return page(
        request,
        "rules.html",
        overview=rules.overview(store, user),
        view=view,
        few=rules.FEW,
        sections=rules.SECTION,
        works=access.allows(user, "queue.work"),
        edits=edits,
        draft=rules.draft_of(store, user) if edits else None,
    )


@router.get("/rules/{rule}/behind")
def behind(request: Request, store: StoreHere, user: SignedIn, rule: str) -> Response:
    """The calls behind how often a rule was right."""
    found = rules.behind(store, user, rule)
    if rule not in RULES:
        raise NotFound
    hits = rules.hit_rates(store, user).get(rule, rules.Hits(0, 0))
    return page(request, "rules_behind.html", rule=rule, found=found, hits=hits)


@router.post("/rules/drafts")
def begin(store: StoreHere, user: SignedIn) -> Response:
    return RedirectResponse(f"/rules/drafts/{rules.begin(store, user).id}", 303)


@router.get("/rules/drafts/{draft_id}")
def edit(request: Request, store: StoreHere, user: SignedIn, draft_id: int) -> Response:
    """The rules with their numbers as fields, and what they would do; that alone where the page asks for news of it."""
    draft = _draft(store, user, draft_id)
    return _page(request, store, user, draft, block="trial" if "hx-request" in request.headers else None)


@router.post("/rules/drafts/{draft_id}")
def save(request: Request, store: StoreHere, user: SignedIn, draft_id: int, sent: Form_) -> Response:
    draft = _draft(store, user, draft_id)
    based_on = dict(sent).get("based_on", "")
    try:
        known = rules.complete(rulebook.parsed(drafts.source(store, user, draft_id)))
        number = int(based_on) if based_on.isdecimal() else draft.revision
        rules.save(store, user, draft_id, view.read(sent, known), number)
    except (InputError, EditedMeanwhile) as error:
        return _page(request, store, user, draft, error=error)
    return RedirectResponse(f"/rules/drafts/{draft_id}", 303)


@router.post("/rules/drafts/{draft_id}/preview")
def try_out(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    draft_id: int,
    since: Annotated[str, Form()] = "",
    until: Annotated[str, Form()] = "",
    sample: Annotated[str, Form()] = "",
) -> Response:
    draft = _draft(store, user, draft_id)
    try:
        past = past_of(since, until, sample, store.settings.zone)
        preview.begin(store, user, draft_id, since=past.since, until=past.until, sample=past.sample)
    except InputError as error:
        return _page(request, store, user, draft, error=error)
    return RedirectResponse(f"/rules/drafts/{draft_id}#trial", 303)


def _draft(store: Store, user: User, draft_id: int) -> Draft:
    """Raises AccessDenied; NotFound, also for a draft of a talk track."""
    access.require(user, "rules.edit")
    return drafts.get(store, user, draft_id, "rubric")


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
    draft = drafts.get(store, user, draft.id)
    trial = trials.latest(store, user, draft.id)
    known = {rule.rule: rule for rule in rules.complete(rulebook.parsed(rubrics.in_force(store, now())))}
    today = now().astimezone(store.settings.zone).date()
    return page(
        request,
        "rules_draft.html",
        block=block,
        status=status_of(error) if error else 200,
        draft=draft,
        rules=rules.complete(rulebook.parsed(drafts.source(store, user, draft.id))),
        known=known,
        view=view,
        trial=trial,
        failure=translate(trial.failure, tag) if trial and trial.failure else "",
        samples=SAMPLES,
        since=today - timedelta(days=14),
        until=today,
        wrong=error.text(tag) if error else "",
        second_person=second_person.needed(store, "rubric"),
    )
