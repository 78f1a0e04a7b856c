"""What an agent must never say, in any wording."""

from assist.analysis.findings import ForbiddenFinding
from assist.analysis.meaning import cut, evidence
from assist.ports import Encoder
from assist.scripts.index import Index
from assist.transcript import Transcript

SAID = 0.6


def find(transcript: Transcript, index: Index, encoder: Encoder) -> tuple[ForbiddenFinding, ...]:
    """The clearest place per forbidden id, in the order of the call."""
    agent = cut(transcript, "agent", encoder)
    found = []
    for item, wordings in zip(index.library.forbidden, index.forbidden, strict=True):
        sims = (agent.vectors @ wordings.vectors.T).max(axis=1)
        best = int(sims.argmax()) if len(sims) else -1
        if best >= 0 and sims[best] >= SAID:
            found.append(
                ForbiddenFinding(item.id, evidence(transcript, agent.pieces[best]), item.severity, round(float(sims[best]), 3))
            )
    return tuple(sorted(found, key=lambda f: f.evidence.start))
