"""How clips are dealt out to what runs side by side, and heard again where that failed."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from models.speech import Hints, Whisper, shares, sides

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


class Looping:
    """A model that says the same over and over until it is forbidden to; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def transcribe(self, _clip: object, **options: Any) -> tuple[list[SimpleNamespace], None]:
        self.asked.append(options)
        free = "no_repeat_ngram_size" not in options
        word = SimpleNamespace(word="收" * 50 if free else "好的", start=0.0, end=1.0, probability=0.9)
        ratio = 12.0 if free else 1.0
        return [SimpleNamespace(words=[word], avg_logprob=-0.2, no_speech_prob=0.0, compression_ratio=ratio)], None


@pytest.fixture
def whisper(monkeypatch: pytest.MonkeyPatch) -> tuple[Whisper, Looping]:
    found, model = Whisper("base"), Looping()
    monkeypatch.setattr(found, "_loaded", model)
    return found, model


def test_a_loop_is_tried_again_without_repeating_itself(whisper: tuple[Whisper, Looping]) -> None:
    recogniser, model = whisper
    assert recogniser.again(CLIPS[0], Hints()).text == "好的"
    assert len(model.asked) == 2


def test_no_try_leaves_anything_to_chance(whisper: tuple[Whisper, Looping]) -> None:
    recogniser, model = whisper
    recogniser.again(CLIPS[0], Hints())
    assert {asked["temperature"] for asked in model.asked} == {0.0}
