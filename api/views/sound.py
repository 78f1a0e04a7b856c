"""What the player shows beside the sound itself: one lane a speaker, and where each stage of the script lies."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assist.scripts.library import STAGES, Library, StageName

Peaks = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Band:
    """A stage from second to second, and as shares of the whole (0–100) for drawing."""

    stage: StageName
    title: str
    start: float
    end: float
    left: float
    width: float


def lanes(peaks: Peaks, turns: Sequence[dict[str, Any]], seconds: float) -> dict[str, list[float]]:
    """The peaks of agent and customer. Two channels: each belongs to whoever speaks in it; one: cut up by turns."""
    if len(peaks) >= 2:
        first, second = list(peaks[0]), list(peaks[1])
        agent_first = _agent_share(first, turns, seconds) >= _agent_share(second, turns, seconds)
        return {"agent": first, "customer": second} if agent_first else {"agent": second, "customer": first}
    heights = list(peaks[0]) if peaks else []
    customer = _spoken_by("customer", len(heights), turns, seconds)
    return {
        "agent": [0.0 if theirs else height for height, theirs in zip(heights, customer, strict=True)],
        "customer": [height if theirs else 0.0 for height, theirs in zip(heights, customer, strict=True)],
    }


def bands(analysis: dict[str, Any], library: Library, seconds: float) -> list[Band]:
    """Where the stages lie, told by the points that were said: the order of a call that fits most of them."""
    stage_of = {point.id: stage for stage, point in library.points()}
    said = sorted(
        (point["start"], STAGES.index(stage_of[point["id"]]))
        for point in analysis["points"]
        if point.get("start") is not None and point["id"] in stage_of
    )
    if not said or seconds <= 0:
        return []
    starts = _first_seconds(_in_order(said))
    edges = [0.0, *(start for start, _ in starts[1:]), seconds]
    titles = {stage.stage: stage.title for stage in library.script}
    return [
        _band(STAGES[stage], titles, start, end, seconds)
        for (_, stage), start, end in zip(starts, edges, edges[1:], strict=False)
    ]


def _band(stage: StageName, titles: dict[StageName, str], start: float, end: float, seconds: float) -> Band:
    left, width = 100 * start / seconds, 100 * (end - start) / seconds
    return Band(stage, titles.get(stage, stage), start, end, round(left, 2), round(max(0.0, width), 2))


def _in_order(said: Sequence[tuple[float, int]]) -> list[tuple[float, int]]:
    """The longest run of points whose stages never go back (patience sorting; of equals, the later start)."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int | None] = []
    for index, (_, stage) in enumerate(said):
        place = bisect_right(ends, stage)
        before.append(last[place - 1] if place else None)
        ends[place:] = [stage, *ends[place + 1 :]]
        last[place:] = [index, *last[place + 1 :]]
    run: list[tuple[float, int]] = []
    step: int | None = last[-1]
    while step is not None:
        run.append(said[step])
        step = before[step]
    return run[::-1]


def _first_seconds(run: Sequence[tuple[float, int]]) -> list[tuple[float, int]]:
    firsts: dict[int, float] = {}
    for start, stage in run:
        firsts.setdefault(stage, start)
    return [(start, stage) for stage, start in firsts.items()]


def _agent_share(heights: Sequence[float], turns: Sequence[dict[str, Any]], seconds: float) -> float:
    agent = _spoken_by("agent", len(heights), turns, seconds)
    customer = _spoken_by("customer", len(heights), turns, seconds)
    signs = ((a - c) * height for a, c, height in zip(agent, customer, heights, strict=True))
    return sum(signs) / (sum(heights) or 1.0)


def _spoken_by(speaker: str, columns: int, turns: Sequence[dict[str, Any]], seconds: float) -> list[bool]:
    spoken = [False] * columns
    for turn in turns:
        if turn["speaker"] == speaker and seconds > 0:
            first, end = (int(columns * min(1.0, turn[edge] / seconds)) for edge in ("start", "end"))
            spoken[first : end + 1] = [True] * len(spoken[first : end + 1])
    return spoken
