from pathlib import Path

import numpy as np
import pytest

import models.regions
from models.audio import blocks, decode
from models.regions import FRAME_SECONDS, HOP, Settings, regions, speech_probabilities

RATE = 16_000
SPEECH = Path(__file__).parents[1] / "data" / "read.flac"


def tone(frequency: float, seconds: float) -> np.ndarray:
    return np.sin(2 * np.pi * frequency * np.arange(int(RATE * seconds)) / RATE)


def ringing(seconds: float, on: float, off: float) -> np.ndarray:
    once = np.concatenate([0.4 * tone(450, on), np.zeros(int(off * RATE))])
    return np.resize(once, int(seconds * RATE))


def keys(seconds: float) -> np.ndarray:
    low, high = (697, 770, 852, 941), (1209, 1336, 1477)
    presses = [0.2 * (tone(a, 0.1) + tone(b, 0.1)) for a in low for b in high]
    return np.resize(
        np.concatenate([np.concatenate([press, np.zeros(1600)]) for press in presses]), int(seconds * RATE)
    )


def pink(seconds: float) -> np.ndarray:
    count = int(seconds * RATE)
    spectrum = np.fft.rfft(np.random.default_rng(0).standard_normal(count))
    wave = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 1)), count)
    return 0.5 * wave / np.abs(wave).max()


def music(seconds: float) -> np.ndarray:
    """Chords that change every 0.4 s over a bass."""
    rng = np.random.default_rng(0)
    fade = np.exp(-3 * np.arange(int(0.4 * RATE)) / RATE)
    chords = []
    for step in rng.choice([0, 2, 4, 5, 7, 9, 11], int(seconds / 0.4)):
        root = 220 * 2 ** (step / 12)
        chord = sum(tone(root * part * 2 ** (k / 12), 0.4) / part for k in (0, 4, 7) for part in (1, 2, 3))
        chords.append((chord + tone(root / 2, 0.4)) * fade)
    wave = np.concatenate(chords)
    return 0.5 * wave / np.abs(wave).max()


def melody(seconds: float) -> np.ndarray:
    """A bowed instrument with vibrato over soft chords that swell and fade."""
    rng = np.random.default_rng(1)
    scale = (0, 2, 4, 5, 7, 9, 11, 12)
    notes: list[np.ndarray] = []
    place = 0
    while sum(map(len, notes)) < seconds * RATE:
        place = int(np.clip(place + rng.integers(-2, 3), 0, 7))
        notes.append(bowed(220 * 2 ** (scale[place] / 12), float(rng.choice([0.25, 0.5, 0.75, 1.0]))))
    tune = np.concatenate(notes)[: int(seconds * RATE)]
    chord = sum(tone(frequency, seconds) for frequency in (110, 138.6, 164.8))
    time = np.arange(len(tune)) / RATE
    fade = np.minimum(1, time / 3) * np.minimum(1, (time[-1] - time) / 3)
    wave = (tune + 0.4 * chord) * (0.6 + 0.4 * np.sin(2 * np.pi * time / 16)) * fade
    return 0.5 * wave / np.abs(wave).max()


def bowed(frequency: float, seconds: float) -> np.ndarray:
    time = np.arange(int(seconds * RATE)) / RATE
    phase = 2 * np.pi * frequency * time + frequency * 0.0069 * np.sin(2 * np.pi * 5.5 * time)
    swell = np.minimum(1, time / 0.05) * np.minimum(1, (seconds - time) / 0.08)
    return sum(np.sin(k * phase) / k**1.2 for k in range(1, 9)) * swell


def telephoned(wave: np.ndarray) -> np.ndarray:
    """As a telephone carries it: 300 to 3400 Hz."""
    spectrum, frequencies = np.fft.rfft(wave), np.fft.rfftfreq(len(wave), 1 / RATE)
    spectrum[(frequencies < 300) | (frequencies > 3400)] = 0
    return np.fft.irfft(spectrum, len(wave))


@pytest.mark.real
@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(40 * RATE),
        0.3 * np.random.default_rng(0).standard_normal(40 * RATE),
        pink(40),
        ringing(40, 1, 4),
        ringing(40, 0.35, 0.35),
        keys(40),
        music(40),
        melody(40),
        telephoned(melody(40)),
        telephoned(music(40)),
    ],
    ids=[
        "silence",
        "white noise",
        "pink noise",
        "ringing",
        "busy",
        "keys",
        "chords",
        "melody",
        "melody by phone",
        "chords by phone",
    ],
)
def test_nobody_speaks_in(sound: np.ndarray) -> None:
    probabilities = speech_probabilities([sound.astype(np.float32)])
    assert regions(probabilities, len(sound) / RATE) == []


@pytest.mark.real
def test_a_sentence_is_one_region_whole() -> None:
    sound = decode(SPEECH)
    found = regions(speech_probabilities(blocks(sound, 0)), sound.seconds)
    assert sum(region.seconds for region in found) > 0.6 * sound.seconds


@pytest.mark.real
def test_blocks_give_what_the_whole_gives() -> None:
    samples = decode(SPEECH).samples(0)
    pieces = [samples[i : i + 1000] for i in range(0, len(samples), 1000)]
    assert np.allclose(speech_probabilities([samples]), speech_probabilities(pieces), atol=1e-5)


def frames(*stretches: tuple[float, float]) -> np.ndarray:
    """(probability, seconds) → frames."""
    return np.concatenate([np.full(round(seconds / FRAME_SECONDS), p, dtype=np.float32) for p, seconds in stretches])


def test_a_short_pause_does_not_split() -> None:
    found = regions(frames((0, 1), (0.9, 1), (0, 0.2), (0.9, 1), (0, 1)), 4.2)
    assert len(found) == 1


def test_a_long_pause_splits_and_edges_are_padded() -> None:
    one, other = regions(frames((0, 1), (0.9, 1), (0, 1), (0.9, 1), (0, 1)), 5)
    assert one.start < 1.0 < 2.0 < one.end
    assert one.end <= other.start


def test_a_click_is_no_speech() -> None:
    assert regions(frames((0, 1), (0.9, 0.07), (0, 1)), 2.1, Settings()) == []


class Counting:
    """A network that hears speech in whatever is loud, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def run(self, _: None, feeds: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        self.asked += 1
        return np.array([[float(np.abs(feeds["input"]).max() > 0.1)]]), feeds["state"]


def test_an_hour_of_silence_is_not_listened_to(monkeypatch: pytest.MonkeyPatch) -> None:
    network = Counting()
    monkeypatch.setattr(models.regions, "_session", lambda: network)
    hiss = np.random.default_rng(0).uniform(-1e-4, 1e-4, 3600 * RATE).astype(np.float32)
    found = speech_probabilities([hiss, np.full(RATE, 0.5, dtype=np.float32)])
    assert network.asked < 60
    assert found[-30:].min() == 1
    assert found[: 3600 * RATE // HOP].max() == 0


@pytest.mark.real
def test_speech_after_a_long_silence_is_found_like_speech_after_a_short_one() -> None:
    speech = decode(SPEECH).samples(0)
    short, long = (np.zeros(HOP * frames, dtype=np.float32) for frames in (20, 2000))
    after_short, after_long = (speech_probabilities([still, speech])[-len(speech) // HOP :] for still in (short, long))
    assert np.allclose(after_short, after_long, atol=1e-5)
