"""How clips are dealt out to what runs side by side."""

import numpy as np
import pytest

from models.speech import shares, sides

CLIPS = [np.full(1, number, dtype=np.float32) for number in range(11)]


@pytest.mark.parametrize("count", [0, 1, 2, 7, 8, 11])
def test_every_clip_is_dealt_once_and_in_order(count: int) -> None:
    dealt = [clip for part in shares(CLIPS[:count], 4, 2) for clip in part]
    assert [float(clip[0]) for clip in dealt] == list(range(count))


def test_no_side_waits_for_the_other() -> None:
    assert [len(part) for part in shares(CLIPS[:8], 8, 2)] == [4, 4]


def test_a_part_never_holds_more_than_a_batch() -> None:
    assert max(len(part) for part in shares(CLIPS, 3, 2)) <= 3


@pytest.mark.parametrize(("threads", "dealt"), [(1, (1, 1)), (2, (2, 1)), (8, (4, 2))])
def test_the_threads_of_a_processor_are_split_between_sides(threads: int, dealt: tuple[int, int]) -> None:
    assert sides("cpu", threads) == dealt


def test_a_graphics_card_works_on_one_batch_at_a_time() -> None:
    assert sides("cuda", 8)[0] == 1
