"""A worker on the real work queue (DBOS on SQLite) with the fake engine, to be killed at any moment."""

import time
from pathlib import Path
from typing import Any

from assist import jobs, pipeline
from assist.calls import calls, recordings
from assist.fleet import upkeep
from assist.pipeline import Pipeline
from assist.store import Store
from tests import fakes
from tests.chaos import state
from tests.chaos.nursery import Acknowledge
from tests.chaos.points import Points

LONGEST_SECONDS = 30


def bring(acknowledge: Acknowledge, points: Points, folder: str, first: int, count: int) -> None:
    """More recordings come in."""
    store = state.opened(folder)
    for number in range(first, first + count):
        content = fakes.recording(f"customer: 喂 {number}", "agent: 您好，终身免费")
        recording = recordings.receive(store, [content], f"{number}.wav")
        call, _ = calls.add(store, state.person(store, "agent"), recording)
        jobs.submit(store, call.id)


def again(acknowledge: Acknowledge, points: Points, folder: str, most: int) -> None:
    """A lead has ready calls judged again."""
    store = state.opened(folder)
    for row in store.rows("SELECT id FROM calls WHERE state = 'ready' ORDER BY id DESC LIMIT ?", [most]):
        pipeline.rejudge(store, state.person(store, "lead"), row["id"])


def work(acknowledge: Acknowledge, points: Points, folder: str) -> int:
    """Until nothing is left to do; how many calls are ready."""
    settings = state.settings_of(folder).model_copy(update={"jobs_at_once": 2})
    store = Store(settings)
    recordings.sweep(settings)
    upkeep.reconcile(store, thoroughly=True)
    running = jobs.running(Pipeline(store, fakes.FakeEngine(settings.data / "heard.log")))
    running.__enter__()  # never left: a worker exits in it too
    deadline = time.monotonic() + LONGEST_SECONDS
    while _left(store) and time.monotonic() < deadline:
        time.sleep(0.02)
    return int(store.value("SELECT count(*) FROM calls WHERE state = 'ready'"))


def look(acknowledge: Acknowledge, points: Points, folder: str) -> Any:
    store = state.opened(folder)
    return {"wrong": state.wrong(store), "doubled": _doubled(store), "heard": _heard(store), "left": _left(store)}


def _doubled(store: Store) -> list[str]:
    """What there is more than once, or less: a transcript, an analysis of each call, an entry of each deed, a run for
    each time that somebody asked for one."""
    rows = store.rows("""
        SELECT c.id, c.run,
               (SELECT count(*) FROM transcripts t WHERE t.sha256 = c.sha256) AS transcripts,
               (SELECT count(*) FROM analyses a WHERE a.call_id = c.id) AS analyses,
               (SELECT count(*) FROM audit x WHERE x.object = 'call:' || c.id AND x.action = 'call.upload') AS uploads,
               (SELECT count(*) FROM audit x WHERE x.object = 'call:' || c.id AND x.action = 'call.rejudge') AS again
        FROM calls c
    """)
    wanted = {"transcripts": 1, "analyses": 1, "uploads": 1}
    return [f"{row}" for row in rows if row | wanted != row or row["run"] != 1 + row["again"]]


def _left(store: Store) -> int:
    return int(store.value("SELECT count(*) FROM calls WHERE state NOT IN ('ready', 'failed', 'cancelled')"))


def _heard(store: Store) -> list[str]:
    """Recordings whose hearing began although their transcript was there."""
    done = {row["sha256"]: row["created_at"] for row in store.rows("SELECT sha256, created_at FROM transcripts")}
    log = Path(store.settings.data / "heard.log")
    begun = [line.split() for line in log.read_text().splitlines()] if log.exists() else []
    return [sha256 for at, sha256 in begun if at > done.get(sha256, "9")]
