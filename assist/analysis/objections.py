"""What the customer objected to, and what became of it.

A head that knows how people refuse scores every piece of the customer's speech; a logistic model weighs its scores with
what was said just before and after, because 不用了 to a glass of water and 不用了 to an offer are the same words.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assist.analysis import answers, cues, knowledge, naming
from assist.analysis.answers import Answer
from assist.analysis.findings import ObjectionFinding, ObjectionForce, ObjectionOutcome
from assist.analysis.general import ENDING
from assist.analysis.heads import Read, logit_of, probability, scored, sounds
from assist.analysis.meaning import Pieces, cut, evidence
from assist.analysis.nearest import Likeness, nearest
from assist.analysis.nearest import meaning as by_meaning
from assist.ports import Encoder
from assist.scripts.index import NONE, OTHER, Index
from assist.transcript import Transcript

TURN = (
    "best", "entry", "whole", "none", "whole_none", "margin", "own", "own_whole", "own_none", "heard", "asks", "length",
    "place", "late", "asked", "pitched", "closed", "next_acknowledge", "next_argue", "next_clarify", "next_answer",
    "next_none", "near", "replied", "sound",
)  # fmt: skip
"""Features of one customer turn."""

_PITCH = frozenset(
    {"benefit", "price", "terms", "case", "purpose", "free-trial", "trial-content", "service", "link-need"}
)
_CLOSE = frozenset({"ask-order", "offer-slots", "add-wechat", "ask-time", "follow-up", "confirm-appointment"})
_NEXT = ("acknowledge", "argue", "clarify", "answer", NONE)
_LAST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Heard:
    """One objection before its answer is known. `kind` is the class of the head, `id` the playbook's."""

    turn: int
    row: int
    id: str
    kind: str
    chance: float


def find(transcript: Transcript, index: Index, encoder: Encoder) -> tuple[ObjectionFinding, ...]:
    """In the order of the call, at most one per customer turn."""
    if transcript.speakers_uncertain:
        return ()
    customer = cut(transcript, "customer", index.grams, encoder)
    agent = cut(transcript, "agent", index.grams, encoder)
    if not customer.pieces:
        return ()
    heard = hear(transcript, index, customer, agent)
    given = answers.find(transcript, index, agent, [(h.turn, h.id) for h in heard])
    return tuple(_finding(transcript, index, customer, heard, number, answer) for number, answer in enumerate(given))


def hear(transcript: Transcript, index: Index, customer: Pieces, agent: Pieces) -> list[Heard]:
    """The customer's objections, in order."""
    fitted = knowledge.weights(index.library.language)["objections"]
    scores = scored(index.general.refusals, customer.given)
    features = turn_features(transcript, index, customer, agent, scores)
    chance = probability(logit_of(fitted["turn"])(features))
    found: list[Heard] = []
    for number, turn in enumerate(customer.turns):
        if chance[number] >= fitted["heard"] and not transcript.turns[turn].backchannel:
            name = naming.choose(index, customer, agent, scores, turn, found[-1].id if found else None)
            row, kind = _telling(index, customer, scores, turn, name)
            found.append(Heard(turn, row, name, kind, float(chance[number])))
    return found


def _telling(index: Index, customer: Pieces, scores: NDArray[np.float64], turn: int, name: str) -> tuple[int, str]:
    """(row of the piece that says it best, kind it is in general) for a turn and the name given to it."""
    rows = customer.rows_of(turn)
    number = naming.names_of(index).index(name)
    table = naming.entry_scores(index, scores[rows])[:, number] + naming.own_scores(index, customer)[rows, number]
    row = rows[int(table.argmax())]
    kinds = [i for i, kind in enumerate(index.general.refusals.classes) if index.entries.get(kind) == name]
    return row, index.general.refusals.classes[max(kinds, key=lambda i: scores[row, i])] if kinds else name


def turn_features(
    transcript: Transcript, index: Index, customer: Pieces, agent: Pieces, scores: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Shape (customer turns, len(TURN))."""
    table = naming.entry_scores(index, scores)
    by_own = naming.own_scores(index, customer)
    own_none = scored(index.own, customer.given)[:, index.own.classes.index(NONE)]
    none = scores[:, index.general.refusals.classes.index(NONE)]
    near, sound = (_nearest(customer.given, index, likeness) for likeness in (by_meaning, sounds))
    around = _around(transcript, index, customer, agent)
    kinds = scores.copy()
    kinds[:, index.general.refusals.classes.index(NONE)] = -1
    rows = []
    for number, turn in enumerate(customer.turns):
        r = customer.rows_of(turn)
        text = transcript.turns[turn].text
        entry = table[r].max(axis=0)
        ordered = np.sort(entry)
        rows.append([
            kinds[r].max(), entry.max(), table[r[0]].max(), none[r].min(), none[r[0]],
            ordered[-1] - ordered[-2] if len(ordered) > 1 else ordered[-1],
            by_own[r].max(), by_own[r[0]].max(), own_none[r].min(), near[r].max(),
            float(cues.asks(text)), cues.length(text), number / max(1, len(customer.turns) - 1),
            float(number >= len(customer.turns) - 2), *around[turn], (table[r].max(axis=1) - none[r]).max(),
            float(naming.reply(index, agent, turn, later=True).max()), sound[r].max(),
        ])  # fmt: skip
    return np.array(rows)


def _nearest(given: Read, index: Index, likeness: Likeness) -> NDArray[np.float64]:
    """Of each piece to the nearest example of any entry."""
    if not index.heard:
        return np.zeros(len(given.texts))
    return np.asarray(nearest(index.heard, given, likeness).max(axis=1))


def _around(transcript: Transcript, index: Index, customer: Pieces, agent: Pieces) -> dict[int, tuple[float, ...]]:
    """Per customer turn: did the agent just ask, pitch or close; what the next turn does about it (`_NEXT`)."""
    if not agent.pieces:
        return dict.fromkeys(customer.turns, (0.0,) * (3 + len(_NEXT)))
    acts, steps = scored(index.general.acts, agent.given), scored(index.general.answers, agent.given)
    pitch = [i for i, name in enumerate(index.general.acts.classes) if name in _PITCH]
    close = [i for i, name in enumerate(index.general.acts.classes) if name in _CLOSE]
    wanted = [index.general.answers.classes.index(name) for name in _NEXT]
    found = {}
    for turn in customer.turns:
        before = max((t for t in agent.turns if t < turn), default=None)
        after = min((t for t in agent.turns if t > turn), default=None)
        then = agent.rows_of(before) if before is not None else []
        next_ = agent.rows_of(after) if after is not None else []
        asked = float(cues.asks(transcript.turns[before].text)) if before is not None else 0.0
        found[turn] = (
            asked,
            float(acts[np.ix_(then, pitch)].max()) if then else 0.0,
            float(acts[np.ix_(then, close)].max()) if then else 0.0,
            *(float(steps[next_, column].max()) if next_ else 0.0 for column in wanted),
        )
    return found


def _finding(
    transcript: Transcript, index: Index, customer: Pieces, heard: list[Heard], number: int, answer: Answer
) -> ObjectionFinding:
    one = heard[number]
    return ObjectionFinding(
        id=one.id,
        evidence=evidence(transcript, customer.pieces[one.row]),
        confidence=round(one.chance, 3),
        force=_force(index, customer, one),
        answered=answer.answered,
        answer_turns=tuple(transcript.turns[turn].id for turn in answer.turns),
        steps=answer.steps,
        outcome=_outcome(transcript, heard, number, answer),
    )


def _force(index: Index, customer: Pieces, one: Heard) -> ObjectionForce:
    """A refusal where the words are those of one; else what the kind usually is, a reason making it an objection."""
    kinds = {kind.id: kind.force for kind in knowledge.objections(index.library.language)}
    head = index.general.ending
    ending = scored(head, customer.given)[customer.rows_of(one.turn), head.classes.index(ENDING)]
    if one.kind == ENDING or ending.max() >= knowledge.weights(index.library.language)["objections"]["refusal"]:
        return ENDING
    return kinds.get(one.kind, "objection")


def _outcome(transcript: Transcript, heard: list[Heard], number: int, answer: Answer) -> ObjectionOutcome:
    """Ended where hardly anything follows; repeated where the same comes again; else by whether it was answered."""
    one = heard[number]
    if any(later.id == one.id and later.id != OTHER for later in heard[number + 1 :]):
        return "repeated"
    spoken = [t for t in transcript.turns[one.turn + 1 :] if not t.unintelligible and not t.backchannel]
    more = [t for t in spoken if t.speaker == "customer" and len(t.text) > _LAST_WORDS + 1]
    if len(spoken) <= _LAST_WORDS and not more:
        return "ended"
    return "resolved" if answer.answered and answer.steps else "unanswered"
