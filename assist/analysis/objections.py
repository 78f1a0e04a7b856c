"""What the customer objected to, and what became of it."""

from assist.analysis.findings import ObjectionFinding
from assist.analysis.meaning import cut, evidence
from assist.ports import Encoder
from assist.scripts.index import Index
from assist.scripts.library import STEPS
from assist.transcript import Transcript

HEARD, STEP = 0.5, 0.4


def find(transcript: Transcript, index: Index, encoder: Encoder) -> tuple[ObjectionFinding, ...]:
    """In the order of the call, at most one per customer turn."""
    customer = cut(transcript, "customer", encoder)
    best: dict[int, tuple[float, str, int]] = {}
    for wordings in index.objections:
        for row, sims in enumerate(customer.vectors @ wordings.vectors.T):
            turn, value = customer.pieces[row].turn, float(sims.max())
            if value >= HEARD and value > best.get(turn, (0.0, "", 0))[0]:
                best[turn] = (value, wordings.id, row)
    found = []
    for turn, (value, name, row) in sorted(best.items()):
        steps, answers = _answer(transcript, index, encoder, turn, name)
        found.append(
            ObjectionFinding(
                name, evidence(transcript, customer.pieces[row]), round(value, 3), "objection",
                bool(answers), answers, steps, "resolved" if steps else "unanswered",
            )
        )
    return tuple(found)


def _answer(transcript, index, encoder, turn, name):  # type: ignore[no-untyped-def]
    agent = cut(transcript, "agent", encoder)
    own = [w for w in index.steps if w.id.split("/")[0] == name]
    done, turns = set(), set()
    for piece, vector in zip(agent.pieces, agent.vectors, strict=True):
        if not turn < piece.turn <= turn + 3:
            continue
        for wordings in own:
            if float((wordings.vectors @ vector).max()) >= STEP:
                done.add(wordings.id.split("/")[1])
                turns.add(transcript.turns[piece.turn].id)
    return tuple(step for step in STEPS if step in done), tuple(sorted(turns))
