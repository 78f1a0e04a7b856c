import pickle
from pathlib import Path

import numpy as np
import pytest

from models import ge2e, voices
from models.audio import decode
from models.regions import Region

SPEECH = Path(__file__).parents[1] / "data" / "read.flac"


def test_a_file_of_weights_can_name_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "evil.pt"
    path.write_bytes(pickle.dumps(print))
    with pytest.raises(pickle.UnpicklingError):
        ge2e.read_legacy_torch(path)


@pytest.mark.real
def test_vectors_have_length_one_and_one_voice_is_near_itself() -> None:
    mels = ge2e.mel_frames(decode(SPEECH).samples(0))
    vectors = ge2e.embed(mels, np.array([20, 60, 100]), 100)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert (vectors @ vectors.T).min() > 0.6


def faster(samples: np.ndarray, factor: float) -> np.ndarray:
    """Another, higher voice: the same speech played faster."""
    return np.interp(np.arange(0, len(samples), factor), np.arange(len(samples)), samples).astype(np.float32)


@pytest.mark.real
def test_a_high_and_a_low_voice_are_told_apart() -> None:
    low = decode(SPEECH).samples(0)
    high = faster(low, 1.35)
    sound, speech, truth = [], [], []
    place = 0.0
    for i in range(8):
        part = high if i % 2 else low
        sound += [part, np.zeros(8000, dtype=np.float32)]
        speech.append(Region(place, place + len(part) / 16_000))
        truth.append(i % 2)
        place += len(part) / 16_000 + 0.5
    found = voices.separate(np.concatenate(sound), speech)
    sides = [found.between(region.start, region.end) > 0 for region in speech]
    assert found.confidence > 0.9
    assert sides in ([bool(t) for t in truth], [not t for t in truth])


def test_too_little_speech_says_nothing() -> None:
    found = voices.separate(np.zeros(16_000, dtype=np.float32), [Region(0.2, 0.9)])
    assert found.confidence == 0
    assert found.between(0, 1) == 0
