"""What a folder holds, told so that two folders can be compared, and what must hold of any folder at any time."""

from collections import Counter
from pathlib import Path
from typing import Any

from assist import doctor, jobs, mending
from assist.calls import calls
from assist.calls.calls import Call
from assist.config import Settings
from assist.fleet import upkeep
from assist.people import users
from assist.people.users import User
from assist.store import Store
from tests.conftest import PERSONAS

_PASSING = frozenset({"attempts", "sqlite_sequence", "sign_in_failures", "turns_drawn"})
"""Tables that say nothing of what was done."""


def opened(folder: str) -> Store:
    return Store(settings_of(folder))


def settings_of(folder: str) -> Settings:
    return Settings(data=Path(folder), _env_file=None)


def person(store: Store, persona: str) -> User:
    return users.by_login(store, PERSONAS[persona][0])


def the_call(store: Store) -> Call:
    return calls.load(store, int(store.value("SELECT min(id) FROM calls")))


def told(store: Store) -> dict[str, Any]:
    """Rows of every table, every audited deed with its count, every file: the same however often the work was broken
    off, unless something was lost or done twice."""
    tables = [row["name"] for row in store.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    deeds = Counter(f"{row['action']} {row['object']}" for row in store.rows("SELECT action, object FROM audit"))
    files = store.settings.recordings.rglob("*")
    return {
        "rows": {name: store.value(f"SELECT count(*) FROM [{name}]") for name in tables if not _is_passing(name)},
        "audit": dict(sorted(deeds.items())),
        "files": sorted(path.name for path in files if path.is_file()),
        "states": store.rows("SELECT id, sha256, state, run, enqueued_run FROM calls ORDER BY id"),
    }


def _is_passing(table: str) -> bool:
    return table in _PASSING or "_data" in table or "_idx" in table or "_docsize" in table


def not_once_in_queue(store: Store) -> list[str]:
    """Calls that wait to be worked on and are in the work queue never, or more than once."""
    waiting = store.rows("SELECT id, run FROM calls WHERE state = 'received'")
    if not waiting:
        return []
    live = ["ENQUEUED", "PENDING", "DELAYED"]
    found = jobs.client(store.settings).list_workflows(status=live, load_output=False)
    asked = Counter(pair for one in found for pair in _pairs(one.input["args"]))
    pairs = [(row["id"], row["run"]) for row in waiting]
    return [f"call {pair} is {asked[pair]} times in the work queue" for pair in pairs if asked[pair] != 1]


def _pairs(arguments: Any) -> list[tuple[int, int]]:
    """(call, run) of what a workflow works on: one, or many that are judged again."""
    first = arguments[0]
    return [(call, run) for call, run in first] if isinstance(first, list) else [tuple(arguments[:2])]


def wrong(store: Store) -> list[str]:
    """What the doctor finds wrong in the data, and files that nobody would ever clear away."""
    found = [check.text() for check in doctor.of_data(store) if not check.fine]
    left = mending.find(store, older=mending.NOW)
    return [*found, *(f"left over: {one}" for one in left.every()), *not_once_in_queue(store)]


def reopen(folder: str) -> Store:
    """As a worker does when it starts after a crash: open, sweep what was cut off (here at once, not after hours),
    compare the calls with the queue."""
    store = opened(folder)
    mending.mend(store, older=mending.NOW)
    upkeep.reconcile(store, thoroughly=True)
    return store
