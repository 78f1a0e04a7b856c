"""Which script points the agent got across, and where first."""

import numpy as np

from assist.analysis.findings import PointFinding, Status
from assist.analysis.meaning import cut, evidence
from assist.ports import Encoder
from assist.scripts.index import Index
from assist.transcript import Transcript

SAID, PARTIAL = 0.44, 0.40


def find(transcript: Transcript, index: Index, encoder: Encoder) -> tuple[PointFinding, ...]:
    """One finding per script point, in the order of the script."""
    agent = cut(transcript, "agent", encoder)
    found = []
    for wordings in index.points:
        sims = (agent.vectors @ wordings.vectors.T).max(axis=1) if agent.pieces else np.zeros(0)
        best = int(sims.argmax()) if len(sims) else -1
        value = float(sims[best]) if len(sims) else 0.0
        status: Status = "said" if value >= SAID else "partial" if value >= PARTIAL else "missed"
        where = None if status == "missed" else evidence(transcript, agent.pieces[best])
        found.append(PointFinding(wordings.id, status, round(min(1.0, max(0.0, value)), 3), where))
    return tuple(found)
