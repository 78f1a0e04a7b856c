"""How far a call is: the only place that moves its state while it is worked on.

Every move names the run it belongs to. A run that was cancelled or replaced by another moves nothing any more and
learns it by `Superseded`.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assist.analysis.findings import SKILLS
from assist.calls.calls import Failure, State
from assist.coaching import clip_words, queue
from assist.errors import AssistError
from assist.ports import Progress
from assist.privacy import Kind, veil
from assist.store import Store, attempts, criteria, libraries, said, said_numbers, shown, spoken
from assist.store.clock import stamp
from assist.store.signs import tokens

WRITE_EVERY_SECONDS = 0.5


class Superseded(Exception):
    """The call was cancelled or begun anew meanwhile."""


def enter(store: Store, call_id: int, run: int, state: State, step: str = "", share: float = 0.0) -> None:
    """The call is in `state` now. Raises Superseded."""
    _move(store, call_id, run, {"state": state, "step": step, "progress": share, "remaining_s": None})


def reporter(store: Store, call_id: int, run: int, *, clock: Callable[[], float] = time.monotonic) -> Progress:
    """A Progress for hearing that shows the share transcribed and the seconds left. Calling it raises Superseded.

    What hearing does before and after is short and shown as 0 and as all done: the bar never runs backwards.
    """
    begun: list[tuple[float, float]] = []
    written = [float("-inf")]

    def report(step: str, share: float) -> None:
        now, words = clock(), step == "transcribing"
        if words and not begun:
            begun.append((now, share))
        elif words and share < 1 and now - written[0] < WRITE_EVERY_SECONDS:
            return
        written[0] = now
        shown = min(share, 1.0) if words else float(bool(begun))
        values = {"state": "transcribing", "step": step, "progress": shown, "remaining_s": left(begun, now, shown)}
        _move(store, call_id, run, values)

    return report


def left(begun: list[tuple[float, float]], now: float, share: float) -> float | None:
    """Seconds left if it goes on as since the beginning; None while there is nothing to tell by."""
    if not begun or share <= begun[0][1]:
        return None
    since, first = begun[0]
    return (now - since) / (share - first) * (1 - share)


def fail(store: Store, call_id: int, run: int, error: AssistError) -> None:
    """The call failed with a reason people can act on; results of finished steps stay for the next try."""
    reason = Failure.of(error)
    text = json.dumps({"code": reason.code, "message": reason.message, "facts": reason.facts}, ensure_ascii=False)
    with store.write():
        _move(store, call_id, run, {"state": "failed", "failure": text, "remaining_s": None})
        attempts.end(store, call_id)


@dataclass(frozen=True, slots=True)
class Masked:
    """What becomes of `report` before it is counted: it takes time, which nobody should spend in a transaction."""

    report: dict[str, Any]
    kinds: tuple[Kind, ...]
    numbers: tuple[str, ...]
    shown: dict[str, Any]


def masked(store: Store, call_id: int, report: dict[str, Any]) -> Masked:
    """The report as it is shown, and the numbers said in it. Its words are made ready for the index on the way."""
    kinds = tuple(shown.masking_of(store, call_id).kinds())
    found = veil.report(report, kinds)
    for turn in found["turns"]:
        tokens(turn["text"])
    return Masked(report, kinds, veil.numbers(report), found)


def ready(
    store: Store, call_id: int, run: int, keys: dict[str, Any], report: dict[str, Any], before: Masked | None = None
) -> None:
    """The call is judged: its row, its flags and its place in the queue change together. `before` is the report masked
    ahead of the transaction, taken where nothing has changed since. Raises Superseded."""
    with store.write():
        _move(store, call_id, run, _summary(report) | keys | {"state": "ready", "progress": 1.0, "ready_at": stamp()})
        _count(store, call_id, keys, report, before)
        attempts.end(store, call_id)


def restate(store: Store, call_id: int, keys: dict[str, Any], report: dict[str, Any]) -> None:
    """Another report of a ready call stands from now on: what people say of its findings is in it."""
    values = _summary(report) | keys
    with store.write():
        sets = ", ".join(f"{name} = :{name}" for name in values)
        store.change(f"UPDATE calls SET {sets} WHERE id = :call", values | {"call": call_id})
        _count(store, call_id, keys, report)


def _count(
    store: Store, call_id: int, keys: dict[str, Any], report: dict[str, Any], before: Masked | None = None
) -> None:
    """The rows that lists and figures are made of: masked, as they are shown."""
    kinds = tuple(shown.masking_of(store, call_id).kinds())
    fits = before is not None and before.report is report and before.kinds == kinds
    made = before if before is not None and fits else masked(store, call_id, report)
    library = libraries.library(store, keys["library_version_id"])
    said_numbers.put(store, call_id, made.numbers)
    report = made.shown
    spoken.put(store, call_id, keys["analysis_key"], report, library)
    criteria.put(store, call_id, keys["analysis_key"], report, library)
    queue.put(store, call_id, report)
    if said.put(store, call_id, report["turns"]):
        clip_words.refresh(store, call_id)


def _summary(report: dict[str, Any]) -> dict[str, Any]:
    """What lists show of an analysis."""
    flags, coaching = report["flags"], report["coaching"]
    scores = {name: report["scores"][name]["value"] for name in (*SKILLS, "overall")}
    return scores | {
        "step": "",
        "remaining_s": None,
        "failure": None,
        "seconds": report["recording"]["seconds"],
        "layout": report["recording"]["layout"],
        "outcome": report["outcome"]["value"],
        "focus": coaching["focus"],
        "priority": coaching["priority"],
        "flag_count": len(flags),
        "severity": max((queue.SEVERITY[flag["severity"]] for flag in flags), default=0),
    }


def _move(store: Store, call_id: int, run: int, values: dict[str, Any]) -> None:
    sets = ", ".join(f"{name} = :{name}" for name in values)
    touched = store.change(
        f"UPDATE calls SET {sets} WHERE id = :call AND run = :run AND state NOT IN ('ready', 'failed', 'cancelled')",
        values | {"call": call_id, "run": run},
    )
    if not touched:
        raise Superseded
