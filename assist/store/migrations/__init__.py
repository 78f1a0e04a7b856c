"""The tables, as numbered steps, a module for each part of the house. A step that has been released is never edited:
add another.

Times are ISO 8601 in UTC with milliseconds (they sort as text), bodies are gzipped JSON, booleans 0 and 1.
"""

from assist.store.migrations import (
    agent_steps,
    first_steps,
    library_steps,
    queue_steps,
    session_steps,
    team_steps,
    verdict_steps,
)
from assist.store.migrations.steps import MIGRATIONS

_PARTS = (first_steps, queue_steps, session_steps, verdict_steps, agent_steps, team_steps, library_steps)
STEPS = frozenset(name for part in _PARTS for name in vars(part) if name[:1] == "m" and name[1:4].isdigit())
"""Names of all steps this version of Assist knows."""

__all__ = ["MIGRATIONS", "STEPS"]
