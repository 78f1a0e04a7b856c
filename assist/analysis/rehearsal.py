"""An answer that somebody practises, read by the same finders as a call: the steps of a good answer, the points of the
script, how questions are asked, what must never be said."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from assist.analysis import answers, forbidden, points, questions
from assist.analysis.findings import QuestionKind
from assist.analysis.meaning import cut
from assist.ports import Encoder
from assist.scripts.index import Index
from assist.scripts.library import STEPS, Library, StepName
from assist.transcript import Speaker, Transcript, Turn

_SIGNS_PER_SECOND = 4.0
"""How fast people speak, near enough for turns that have no sound."""
_NOD = {"zh": "嗯，您说。", "en": "Yes, go on."}

Line = tuple[Speaker, str]


@dataclass(frozen=True, slots=True)
class Asked:
    text: str
    kind: QuestionKind


@dataclass(frozen=True, slots=True)
class Broken:
    """`id` of the forbidden item and the words that break it."""

    id: str
    quote: str


@dataclass(frozen=True, slots=True)
class Reading:
    """`steps` that are in the answer and `missing` those the playbook wants beside them; of the points that were to be
    said, which are (`points`) and which are not (`left_out`)."""

    steps: tuple[StepName, ...] = ()
    missing: tuple[StepName, ...] = ()
    points: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    questions: tuple[Asked, ...] = ()
    broken: tuple[Broken, ...] = ()


def read(
    index: Index, encoder: Encoder, answer: str, sentence: str = "", objection: str = "", wanted: Collection[str] = ()
) -> Reading:
    """Reads what an agent says after the customer's `sentence`. `objection` is its playbook entry, `wanted` the ids of
    the script's points that should be in the answer."""
    answer = answer.strip()
    steps = _steps(index, encoder, answer, sentence, objection) if answer and objection else ()
    said = _points(index, encoder, answer, wanted) if answer and wanted else ()
    alone = _transcript(index.library.language, [("agent", answer)] if answer else [])
    banned = [one for one in forbidden.find(alone, index, encoder) if not _ours(index.library, one.evidence.quote)]
    return Reading(
        steps=steps,
        missing=tuple(step for step in _asked(index.library, objection) if step not in steps),
        points=said,
        left_out=tuple(name for name in wanted if name not in said),
        questions=tuple(Asked(one.evidence.quote, one.kind) for one in questions.find(alone)),
        broken=tuple(Broken(one.id, one.evidence.quote) for one in banned),
    )


def _steps(index: Index, encoder: Encoder, answer: str, sentence: str, objection: str) -> tuple[StepName, ...]:
    heard = sentence or "…"
    transcript = _transcript(index.library.language, [("customer", heard), ("agent", answer)])
    agent = cut(transcript, "agent", index.grams, encoder)
    return answers.find(transcript, index, agent, [(0, objection)])[0].steps


def _points(index: Index, encoder: Encoder, answer: str, wanted: Collection[str]) -> tuple[str, ...]:
    """Points are told apart by what else is said where in a call, so the answer is read in the place of the wanted
    points in a call that otherwise follows the script."""
    lines: list[Line] = []
    place = None
    for _, point in index.library.points():
        if point.id in wanted and place is None:
            place = len(lines)
        if point.id not in wanted or place == len(lines):
            lines += [("agent", answer if point.id in wanted else point.say[0]), ("customer", _nod(index.library))]
    found = points.find(_transcript(index.library.language, lines), index, encoder)
    said = (one for one in found if one.id in wanted and one.evidence is not None and one.evidence.turn == place)
    return tuple(one.id for one in said if one.status in ("said", "partial"))


def _ours(library: Library, quote: str) -> bool:
    """Whether the words are the library's own: what it tells agents to say is never held against them."""
    own = [text for _, point in library.points() for text in point.say]
    own += [text for entry in library.playbook for step in entry.respond for text in step.say]
    return any(quote.strip("，。,. ") in text for text in own)


def _asked(library: Library, objection: str) -> tuple[StepName, ...]:
    entry = library.entry(objection)
    wanted = {step.step for step in entry.respond} if entry else set()
    return tuple(step for step in STEPS if step in wanted)


def _nod(library: Library) -> str:
    return _NOD["zh" if library.language.startswith("zh") else "en"]


def _transcript(language: str, lines: Iterable[Line]) -> Transcript:
    turns, at = [], 0.0
    for number, (speaker, text) in enumerate(lines):
        end = at + max(1.0, len(text) / _SIGNS_PER_SECOND)
        turns.append(Turn(number, speaker, round(at, 2), round(end, 2), text))
        at = end + 0.5
    return Transcript(tuple(turns), language=language, seconds=at, speech_seconds=at)
