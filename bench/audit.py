"""How long the audit takes with a million entries: `python -m bench.audit [--entries 1000000]`.

Fills a folder of its own, which is deleted in the end, and times what administrators do: a page by each filter, all of
it as a file, the check from where it was last found whole and the one from the first entry.
"""

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from assist.config import Settings
from assist.people import audit, audit_check, audit_files, audit_list, users
from assist.people.audit import Entry
from assist.people.audit_list import Filters
from assist.people.users import User
from assist.store import Store, audit_head
from assist.store.chain import ORIGIN, chained
from assist.store.clock import now, stamp

LIMIT = 0.3
ACTIONS = ("call.open", "call.hear", "session.start", "queue.claim", "queue.done", "analysis.export", "finding.rule")
PEOPLE, CALLS, SEED = 330, 100_000, 20261122


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="assist-audit-") as folder:
        store = Store(Settings(data=Path(folder), _env_file=None))
        admin = users.create(store, "root", "root", "admin", "assist-bench-root")
        _timed(f"{options.entries:,} entries filled in", lambda: fill(store, options.entries))
        _pages(store, admin, now())
        _timed("check from the first entry", lambda: audit_check.verify(store, thorough=True))
        _timed("check from the last whole one", lambda: audit_check.verify(store))
        _timed("one entry written", lambda: audit.record(store, admin, "call.open", "call:1"))
        _timed("all of it as JSON lines", lambda: sum(map(len, audit_files.written(_all(store, admin), "jsonl"))))
        store.close()


def fill(store: Store, count: int) -> None:
    """As `audit.record` does it, many to a transaction."""
    chance, begins = random.Random(SEED), now() - timedelta(days=180)  # noqa: S311 the same entries every time
    entries = [_entry(number, count, begins, chance) for number in range(1, count + 1)]
    with store.write() as db:
        rows = ((*entry, made) for entry, (_, made) in zip(entries, chained(ORIGIN, entries), strict=True))
        db.conn.executemany("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        store.when_committed("audit head", audit_head.publish)


def _entry(number: int, count: int, begins: datetime, chance: random.Random) -> tuple[object, ...]:
    person = chance.randrange(1, PEOPLE)
    at = stamp(begins + timedelta(days=180) * number / count)
    detail = json.dumps({"turn": chance.randrange(60)})
    return number, at, person, f"user{person}", chance.choice(ACTIONS), f"call:{chance.randrange(CALLS)}", detail


def _pages(store: Store, admin: User, until: datetime) -> None:
    week = until - timedelta(days=7)
    looked_for = {
        "the latest": Filters(),
        "the last page that is counted": Filters(page=10_000),
        "a person": Filters(user_id=7),
        "an action": Filters(action="call.open"),
        "an object": Filters(object="call:77"),
        "a week": Filters(since=week, until=until),
        "a person's action": Filters(user_id=7, action="queue.done"),
        "a person's week": Filters(user_id=7, since=week),
        "an action nobody did": Filters(action="library.publish"),
        "an object and an action": Filters(object="call:77", action="finding.rule"),
    }
    for name, wanted in looked_for.items():
        took = _timed(f"page: {name}", lambda wanted=wanted: audit_list.listing(store, admin, wanted))  # type: ignore[misc]
        if took > LIMIT:
            print(f"  over {LIMIT} s")
    _timed("the actions to choose from", lambda: audit_list.actions(store))


def _all(store: Store, admin: User) -> Iterator[Entry]:
    return audit_list.export(store, admin, kind="jsonl")


def _timed(name: str, work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    took = time.perf_counter() - begun
    print(f"{name:<34}{took * 1000:>12,.1f} ms")
    return took


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--entries", type=int, default=1_000_000)
    return parser.parse_args()


if __name__ == "__main__":
    main()
