"""A store as a large team has it after some months: `python -m bench.fill [--folder data/bench]`.

100,000 calls of 300 agents in 30 teams with a lead each. A few hundred invented calls are judged by the product, then
their rows are taken over for all the others, so that every table is as full as it would be. One seed, one store.
"""

import argparse
import logging
import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import structlog

from assist.config import Settings
from assist.people import passwords, users
from assist.people.users import User
from assist.store import Store
from assist.store.clock import now, stamp
from bench import _copies, _practice, _talks

FOLDER = Path("data/bench")
PASSWORD = "assist-bench"  # noqa: S105 of people who are nobody
SEED = 20261122
Made = TypeVar("Made")
_SURNAMES, _GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张", "敏静丽强磊军洋艳勇娟涛明超秀霞平刚桂英华"


def main() -> None:
    options = _options()
    settings = Settings(data=options.folder, _env_file=None)
    if settings.database.exists():
        print(f"{options.folder} is filled already; remove it to fill it anew")
        return
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    begun = time.perf_counter()
    store = Store(settings)
    for pragma in ("synchronous = OFF", "cache_size = -400000", "temp_store = MEMORY"):
        store.db.execute(f"PRAGMA {pragma}")
    fill(store, options, random.Random(SEED))  # noqa: S311 the same store every time
    for statement in ("ANALYZE", "PRAGMA wal_checkpoint(TRUNCATE)"):
        store.db.execute(statement)
    _tell(store)
    store.close()
    size = settings.database.stat().st_size / 1024**2
    print(f"{'seconds':<24}{time.perf_counter() - begun:>12,.0f}\n{'megabytes':<24}{size:>12,.0f}")


def fill(store: Store, options: argparse.Namespace, chance: random.Random) -> None:
    until = now().replace(minute=0, second=0, microsecond=0)
    begins = until - timedelta(days=options.days + 5)
    people = _timed("people", lambda: _people(store, options, until, chance))
    agents = [user for user in people if user.role == "agent"]
    admin = next(user for user in people if user.role == "admin")
    _practice.publish(store, admin, begins)
    judged = _timed(
        "judged calls",
        lambda: list(_practice.bring_in(store, agents, options.judged, until - timedelta(days=options.days), chance)),
    )
    campaigns = _practice.CAMPAIGNS
    of_agents = [(user.id, user.team_id or 0, campaigns[(user.team_id or 0) % len(campaigns)]) for user in agents]
    copies = _copies.spread(
        options.calls - len(judged), judged[-1] + 1, _by_level(store), of_agents, options.days, until, chance
    )
    _timed("calls", lambda: _copies.take_over(store, copies))
    _timed("queue", lambda: _talks.work_queue(store, until, chance))
    _timed("one-on-ones", lambda: _talks.hold(store, people, until, chance))
    _timed("clips and verdicts", lambda: _talks.share(store, people, chance))


def _people(store: Store, options: argparse.Namespace, until: datetime, chance: random.Random) -> list[User]:
    """All with one password: hashing is slow on purpose."""
    hashed = passwords.hash_code(store.settings, PASSWORD)
    teams = [users.team_named(store, f"{number}组").id for number in range(1, options.teams + 1)]
    rows = [("root", "admin", None, 900), ("editor", "editor", None, 700)]
    rows += [(f"lead{number}", "lead", team, 600) for number, team in enumerate(teams, 1)]
    rows += [
        (f"agent{number}", "agent", teams[number % len(teams)], chance.randint(5, 700))
        for number in range(1, options.agents + 1)
    ]
    with store.write() as db:
        db.table("users").insert_all(
            {
                "login": login, "name": chance.choice(_SURNAMES) + "".join(chance.choices(_GIVEN, k=2)), "role": role,
                "team_id": team, "language": "zh-CN", "password_hash": hashed, "created_at": stamp(until),
                "joined_on": (until - timedelta(days=ago)).date().isoformat(),
            }
            for login, role, team, ago in rows
        )  # fmt: skip
    return users.listing(store)


def _by_level(store: Store) -> dict[str, list[int]]:
    rows = store.rows("SELECT id, campaign FROM calls WHERE state = 'ready' ORDER BY overall, id")
    return {name: [row["id"] for row in rows if row["campaign"] == name] for name in _practice.CAMPAIGNS}


def _timed(what: str, work: Callable[[], Made]) -> Made:
    begun = time.perf_counter()
    made = work()
    print(f"{what:<24}{time.perf_counter() - begun:>10.1f} s", flush=True)
    return made


def _tell(store: Store) -> None:
    """How many rows every table has."""
    for (name,) in store.db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
        if not name.startswith(("said_words_", "sqlite_", "_")):
            count = store.value(f"SELECT count(*) FROM {name}")
            if count:
                print(f"{name:<24}{count:>12,}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    for name, default in (("calls", 100_000), ("agents", 300), ("teams", 30), ("judged", 240), ("days", 90)):
        parser.add_argument(f"--{name}", type=int, default=default)
    return parser.parse_args()


if __name__ == "__main__":
    main()
