"""Lanes of the waveform and stages of the call."""

from typing import Any

from api.views.sound import bands, lanes
from assist.scripts.library import Library, Point, Stage

TURNS = [
    {"speaker": "agent", "start": 0.0, "end": 4.9},
    {"speaker": "customer", "start": 5.0, "end": 9.9},
]
FIRST_HALF, SECOND_HALF = [1.0] * 5 + [0.0] * 5, [0.0] * 5 + [1.0] * 5


def test_a_channel_belongs_to_who_speaks_in_it() -> None:
    assert lanes([FIRST_HALF, SECOND_HALF], TURNS, 10.0) == {"agent": FIRST_HALF, "customer": SECOND_HALF}


def test_swapped_channels_are_told_apart() -> None:
    assert lanes([SECOND_HALF, FIRST_HALF], TURNS, 10.0) == {"agent": FIRST_HALF, "customer": SECOND_HALF}


def test_one_channel_is_cut_up_by_turns() -> None:
    assert lanes([[0.5] * 10], TURNS, 10.0) == {"agent": [0.5] * 5 + [0.0] * 5, "customer": [0.0] * 5 + [0.5] * 5}


def test_nothing_recorded_draws_nothing() -> None:
    assert lanes([], [], 0.0) == {"agent": [], "customer": []}


def library(*stages: str) -> Library:
    made = tuple(Stage(stage, stage.title(), (Point(stage, stage, ("x",)),)) for stage in stages)  # type: ignore[arg-type]
    return Library("c", "C", made)


def said(**starts: float | None) -> dict[str, Any]:
    return {"points": [{"id": point, "start": start} for point, start in starts.items()]}


def test_a_stage_begins_with_its_first_point() -> None:
    found = bands(said(opening=2.0, pitch=40.0), library("opening", "pitch"), 100.0)
    assert [(band.stage, band.start, band.end) for band in found] == [("opening", 0.0, 40.0), ("pitch", 40.0, 100.0)]
    assert [(band.left, band.width) for band in found] == [(0.0, 40.0), (40.0, 60.0)]


def test_a_point_said_out_of_order_moves_no_stage() -> None:
    report = said(opening=90.0, discovery=10.0, pitch=40.0, close=80.0)
    found = bands(report, library("opening", "discovery", "pitch", "close"), 100.0)
    assert [band.stage for band in found] == ["discovery", "pitch", "close"]


def test_a_call_without_points_has_no_stages() -> None:
    assert bands(said(opening=None), library("opening"), 100.0) == []
