import wave
from pathlib import Path

import numpy as np
import pytest

from models import audio
from models.audio import BadAudio, decode, layout_of, peaks

RATE = 8000


def voice(seconds: float, pitch: float = 200.0, seed: int = 0) -> np.ndarray:
    """Noise with a pitch: enough for levels and correlations, no words."""
    noise = np.random.default_rng(seed).standard_normal(int(seconds * RATE))
    return 0.2 * np.sin(2 * np.pi * pitch * np.arange(len(noise)) / RATE) + 0.05 * noise


def save(path: Path, *channels: np.ndarray, rate: int = RATE) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(len(channels))
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes((np.stack(channels, axis=1) * 32767).clip(-32768, 32767).astype("<i2").tobytes())
    return path


def kind_of(path: Path, **caps: float) -> str:
    with pytest.raises(BadAudio) as caught:
        decode(path, **caps)
    return caught.value.kind


def test_eight_kilohertz_becomes_sixteen(tmp_path: Path) -> None:
    sound = decode(save(tmp_path / "a.wav", voice(3)))
    assert sound.layout == "mono"
    assert sound.seconds == pytest.approx(3, abs=0.05)
    assert sound.samples(0, 1.0, 2.0).shape == (16_000,)


def test_two_voices_are_stereo(tmp_path: Path) -> None:
    sound = decode(save(tmp_path / "a.wav", voice(2), voice(2, 310, seed=1)))
    assert (sound.layout, sound.channels) == ("stereo", (0, 1))


def test_the_same_sound_twice_is_dual_mono(tmp_path: Path) -> None:
    sound = decode(save(tmp_path / "a.wav", voice(2), 0.5 * voice(2)))
    assert sound.layout == "dual-mono"
    assert len(sound.channels) == 1


def test_a_silent_channel_is_left_out(tmp_path: Path) -> None:
    sound = decode(save(tmp_path / "a.wav", np.zeros(2 * RATE), voice(2)))
    assert (sound.layout, sound.channels) == ("one-channel", (1,))


def test_a_faint_voice_still_counts() -> None:
    pcm = np.stack([voice(2), 0.02 * voice(2, 310, seed=1)], axis=1) * 32767
    assert layout_of(pcm.astype(np.int16))[0] == "stereo"


def test_text_named_wav_is_no_recording(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_text("two hours of notes\n" * 200)
    assert kind_of(path) == "not-a-recording"


def test_an_empty_file_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.touch()
    assert kind_of(path) == "empty"


def test_a_header_without_samples_is_empty(tmp_path: Path) -> None:
    assert kind_of(save(tmp_path / "a.wav", np.zeros(0))) == "empty"


def test_half_a_second_is_too_short(tmp_path: Path) -> None:
    assert kind_of(save(tmp_path / "a.wav", voice(0.5))) == "too-short"


def test_an_impossible_rate_is_a_lie(tmp_path: Path) -> None:
    assert kind_of(save(tmp_path / "a.wav", voice(2), rate=655_350)) == "lying-header"


def test_length_is_capped_while_decoding(tmp_path: Path) -> None:
    assert kind_of(save(tmp_path / "a.wav", voice(5)), max_seconds=3) == "too-long"


def test_decoded_size_is_capped(tmp_path: Path) -> None:
    assert kind_of(save(tmp_path / "a.wav", voice(5)), max_bytes=100_000) == "too-big"


def test_a_file_cut_off_gives_what_is_there(tmp_path: Path) -> None:
    path = save(tmp_path / "a.wav", voice(10))
    path.write_bytes(path.read_bytes()[:80_000])
    assert 4 < decode(path).seconds < 6


def test_nothing_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audio.tempfile, "tempdir", str(tmp_path / "work"))
    (tmp_path / "work").mkdir()
    decode(save(tmp_path / "a.wav", voice(2)))
    assert not list((tmp_path / "work").iterdir())


def test_peaks_follow_the_loudness(tmp_path: Path) -> None:
    sound = decode(save(tmp_path / "a.wav", np.concatenate([np.zeros(RATE), voice(1)])))
    (row,) = peaks(sound, buckets=100)
    assert len(row) == 100
    assert max(row[:45]) < 0.01 < min(row[55:])
