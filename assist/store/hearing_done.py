"""How much each worker has heard and how long that took, since it first did: for figures of speed."""

from dataclasses import dataclass

from assist.store import Store


@dataclass(frozen=True, slots=True)
class Done:
    """Totals that only grow."""

    worker: str
    recordings: int
    sound_seconds: float
    took_seconds: float


ELSEWHERE = "elsewhere"
"""All workers on other machines together: how long hearing took is known only there."""


def note(store: Store, worker: str, *, sound: float, took: float = 0.0) -> None:
    """One more recording of `sound` seconds, heard in `took` seconds."""
    store.change(
        """INSERT INTO hearing_done VALUES (:worker, 1, :sound, :took) ON CONFLICT (worker) DO UPDATE SET
           recordings = recordings + 1, sound_seconds = sound_seconds + :sound, took_seconds = took_seconds + :took""",
        {"worker": worker, "sound": sound, "took": took},
    )


def listing(store: Store) -> list[Done]:
    return [Done(**row) for row in store.rows("SELECT * FROM hearing_done ORDER BY worker")]
