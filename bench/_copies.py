"""Many calls out of few: rows of judged calls, taken over for others, whatever tables a call has rows in."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from assist.store import Store, said
from assist.store.clock import stamp

OWN_BODIES = 10
"""One call in so many has a transcript and an analysis of its own; the others share one with calls that are alike."""
_OWN_WAY = {"calls", "said_calls", "analyses", "attempts", "corrections", "clips", "flag_examples", "samples"}
_BATCH = 5000


@dataclass(frozen=True, slots=True)
class Copy:
    """A call like `template`, of another agent at another time."""

    id: int
    template: int
    agent_id: int
    team_id: int
    at: datetime
    customer: str


def take_over(store: Store, copies: Iterable[Copy]) -> int:
    """Makes the calls with everything that hangs on them; how many."""
    made = 0
    words = _words(store)
    for batch in _batches(copies):
        with store.write() as db:
            db.execute("CREATE TEMP TABLE IF NOT EXISTS copy (id INTEGER PRIMARY KEY, template INTEGER, agent INTEGER, "
                       "team INTEGER, at TEXT, ready TEXT, customer TEXT, sha256 TEXT)")  # fmt: skip
            db.execute("DELETE FROM copy")
            db.conn.executemany("INSERT INTO copy VALUES (?, ?, ?, ?, ?, ?, ?, ?)", map(_row, batch))
            db.execute("INSERT INTO recordings (sha256, bytes, received_at) SELECT sha256, 2400000, ready FROM copy")
            _calls(store)
            for table in _tables(store):
                _take(store, table)
            _said(store, batch, words)
        made += len(batch)
    return made


def _row(copy: Copy) -> tuple[object, ...]:
    ready = stamp(copy.at + timedelta(minutes=20))
    return (copy.id, copy.template, copy.agent_id, copy.team_id, stamp(copy.at), ready, copy.customer,
            f"{copy.id:064x}")  # fmt: skip


def _calls(store: Store) -> None:
    own = {
        "id": "n.id", "sha256": "n.sha256", "agent_id": "n.agent", "team_id": "n.team", "called_at": "n.at",
        "uploaded_at": "n.ready", "ready_at": "n.ready", "customer": "n.customer", "uploaded_by": "n.agent",
        "file_name": "'call-' || n.id || '.wav'", "analysis_key": _own("o.analysis_key"), "seen_at": "n.ready",
    }  # fmt: skip
    columns = _columns(store, "calls")
    taken = ", ".join(own.get(name, f"o.{name}") for name in columns)
    store.db.execute(
        f"INSERT INTO calls ({', '.join(columns)}) SELECT {taken} FROM copy n JOIN calls o ON o.id = n.template"
    )
    store.db.execute(
        f"""INSERT INTO analyses (key, call_id, transcript_key, library_version_id, engine, body, created_at)
            SELECT {_own("a.key")}, n.id, a.transcript_key, a.library_version_id, a.engine, a.body, n.ready
            FROM copy n JOIN calls o ON o.id = n.template JOIN analyses a ON a.key = o.analysis_key
            WHERE n.id % {OWN_BODIES} = 0"""
    )


def _own(key: str) -> str:
    return f"CASE WHEN n.id % {OWN_BODIES} = 0 THEN {key} || '-' || n.id ELSE {key} END"


def _tables(store: Store) -> Iterator[str]:
    """Tables in which judged calls have rows by now."""
    for (name,) in store.db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
        points = {(row[3], row[2]) for row in store.db.execute(f"PRAGMA foreign_key_list({name})")}
        if ("call_id", "calls") in points and name not in _OWN_WAY:
            yield name


def _take(store: Store, table: str) -> None:
    own = {"call_id": "n.id", "agent_id": "n.agent", "team_id": "n.team", "queued_at": "n.ready"}
    own |= {"analysis_key": _own("o.analysis_key")}
    columns = [name for name in _columns(store, table) if name != "id"]
    taken = ", ".join(own.get(name, f"o.{name}") for name in columns)
    store.db.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) "
        f"SELECT {taken} FROM copy n JOIN {table} o ON o.call_id = n.template"
    )


def _columns(store: Store, table: str) -> list[str]:
    return [row[1] for row in store.db.execute(f"PRAGMA table_info({table})")]


def _words(store: Store) -> dict[int, tuple[tuple[str, str], str]]:
    """By template: its row in the index, and its campaign."""
    campaigns = {row["id"]: row["campaign"] for row in store.rows("SELECT id, campaign FROM calls")}
    found = said.lines(store, campaigns)
    return {call: (said.indexed([line.text for line in lines], ()), campaigns[call]) for call, lines in found.items()}


def _said(store: Store, batch: list[Copy], words: dict[int, tuple[tuple[str, str], str]]) -> None:
    indexed = [copy for copy in batch if copy.template in words]
    places = [(copy.id, said.first_place(copy.at) | copy.id, copy.template) for copy in indexed]
    store.db.conn.executemany(
        """INSERT INTO said_calls (call_id, transcript_key, place, body)
           SELECT ?, transcript_key, ?, body FROM said_calls WHERE call_id = ?""",
        places,
    )
    store.db.conn.executemany(
        "INSERT INTO said_words (rowid, words, facts) VALUES (?, ?, ?)",
        [
            (place, words[copy.template][0][0],
             " ".join([*said.facts_of(team=copy.team_id, agent=copy.agent_id, campaign=words[copy.template][1]),
                       words[copy.template][0][1]]))
            for copy, (_, place, _) in zip(indexed, places, strict=True)
        ],
    )  # fmt: skip


def _batches(copies: Iterable[Copy]) -> Iterator[list[Copy]]:
    batch: list[Copy] = []
    for copy in copies:
        batch.append(copy)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def spread(
    number: int,
    first: int,
    templates: dict[str, list[int]],
    agents: list[tuple[int, int, str]],
    days: int,
    until: datetime,
    chance: random.Random,
) -> Iterator[Copy]:
    """`number` calls over `days` before `until`, in the order of their time. `templates` by campaign, the worst first;
    agents (id, team, campaign) have a level of their own that drifts a little."""
    level = {agent: chance.uniform(0.25, 0.75) for agent, _, _ in agents}
    drift = {agent: chance.uniform(-0.15, 0.25) for agent, _, _ in agents}
    for count in range(number):
        share = count / number
        agent, team, campaign = chance.choice(agents)
        known = templates[campaign]
        place = chance.gauss(level[agent] + drift[agent] * share, 0.22)
        day = until - timedelta(days=days) + timedelta(days=int(share * days))
        at = day.replace(hour=0) + timedelta(hours=1, seconds=chance.uniform(0, 9 * 3600))  # 9 to 18 o'clock in China
        name = chance.choice("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨") + chance.choice(("先生", "女士"))
        template = known[min(len(known) - 1, max(0, int(place * len(known))))]
        yield Copy(first + count, template, agent, team, min(at, until - timedelta(minutes=30)), name)
