import numpy as np
import pytest

from models.clips import Clip, pack, split_long
from models.regions import FRAME_SECONDS, Region


def test_neighbours_share_a_clip_up_to_its_length() -> None:
    found = [Region(i * 10.0, i * 10.0 + 9.0) for i in range(6)]
    clips = pack(0, found)
    assert [len(clip.regions) for clip in clips] == [2, 2, 2] or [len(clip.regions) for clip in clips] == [3, 3]
    assert all(clip.seconds <= 28 for clip in clips)


def test_times_in_a_clip_are_times_in_the_recording() -> None:
    clip = Clip(0, (Region(10, 12), Region(20, 25)), gap=0.3)
    assert clip.place(1.0) == (0, pytest.approx(11.0))
    assert clip.place(3.3) == (1, pytest.approx(21.0))


def test_a_time_in_the_gap_stays_inside_a_region() -> None:
    clip = Clip(0, (Region(10, 12), Region(20, 25)), gap=0.3)
    assert clip.place(2.1) == (0, 12)
    assert clip.place(2.2) == (1, 20)


def test_a_long_region_is_cut_where_nobody_speaks() -> None:
    probabilities = np.full(int(40 / FRAME_SECONDS), 0.9, dtype=np.float32)
    probabilities[int(18 / FRAME_SECONDS) : int(18.5 / FRAME_SECONDS)] = 0.1
    one, other = split_long([Region(0, 40)], probabilities)
    assert one.end == other.start == pytest.approx(18.25, abs=0.2)
