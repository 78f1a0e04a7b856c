from pathlib import Path

import numpy as np
import pytest

from models.audio import decode
from models.speech import Heard, Hints, Samples, Whisper

SPEECH = Path(__file__).parents[1] / "data" / "read.flac"
pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def whisper() -> Whisper:
    return Whisper("base", device="cpu", threads=1)


@pytest.fixture(scope="module")
def speech() -> Samples:
    return decode(SPEECH).samples(0)


def heard(whisper: Whisper, *clips: Samples) -> list[Heard]:
    return [one for batch in whisper.batches(clips, Hints()) for one in batch]


def test_words_are_in_order_and_inside_their_clip(whisper: Whisper, speech: Samples) -> None:
    (one,) = heard(whisper, speech)
    starts = [word.start for word in one.words]
    assert len(starts) > 3
    assert starts == sorted(starts)
    assert one.words[-1].end <= len(speech) / 16_000 + 0.1


def test_company_in_a_batch_changes_nothing_but_the_window(whisper: Whisper, speech: Samples) -> None:
    later = np.concatenate([np.zeros(32_000, np.float32), speech])
    alone, (first, second) = heard(whisper, speech), heard(whisper, speech, later)
    assert alone[0].text == first.text
    assert second.words[0].end > first.words[0].end + 1.5


def test_nothing_to_hear_is_no_error(whisper: Whisper) -> None:
    (one,) = heard(whisper, np.zeros(32_000, np.float32))
    assert len(one.text) < 20
