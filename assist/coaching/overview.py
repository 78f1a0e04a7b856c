"""The agents a lead coaches, one line each: the last talk, what runs, what waits."""

from dataclasses import dataclass
from datetime import datetime

from assist.people import access
from assist.people.users import User
from assist.store import Store
from assist.store.clock import moment, stamp


@dataclass(frozen=True, slots=True)
class Coached:
    """`last_at` is when they last talked, None never; `queued` counts the agent's calls in the queue."""

    agent_id: int
    agent: str
    team: str
    last_at: datetime | None
    last_id: int | None
    running: int
    returned: int
    queued: int


def overview(store: Store, user: User) -> tuple[Coached, ...]:
    """All active agents whose talks the user may see, by team; those who were not talked with for longest first."""
    scope = access.coaching_of(user)
    rows = store.rows(
        f"""SELECT a.id AS agent_id, a.name AS agent, coalesce(t.name, '') AS team, s.held_at AS last_at,
                   s.id AS last_id,
                   (SELECT count(*) FROM actions x WHERE x.agent_id = a.id AND x.state = 'open') AS running,
                   (SELECT count(*) FROM actions x WHERE x.agent_id = a.id AND x.state IN ('not-kept', 'unclear')
                    AND x.settled_at IS NULL) AS returned,
                   (SELECT count(*) FROM queue_items q WHERE q.agent_id = a.id AND q.state = 'open'
                    AND q.kind = 'coach' AND q.folded_into IS NULL
                    AND (q.snoozed_until IS NULL OR q.snoozed_until <= :now)) AS queued
            FROM users a LEFT JOIN teams t ON t.id = a.team_id
            LEFT JOIN coaching_sessions s ON s.id = (
                SELECT l.id FROM coaching_sessions l WHERE l.agent_id = a.id AND l.state IN ('held', 'signed')
                ORDER BY l.held_at DESC LIMIT 1)
            WHERE a.role = 'agent' AND a.active = 1 AND {scope.where}
            ORDER BY t.name, s.held_at IS NOT NULL, s.held_at, a.name""",
        scope.parameters | {"now": stamp()},
    )
    times = ({"last_at": moment(row["last_at"]) if row["last_at"] else None} for row in rows)
    return tuple(Coached(**row | time) for row, time in zip(rows, times, strict=True))
