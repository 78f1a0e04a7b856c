"""Short recordings of every kind that comes in, made by code: what mutations begin from."""

from pathlib import Path

import av
import numpy as np

from tests import sounds

_KINDS = (
    ("pcm.wav", "wav", "pcm_s16le", 8000),
    ("alaw.wav", "wav", "pcm_alaw", 8000),
    ("mulaw.wav", "wav", "pcm_mulaw", 8000),
    ("eight-bit.wav", "wav", "pcm_u8", 8000),
    ("adpcm.wav", "wav", "adpcm_ms", 8000),
    ("w64.w64", "w64", "pcm_s16le", 8000),
    ("au.au", "au", "pcm_mulaw", 8000),
    ("aiff.aiff", "aiff", "pcm_s16be", 8000),
    ("mp3.mp3", "mp3", "libmp3lame", 16000),
    ("flac.flac", "flac", "flac", 8000),
    ("opus.ogg", "ogg", "libopus", 48000),
    ("vorbis.ogg", "ogg", "libvorbis", 16000),
    ("aac.m4a", "mp4", "aac", 16000),
    ("aac.aac", "adts", "aac", 16000),
    ("amr.amr", "amr", "libopencore_amrnb", 8000),
    ("pcm.mkv", "matroska", "pcm_s16le", 8000),
    ("opus.webm", "webm", "libopus", 48000),
    ("mp2.ts", "mpegts", "mp2", 16000),
)


def samples(folder: Path) -> list[tuple[str, bytes]]:
    """(name, bytes) of two seconds in every kind that this build of FFmpeg can write; at least twelve of them."""
    folder.mkdir(parents=True, exist_ok=True)
    made = [(name, found) for name, *how in _KINDS if (found := _written(folder / name, *how)) is not None]
    assert len(made) >= 12, [name for name, _ in made]
    return made


def _written(path: Path, container: str, codec: str, rate: int) -> bytes | None:
    if codec not in av.codecs_available:
        return None
    wave = np.concatenate([sounds.tone(1.0, 300, rate), sounds.noise(1.0, rate)], axis=1)
    with av.open(str(path), "w", format=container) as out:
        stream = out.add_stream(codec, rate=rate, layout="mono")
        resampler = av.AudioResampler(
            format=stream.format.name, layout="mono", rate=rate, frame_size=stream.frame_size or 160
        )
        frame = av.AudioFrame.from_ndarray(wave, format="s16", layout="mono")
        frame.sample_rate = rate
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))
    return path.read_bytes()
