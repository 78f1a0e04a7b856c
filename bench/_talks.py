"""What people did with the calls of a filled store: the queue worked, one-on-ones held, clips shared."""

import random
from datetime import datetime, timedelta
from typing import Any

from assist.coaching import clips
from assist.people.users import User
from assist.store import Store
from assist.store.clock import stamp

OPEN_DAYS = 3
"""Older items of the queue were worked."""
EVERY_DAYS = 21
MEASURES = ("criterion:opening/purpose", "score:rejection_handling", "never:forbidden", "score:questioning")
CLIPS = 300


def work_queue(store: Store, until: datetime, chance: random.Random) -> None:
    """Closes what is older than three days and claims a little of the rest."""
    since = stamp(until - timedelta(days=OPEN_DAYS))
    with store.write() as db:
        db.execute(
            """UPDATE queue_items SET closed_by = (SELECT u.id FROM users u JOIN calls c ON c.team_id = u.team_id
                   WHERE c.id = queue_items.call_id AND u.role = 'lead'),
                   closed_at = queued_at, state = CASE WHEN call_id % 4 = 0 THEN 'dismissed' ELSE 'done' END,
                   note = CASE WHEN call_id % 4 = 0 THEN '说过了' ELSE '' END
               WHERE queued_at < ? AND call_id % 40 <> 0""",
            [since],
        )
        db.execute(
            """UPDATE queue_items SET claimed_until = ?, claimed_by = (SELECT u.id FROM users u JOIN calls c
                   ON c.team_id = u.team_id WHERE c.id = queue_items.call_id AND u.role = 'lead')
               WHERE state = 'open' AND call_id % 15 = 0""",
            [stamp(until + timedelta(hours=3))],
        )
        if "dismissal" in {row[1] for row in db.execute("PRAGMA table_info(queue_items)")}:
            db.execute("UPDATE queue_items SET dismissal = 'false-alarm' WHERE state = 'dismissed'")
            db.execute(
                """INSERT OR IGNORE INTO flag_outcomes
                       (call_id, rule, about, agent_id, team_id, rubric, outcome, closed_at)
                   SELECT f.call_id, f.rule, f.about, q.agent_id, q.team_id, f.rubric,
                          CASE q.state WHEN 'done' THEN 'useful' ELSE 'false-alarm' END, q.closed_at
                   FROM flags f JOIN queue_items q ON q.call_id = f.call_id WHERE q.state <> 'open'"""
            )


def hold(store: Store, people: list[User], until: datetime, chance: random.Random) -> None:
    """A signed one-on-one with one agreement every three weeks, with every agent."""
    leads = {user.team_id: user for user in people if user.role == "lead"}
    with store.write():
        for agent in (user for user in people if user.role == "agent"):
            for ago in range(EVERY_DAYS * 4, 0, -EVERY_DAYS):
                at = until - timedelta(days=ago - chance.randint(0, 6))
                _talk(store, agent, leads[agent.team_id], at, until, chance.choice(MEASURES))


def _talk(store: Store, agent: User, lead: User, at: datetime, until: datetime, measure: str) -> None:
    held = stamp(at)
    session = _insert(store, "coaching_sessions", {
        "agent_id": agent.id, "lead_id": lead.id, "team_id": agent.team_id, "state": "held", "held_at": held,
        "created_at": held, "summary": "开场要说清来意", "lead_signed_at": held,
    })  # fmt: skip
    call = store.row(
        "SELECT id FROM calls WHERE agent_id = ? AND called_at < ? ORDER BY called_at DESC LIMIT 1", [agent.id, held]
    )
    _insert(store, "session_notes", {
        "session_id": session, "call_id": call["id"] if call else None, "start": 12.0, "quote": "您好",
        "words": "这里可以先问方不方便", "written_by": lead.id, "written_at": held,
    })  # fmt: skip
    ends = at + timedelta(days=14)
    over = ends < until
    _insert(store, "actions", {
        "session_id": session, "agent_id": agent.id, "lead_id": lead.id, "team_id": agent.team_id,
        "skill": measure.partition(":")[2].partition("/")[0], "behaviour": "开口三句话里说清来意", "measure": measure,
        "since": held, "until": stamp(ends), "state": "kept" if over else "open",
        "decided_at": stamp(ends) if over else None,
    })  # fmt: skip
    store.change(
        "UPDATE coaching_sessions SET state = 'signed', agent_signed_at = ? WHERE id = ?", [stamp(at), session]
    )


def share(store: Store, people: list[User], chance: random.Random) -> None:
    """Clips of every team."""
    leads = [user for user in people if user.role == "lead"]
    for number in range(CLIPS):
        lead = leads[number % len(leads)]
        call = store.row(
            """SELECT id FROM calls WHERE team_id = ? AND state = 'ready' AND seconds > 60
               ORDER BY called_at DESC LIMIT 1 OFFSET ?""",
            [lead.team_id, 7 * (number // len(leads))],
        )
        if call:
            clips.add(store, lead, call["id"], 5.0, 35.0, f"案例 {number}", chance.choice(clips.AUDIENCES),
                      hide_names=number % 2 == 0, shared=chance.choice(("team", "all")))  # fmt: skip


def _insert(store: Store, table: str, values: dict[str, Any]) -> int:
    return int(str(store.db.table(table).insert(values).last_pk))
