"""The sound of a clip holds its seconds and nothing else, and goes with the recording."""

import wave

import numpy as np
import pytest

from assist.calls import cuts
from assist.calls.recordings import path_of, receive
from assist.calls.refusals import EmptyRecording
from tests import sounds


@pytest.fixture(params=[".wav", ".mp3", ".ogg"])
def recording(request, store, tmp_path):
    """Three seconds of a low tone, one of a high one, two of the low one."""
    low, high = sounds.tone(3.0, 300.0), sounds.tone(1.0, 1500.0)
    rate = 48000 if request.param == ".ogg" else sounds.RATE
    if rate != sounds.RATE:
        low, high = sounds.tone(3.0, 300.0, rate), sounds.tone(1.0, 1500.0, rate)
    whole = np.concatenate([low, high, low[:, : 2 * rate]], axis=1)
    path = sounds.write(tmp_path / f"call{request.param}", whole, rate)
    return receive(store, [path.read_bytes()], path.name).sha256


def heard(path):
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(float)
        return samples, file.getnframes() / file.getframerate()


def loudest_hertz(samples):
    return float(np.fft.rfftfreq(len(samples), 1 / 16000)[np.abs(np.fft.rfft(samples)).argmax()])


def test_a_cut_holds_its_seconds_only(settings, recording):
    samples, seconds = heard(cuts.sound(settings, recording, 3.1, 3.9))
    assert seconds == pytest.approx(0.8, abs=0.01)
    assert loudest_hertz(samples) == pytest.approx(1500, abs=10)
    low = np.abs(np.fft.rfft(samples))[: int(600 * seconds)].max()
    assert low < 0.05 * np.abs(np.fft.rfft(samples)).max()


def test_a_cut_is_made_once(settings, recording):
    first = cuts.sound(settings, recording, 1, 2)
    made = first.stat().st_mtime_ns
    assert cuts.sound(settings, recording, 1, 2).stat().st_mtime_ns == made
    assert cuts.sound(settings, recording, 1, 2.5) != first
    assert not list(settings.cuts.rglob("*.part"))


def test_cuts_go_with_the_recording(settings, recording):
    cut = cuts.sound(settings, recording, 1, 2)
    assert cuts.sweep(settings) == 0
    path_of(settings, recording).unlink()
    assert cuts.sound(settings, recording, 1, 2) is None
    assert not cut.exists()


def test_the_sweep_removes_what_has_no_recording(settings, recording):
    cut = cuts.sound(settings, recording, 1, 2)
    path_of(settings, recording).unlink()
    assert cuts.sweep(settings) == 1
    assert not cut.exists()


def test_after_the_end_there_is_nothing(settings, recording):
    with pytest.raises(EmptyRecording):
        cuts.sound(settings, recording, 60, 70)


def test_muted_seconds_are_silent_and_the_rest_is_not(settings, recording):
    samples, _ = heard(cuts.sound(settings, recording, 2.0, 5.0, muted=[(2.5, 3.5)]))
    inside, before, after = samples[8_200:23_800], samples[1_000:7_000], samples[25_000:40_000]
    assert np.abs(inside).max() <= 1
    assert np.abs(before).max() > 3000
    assert np.abs(after).max() > 3000


def test_a_muted_cut_is_another_one(settings, recording):
    plain = cuts.sound(settings, recording, 1, 2)
    assert cuts.sound(settings, recording, 1, 2, muted=[(1.2, 1.5)]) != plain
    assert cuts.sound(settings, recording, 1, 2, muted=[(3.0, 4.0)]) == plain
