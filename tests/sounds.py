"""Recordings made by code: what a telephone system, a person or a mistake may hand in."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]
"""Shape (channels, n)."""

RATE = 8000
_CODECS = {".wav": "pcm_s16le", ".mp3": "libmp3lame", ".flac": "flac", ".m4a": "aac", ".ogg": "libopus"}
_CHUNK = 8192


def silence(seconds: float, channels: int = 1, rate: int = RATE) -> Samples:
    return np.zeros((channels, int(seconds * rate)), np.int16)


def tone(seconds: float, hertz: float = 450.0, rate: int = RATE, volume: float = 0.3) -> Samples:
    wave = np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)
    return np.asarray(wave * volume * 32767, np.int16)[None]


def ringing(seconds: float, rate: int = RATE) -> Samples:
    """The ring-back tone of China: 450 Hz, one second on, four off."""
    samples = tone(seconds, rate=rate)
    samples[:, np.arange(samples.shape[1]) % (5 * rate) >= rate] = 0
    return samples


def noise(seconds: float, rate: int = RATE, volume: float = 0.05) -> Samples:
    generator = np.random.default_rng(7)
    return np.asarray(generator.normal(0, volume * 32767, (1, int(seconds * rate))).clip(-32768, 32767), np.int16)


def music(seconds: float, rate: int = RATE) -> Samples:
    """A slow tune of three voices, as on hold."""
    tunes = [(262, 330, 392), (294, 349, 440), (247, 294, 392), (262, 330, 523)]
    bars = [sum(tone(0.5, hertz, rate, 0.1) for hertz in tunes[bar % 4]) for bar in range(int(seconds * 2))]
    return np.concatenate(bars, axis=1)


def write(path: Path, samples: Samples | Iterable[Samples], rate: int = RATE) -> Path:
    """`samples`, whole or in pieces, as a file whose format its suffix tells; opus and mp3 are resampled by PyAV."""
    pieces = [samples] if isinstance(samples, np.ndarray) else samples
    with av.open(str(path), "w") as container:
        stream = None
        for piece in pieces:
            if stream is None:
                layout = "mono" if piece.shape[0] == 1 else "stereo"
                stream = container.add_stream(_CODECS[path.suffix], rate=rate, layout=layout)
            for frame in _frames(piece, rate):
                container.mux(stream.encode(frame))
        if stream is not None:
            container.mux(stream.encode(None))
    return path


def _frames(samples: Samples, rate: int) -> Iterator[av.AudioFrame]:
    layout = "mono" if samples.shape[0] == 1 else "stereo"
    for start in range(0, samples.shape[1], _CHUNK):
        part = np.ascontiguousarray(samples[:, start : start + _CHUNK].T.reshape(1, -1))
        frame = av.AudioFrame.from_ndarray(part, format="s16", layout=layout)
        frame.sample_rate = rate
        yield frame


def read(path: Path, rate: int = RATE) -> Samples:
    """A recording's channels, resampled."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        resampler = av.AudioResampler(format="s16p", layout=stream.layout.name, rate=rate)
        parts = [out.to_ndarray() for frame in container.decode(stream) for out in resampler.resample(frame)]
        parts += [out.to_ndarray() for out in resampler.resample(None)]
    return np.concatenate(parts, axis=1)


def hours_of_silence(path: Path, hours: float) -> Path:
    """A small FLAC that unpacks to gigabytes: 48 kHz stereo, written a minute at a time."""
    minute = silence(60, channels=2, rate=48000)
    return write(path, (minute for _ in range(round(hours * 60))), rate=48000)


def video_without_sound(path: Path) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=5)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(10):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), number * 20, np.uint8), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 5)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def image(path: Path) -> Path:
    with av.open(str(path), "w", format="image2") as container:
        stream = container.add_stream("png", rate=1)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "rgb24"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")))
        container.mux(stream.encode(None))
    return path


def lying_wav(path: Path, *, rate: int | None = None, data_bytes: int | None = None) -> Path:
    """A wav file of two seconds whose header names another rate or length."""
    write(path, tone(2))
    content = bytearray(path.read_bytes())
    if rate is not None:
        content[24:28] = rate.to_bytes(4, "little")
        content[28:32] = ((rate * 2) & 0xFFFFFFFF).to_bytes(4, "little")
    if data_bytes is not None:
        at = content.index(b"data") + 4
        content[at : at + 4] = data_bytes.to_bytes(4, "little")
        content[4:8] = min(data_bytes + 36, 0xFFFFFFFF).to_bytes(4, "little")
    path.write_bytes(content)
    return path
