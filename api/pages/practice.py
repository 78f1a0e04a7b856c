"""The practice plan of an agent, and the exercise of each of its themes."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api.context import DeskHere, SignedIn, StoreHere
from api.language import language
from api.render import page
from api.views import own as view
from assist.coaching import exercises, practice
from assist.coaching.exercises import Exercise
from assist.coaching.practice import Theme
from assist.errors import NotFound, RequestError, SetupError
from assist.people.users import User
from assist.store import Store

router = APIRouter()


@router.get("/me/practice")
def plan(request: Request, store: StoreHere, user: SignedIn) -> Response:
    found = practice.plan(store, user)
    tag = language(request)
    return page(
        request,
        "me_practice.html",
        view=view,
        plan=found,
        themes=[(one, practice.title(store, one, tag), practice.behind(store, user, one)) for one in found.themes],
        shares=practice.shares(store, user),
    )


@router.post("/me/practice/sharing")
def share(store: StoreHere, user: SignedIn, on: Annotated[str, Form()] = "") -> Response:
    practice.set_sharing(store, user, on == "1")
    return RedirectResponse("/me/practice", 303)


@router.get("/me/practice/{theme_id}")
def show(
    request: Request, store: StoreHere, user: SignedIn, desk: DeskHere, theme_id: int, sentence: int = 0
) -> Response:
    """The theme: the calls behind it, what the library says, where it is done well, and the exercise."""
    theme = practice.theme(store, user, theme_id)
    task = exercises.exercise(store, user, theme)
    ready = task is not None and desk.ready(task.campaign)
    if task is not None and not ready:
        desk.warm(task.campaign)
    return page(
        request,
        "me_theme.html",
        view=view,
        **_around(store, user, theme),
        **_exercise(request, store, user, theme, task, sentence),
        ready=ready,
    )


@router.get("/me/practice/{theme_id}/ready")
def loading(request: Request, store: StoreHere, user: SignedIn, desk: DeskHere, theme_id: int) -> Response:
    """Whether an answer would be read at once: what the page asks while the models are loaded."""
    theme = practice.theme(store, user, theme_id)
    task = exercises.exercise(store, user, theme)
    ready = task is None or desk.ready(task.campaign)
    return page(request, "me/loading.html", theme=theme, ready=ready)


@router.post("/me/practice/{theme_id}")
def answer(
    request: Request,
    store: StoreHere,
    user: SignedIn,
    desk: DeskHere,
    theme_id: int,
    answer: Annotated[str, Form()] = "",
    sentence: Annotated[int, Form()] = 0,
) -> Response:
    """Has the answer read and keeps it, for the agent alone."""
    theme = practice.theme(store, user, theme_id)
    task = exercises.exercise(store, user, theme)
    if task is None:
        raise NotFound
    wrong = ""
    try:
        exercises.read(desk, store, user, theme, task, sentence, answer)
    except (RequestError, SetupError) as error:
        wrong = error.text(language(request))
    if "hx-request" not in request.headers and not wrong:
        return RedirectResponse(f"/me/practice/{theme_id}?sentence={sentence}#exercise", 303)
    context = _exercise(request, store, user, theme, task, sentence)
    context |= {"wrong": wrong, "typed": answer if wrong else "", "ready": True}
    if "hx-request" in request.headers:
        return page(request, "me/exercise.html", view=view, **context)
    return page(request, "me_theme.html", status=422, view=view, **context, **_around(store, user, theme))


@router.post("/me/practice/{theme_id}/done")
def done(store: StoreHere, user: SignedIn, theme_id: int, done: Annotated[str, Form()] = "1") -> Response:
    practice.set_done(store, user, theme_id, done == "1")
    return RedirectResponse("/me/practice", 303)


def _around(store: Store, user: User, theme: Theme) -> dict[str, Any]:
    return {
        "behind": practice.behind(store, user, theme),
        "models": exercises.model_clips(store, user, theme),
        "own": exercises.own_best(store, user, theme),
    }


def _exercise(
    request: Request, store: Store, user: User, theme: Theme, task: Exercise | None, sentence: int
) -> dict[str, Any]:
    number = sentence % len(task.sentences) if task and task.sentences else 0
    return {
        "theme": theme,
        "title": practice.title(store, theme, language(request)),
        "task": task,
        "number": number,
        "heard": task.sentences[number] if task and task.sentences else None,
        "titles": dict(task.titles) if task else {},
        "tries": practice.tries(store, user, theme.id),
        "wrong": "",
        "typed": "",
    }
