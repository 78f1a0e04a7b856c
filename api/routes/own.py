"""The agent's own page: what went well, what to try, skills week by week, the practice plan."""

from datetime import date, datetime, timedelta

from fastapi import APIRouter, Request

from api.context import DeskHere, SignedIn, StoreHere
from api.language import language
from api.routes.schemas import CallOut, Schema, call_out
from assist.coaching import exercises, own, past, practice
from assist.coaching.practice import Theme
from assist.desk import Desk
from assist.errors import NotFound
from assist.people.users import User
from assist.store import Store
from assist.store.clock import now

router = APIRouter()

_SHOWN_DAYS = timedelta(days=56)


class MomentOut(Schema):
    call_id: int
    called_at: datetime
    title: str
    why: str
    start: float
    end: float
    quote: str


class ToTryOut(Schema):
    """`start` and `end` are null where it was not said at all."""

    call_id: int
    called_at: datetime
    title: str
    say: str
    start: float | None
    end: float | None
    quote: str


class MeanOut(Schema):
    """`calls` had a score; `value` is null without any."""

    value: int | None
    calls: int


class WeekOut(Schema):
    monday: date
    sunday: date
    calls: int
    skills: dict[str, MeanOut]


class HomeOut(Schema):
    unseen: int
    latest: list[CallOut]
    praised: list[MomentOut]
    to_try: list[ToTryOut]
    weeks: list[WeekOut]


class SideOut(Schema):
    calls: int
    days: int
    mean: float | None


class ComparedOut(Schema):
    """`criterion` is empty for the score of a skill; the mean of a criterion is the share of calls that met it.

    The 95 % interval of the difference goes from `low` to `high`, null where there are too few calls."""

    skill: str
    criterion: str
    before: SideOut
    after: SideOut
    low: float | None
    high: float | None
    direction: str


class ProgressOut(Schema):
    before: tuple[date, date]
    after: tuple[date, date]
    skills: list[ComparedOut]
    criteria: list[ComparedOut]


class ThemeOut(Schema):
    """`missed` of `occasions`, as counted when the plan was made over the calls from `since` to `until`."""

    id: int
    kind: str
    about: str
    skill: str
    campaign: str
    title: str
    missed: int
    occasions: int
    since: datetime
    until: datetime
    done_at: datetime | None
    tries: int
    last_tried: datetime | None


class PlanOut(Schema):
    """`week` is its Monday."""

    week: date
    made_at: datetime
    themes: list[ThemeOut]
    shared: bool


class PassageOut(Schema):
    title: str
    step: str
    say: list[str]
    wanted: bool


class HeardOut(Schema):
    """`call_id` is null where the sentence is the playbook's example."""

    sentence: str
    call_id: int | None
    called_at: datetime | None
    start: float | None


class ExerciseOut(Schema):
    """`task`: answer (an objection), say (points of the script) or ask (openly)."""

    task: str
    campaign: str
    objection: str
    wanted: list[str]
    passages: list[PassageOut]
    sentences: list[HeardOut]


class BehindOut(Schema):
    call_id: int
    called_at: datetime
    missed: bool
    start: float | None
    quote: str


class AskedOut(Schema):
    text: str
    kind: str


class BrokenOut(Schema):
    id: str
    quote: str


class ReadingOut(Schema):
    """Steps of the playbook that are in the answer and that are not, points likewise, questions, and what is
    forbidden."""

    steps: list[str]
    missing: list[str]
    points: list[str]
    left_out: list[str]
    questions: list[AskedOut]
    broken: list[BrokenOut]


class TryOut(Schema):
    id: int
    sentence: str
    answer: str
    reading: ReadingOut
    made_at: datetime


class PracticeOut(Schema):
    """`exercise` is null where the library in force no longer knows what the theme is about."""

    theme: ThemeOut
    exercise: ExerciseOut | None
    behind: list[BehindOut]
    tries: list[TryOut]


class AnswerIn(Schema):
    """`sentence`: which of the exercise's sentences is answered."""

    answer: str
    sentence: int = 0


class DoneIn(Schema):
    done: bool


class SharedIn(Schema):
    shared: bool


class PractisedOut(Schema):
    """`times` is null where the agent does not share it."""

    times: list[datetime] | None


@router.get("/me/home")
def get_my_page(request: Request, store: StoreHere, user: SignedIn) -> HomeOut:
    """Your latest calls, what went well in them, what to try next, your skills week by week."""
    tag = language(request)
    praised, to_try = own.feedback(store, user)
    return HomeOut(
        unseen=own.unseen(store, user),
        latest=[call_out(call, tag) for call in own.latest(store, user)],
        praised=[MomentOut.model_validate(one) for one in praised],
        to_try=[ToTryOut.model_validate(one) for one in to_try],
        weeks=[WeekOut.model_validate(week) for week in own.weeks(store, user)],
    )


@router.get("/me/progress")
def get_my_progress(store: StoreHere, user: SignedIn) -> ProgressOut:
    """Each skill and criterion of the last four weeks against the four before."""
    found = past.compare(store, user)
    return ProgressOut(
        before=(found.before.first, found.before.last),
        after=(found.after.first, found.after.last),
        skills=[_compared(one) for one in found.skills],
        criteria=[_compared(one) for one in found.criteria],
    )


@router.get("/me/practice")
def get_my_plan(request: Request, store: StoreHere, user: SignedIn) -> PlanOut:
    """This week's practice plan."""
    found = practice.plan(store, user)
    themes = [_theme(request, store, one) for one in found.themes]
    return PlanOut(week=found.week, made_at=found.made_at, themes=themes, shared=practice.shares(store, user))


@router.put("/me/practice", status_code=204)
def share_my_practice(store: StoreHere, user: SignedIn, given: SharedIn) -> None:
    """Whether your lead learns that and when you practise."""
    practice.set_sharing(store, user, given.shared)


@router.get("/me/practice/{theme_id}")
def get_my_theme(request: Request, store: StoreHere, user: SignedIn, theme_id: int) -> PracticeOut:
    one = practice.theme(store, user, theme_id)
    task = exercises.exercise(store, user, one)
    return PracticeOut(
        theme=_theme(request, store, one),
        exercise=ExerciseOut.model_validate(task) if task else None,
        behind=[BehindOut.model_validate(call) for call in practice.behind(store, user, one)],
        tries=[TryOut.model_validate(each) for each in practice.tries(store, user, theme_id)],
    )


@router.put("/me/practice/{theme_id}")
def finish_my_theme(request: Request, store: StoreHere, user: SignedIn, theme_id: int, given: DoneIn) -> ThemeOut:
    return _theme(request, store, practice.set_done(store, user, theme_id, given.done))


@router.post("/me/practice/{theme_id}/tries", status_code=201)
def practise(store: StoreHere, user: SignedIn, desk: DeskHere, theme_id: int, given: AnswerIn) -> TryOut:
    """Have an answer read by the finders that read calls. 503 where the models are not installed."""
    return TryOut.model_validate(_read(desk, store, user, theme_id, given))


@router.get("/agents/{agent_id}/practice")
def get_practised(store: StoreHere, user: SignedIn, agent_id: int) -> PractisedOut:
    """When an agent of yours practised in the last eight weeks, if they share it; never what or how."""
    times = practice.practised(store, user, agent_id, now() - _SHOWN_DAYS)
    return PractisedOut(times=None if times is None else list(times))


def _read(desk: Desk, store: Store, user: User, theme_id: int, given: AnswerIn) -> practice.Try:
    one = practice.theme(store, user, theme_id)
    task = exercises.exercise(store, user, one)
    if task is None:
        raise NotFound
    return exercises.read(desk, store, user, one, task, given.sentence, given.answer)


def _theme(request: Request, store: Store, one: Theme) -> ThemeOut:
    plain = {name: getattr(one, name) for name in ThemeOut.model_fields if name != "title"}
    return ThemeOut.model_validate(plain | {"title": practice.title(store, one, language(request))})


def _compared(one: past.Compared) -> ComparedOut:
    change = one.change
    return ComparedOut(
        skill=one.skill,
        criterion=one.criterion,
        before=SideOut.model_validate(change.before),
        after=SideOut.model_validate(change.after),
        low=change.low,
        high=change.high,
        direction=one.direction,
    )
