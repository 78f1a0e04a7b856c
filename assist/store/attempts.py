"""Which call a worker was at when it died, so that a recording that kills its worker is found and set aside.

A crash is a death the recording may have caused (a signal from inside, memory run out); being killed from outside is
a mere death. A step that is finished wipes the slate.
"""

from assist.store import Store

MOST_CRASHES = 3
MOST_DEATHS = 25


def begin(store: Store, call_id: int, step: str, worker: str) -> bool:
    """Notes that the step begins; False where the call has killed its workers too often in it."""
    with store.write() as db:
        row = store.row("SELECT step, running, crashes, deaths FROM attempts WHERE call_id = ?", [call_id])
        crashes = deaths = 0
        if row is not None and row["step"] == step:
            crashes, deaths = row["crashes"], row["deaths"] + row["running"]
        doomed = crashes >= MOST_CRASHES or deaths >= MOST_DEATHS
        values = {"call_id": call_id, "step": step, "worker": worker, "crashes": crashes, "deaths": deaths}
        db.table("attempts").upsert(values | {"running": int(not doomed)}, pk="call_id")
        return not doomed


def end(store: Store, call_id: int) -> None:
    """The step came to an end, well or with a reason."""
    store.change("DELETE FROM attempts WHERE call_id = ?", [call_id])


def worker_died(store: Store, worker: str, *, crashed: bool) -> None:
    """What the worker was at has one death more, and one crash where it was not killed from outside."""
    store.change(
        "UPDATE attempts SET running = 0, deaths = deaths + 1, crashes = crashes + ? WHERE worker = ? AND running",
        [int(crashed), worker],
    )


def worker_stopped(store: Store, worker: str) -> None:
    """The worker was asked to stop: nobody's fault."""
    store.change("UPDATE attempts SET running = 0 WHERE worker = ?", [worker])
