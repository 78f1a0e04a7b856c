"""What a theme is practised with: the passages of the script or the playbook in force, places to hear it done well, and
a short exercise that the finders can read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from assist.coaching import clips, practice, themes
from assist.coaching.clips import Clip
from assist.coaching.practice import Theme, Try
from assist.desk import Desk
from assist.people import access
from assist.people.users import User
from assist.scripts.library import Library, StageName, StepName
from assist.store import Store
from assist.store.clock import moment

Task = Literal["answer", "say", "ask"]
"""Answer an objection, say points of the script, ask a question."""

_STAGE: dict[str, StageName] = {"opening": "opening", "questioning": "discovery"}
_STEP: dict[str, StepName] = {
    "acknowledged": "acknowledge", "clarified": "clarify", "answered": "answer", "advanced": "advance",
}  # fmt: skip
MODELS, OWN = 3, 3


@dataclass(frozen=True, slots=True)
class Passage:
    """What the library says; `step` is empty for points of the script. `wanted`: this is what the theme is about."""

    title: str
    step: str
    say: tuple[str, ...]
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Heard:
    """A customer's sentence to answer. `call_id` None: it is the playbook's example, there is nothing to hear."""

    sentence: str
    call_id: int | None = None
    called_at: datetime | None = None
    start: float | None = None


@dataclass(frozen=True, slots=True)
class Exercise:
    """`objection` and `sentences` for an answer, `wanted` (ids of points) for what is to be said."""

    task: Task
    campaign: str
    passages: tuple[Passage, ...]
    sentences: tuple[Heard, ...] = ()
    objection: str = ""
    wanted: tuple[str, ...] = ()
    titles: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """A moment of the agent's own where it was done well."""

    call_id: int
    called_at: datetime
    start: float
    quote: str


def exercise(store: Store, user: User, theme: Theme) -> Exercise | None:
    """None where the campaign has no library in force any more, or it no longer knows what the theme is about."""
    campaign = theme.campaign or _usual_campaign(store, user)
    library = themes.in_force(store, campaign)
    if library is None:
        return None
    if theme.kind == "objection":
        return _answer(store, user, library, theme.about, None)
    if theme.kind == "point":
        return _say(library, [theme.about])
    skill, _, criterion = theme.about.partition("/")
    if skill == "rejection_handling":
        return _answer(store, user, library, _usual_objection(store, user, library), _STEP.get(criterion))
    wanted = [point.id for stage, point in library.points() if stage == _STAGE.get(skill)]
    made = _say(library, wanted)
    return replace(made, task="ask") if made and skill == "questioning" else made


def read(desk: Desk, store: Store, user: User, theme: Theme, task: Exercise, sentence: int, answer: str) -> Try:
    """Has an answer read by the finders and keeps it, for the agent alone; `sentence` is which one is answered.

    Raises NothingSaid, TooLong, SetupError.
    """
    said = practice.checked(answer)
    heard = task.sentences[sentence % len(task.sentences)].sentence if task.sentences else ""
    reading = desk.rehearse(user, task.campaign, said, heard, task.objection, task.wanted)
    return practice.record(store, user, theme.id, heard, said, reading)


def model_clips(store: Store, user: User, theme: Theme) -> list[Clip]:
    """Clips of the own team where it was done as it should be: those marked as a model first."""
    filters = clips.Filters(
        campaign=theme.campaign or None,
        point=theme.about if theme.kind == "point" else None,
        objection=theme.about if theme.kind == "objection" else None,
        skill=theme.skill if theme.kind == "criterion" else None,
        per_page=MODELS,
    )
    models = clips.listing(store, user, replace(filters, audience="model")).clips
    known = {clip.id for clip in models}
    won = clips.listing(store, user, replace(filters, outcome="won")).clips if len(models) < MODELS else []
    return [*models, *(clip for clip in won if clip.id not in known)][:MODELS]


def own_best(store: Store, user: User, theme: Theme) -> tuple[Done, ...]:
    """The agent's own latest moments where it went well."""
    rows_of, well, quote = _WELL[theme.kind]
    skill, _, criterion = theme.about.partition("/")
    scope = access.calls_of(user)
    values: dict[str, Any] = {"agent": user.id, "about": theme.about, "skill": skill, "criterion": criterion}
    rows = store.rows(
        f"""SELECT c.id AS call_id, c.called_at, o.start, {quote} AS quote FROM calls c CROSS JOIN {rows_of}
            AND o.call_id = c.id
            WHERE c.agent_id = :agent AND c.state = 'ready' AND {well} AND o.start IS NOT NULL
              AND (:campaign = '' OR c.campaign = :campaign) AND {scope.where}
            ORDER BY c.called_at DESC LIMIT :most""",
        values | {"campaign": theme.campaign, "most": OWN} | scope.parameters,
    )
    return tuple(Done(row["call_id"], moment(row["called_at"]), row["start"], row["quote"]) for row in rows)


_WELL = {
    "point": ("spoken_points o ON o.point = :about", "o.status = 'said'", "''"),
    "objection": ("raised_objections o ON o.objection = :about", "o.outcome = 'resolved' AND o.answered", "o.quote"),
    "criterion": ("call_criteria o ON o.skill = :skill AND o.criterion = :criterion", "o.value >= 0.9", "''"),
}


def _answer(store: Store, user: User, library: Library, objection: str, step: StepName | None) -> Exercise | None:
    entry = library.entry(objection)
    if entry is None:
        return None
    passages = tuple(Passage(one.title, one.step, one.say, step in (None, one.step)) for one in entry.respond)
    own = _own_sentences(store, user, library.campaign, objection)
    examples = tuple(Heard(text) for text in entry.heard_as)
    return Exercise(
        "answer", library.campaign, passages, (*own, *examples), objection, titles=((objection, entry.title),)
    )


def _say(library: Library, wanted: Sequence[str]) -> Exercise | None:
    points = [point for _, point in library.points() if point.id in wanted]
    if not points:
        return None
    passages = tuple(Passage(point.title, "", point.say) for point in points)
    titles = tuple((point.id, point.title) for point in points)
    return Exercise("say", library.campaign, passages, wanted=tuple(name for name, _ in titles), titles=titles)


def _own_sentences(store: Store, user: User, campaign: str, objection: str) -> tuple[Heard, ...]:
    """How the agent's own customers put it, those that went unanswered first, each wording once."""
    scope = access.calls_of(user)
    rows = store.rows(
        f"""SELECT c.id AS call_id, c.called_at, o.start, o.quote AS sentence FROM calls c
            CROSS JOIN raised_objections o ON o.call_id = c.id AND o.objection = :objection AND {themes.ASKS}
            WHERE c.agent_id = :agent AND c.campaign = :campaign AND c.state = 'ready' AND {scope.where}
            ORDER BY o.outcome = 'resolved', c.called_at DESC LIMIT 6""",
        {"agent": user.id, "campaign": campaign, "objection": objection} | scope.parameters,
    )
    found = {row["sentence"]: row for row in reversed(rows)}
    return tuple(
        Heard(text, row["call_id"], moment(row["called_at"]), row["start"])
        for text, row in sorted(found.items(), key=lambda pair: rows.index(pair[1]))
    )


def _usual_campaign(store: Store, user: User) -> str:
    """The campaign of most of the agent's calls."""
    query = (
        "SELECT campaign FROM calls WHERE agent_id = ? AND campaign IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1"
    )
    return str(store.value(query, [user.id]) or "")


def _usual_objection(store: Store, user: User, library: Library) -> str:
    """The entry that the agent's customers raise most often, else the playbook's first."""
    rows = store.rows(
        """SELECT o.objection FROM calls c CROSS JOIN raised_objections o ON o.call_id = c.id
           WHERE c.agent_id = ? AND c.campaign = ? GROUP BY 1 ORDER BY count(*) DESC, 1""",
        [user.id, library.campaign],
    )
    known = [row["objection"] for row in rows if library.entry(row["objection"])]
    return next(iter((*known, *(entry.objection for entry in library.playbook))), "")
