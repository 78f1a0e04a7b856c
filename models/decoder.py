"""The child process that decodes one recording: `python -m models.decoder RECORDING FOLDER LIMITS`.

Untrusted bytes meet FFmpeg only here, under limits for memory, processor time and files, without the network
(`models.confined`). Reads the recording through a plain file object, so no protocol and no second file can be reached,
and only formats that recorders write are tried. Samples
go to FOLDER/samples.s16 (interleaved, 16 kHz) as they come, so memory does not grow with length; what was found goes to
standard output as one JSON object.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet

from models import confined

RATE = 16_000
FORMATS = (
    "wav,w64,aiff,au,caf,mp3,aac,amr,amrnb,amrwb,ogg,flac,mov,matroska,webm,asf,gsm,3gp,mp4,m4a,mpeg,mpegts,avi,flv"
)
_SLACK = 1024 * 1024
"""Bytes that a file of samples may exceed its cap by before the kernel steps in: the count in `_Writer` comes first."""
_LOWEST_RATE, _HIGHEST_RATE, _MOST_CHANNELS = 4_000, 384_000, 8


class Unusable(Exception):
    """Why a recording cannot be used: a kind that `models.audio` names, with facts."""

    def __init__(self, kind: str, **facts: float | str) -> None:
        super().__init__(kind)
        self.kind = kind
        self.facts = facts


def main(arguments: list[str]) -> None:
    path, folder, limits = Path(arguments[0]), Path(arguments[1]), json.loads(arguments[2])
    confine(limits)
    try:
        answer = decode(path, folder, limits["seconds"], limits["bytes"], limits.get("span"))
    except Unusable as reason:
        answer = {"error": reason.kind, "facts": reason.facts}
    except MemoryError:
        answer = {"error": "too-big", "facts": {}}
    json.dump(answer, sys.stdout)


def confine(limits: dict[str, Any]) -> None:
    """`limits` as `models.audio` sends them: memory and bytes (of the samples) in bytes, cpu_seconds."""
    confined.limit(memory=limits["memory"], cpu_seconds=limits["cpu_seconds"], file_bytes=limits["bytes"] + _SLACK)
    confined.no_way_out()


def decode(
    path: Path, folder: Path, most_seconds: float, most_bytes: int, span: tuple[float, float] | None = None
) -> dict[str, Any]:
    """Decode `path` into FOLDER/samples.s16, with `span` only what lies between two seconds; raises Unusable.

    A span is found by decoding up to its end: seeking lands beside the place in many formats.
    """
    with path.open("rb") as source, _open(source) as container:
        stream = next(iter(container.streams.audio), None)
        if stream is None:
            raise Unusable("no-sound")
        if stream.codec_context is None:
            raise Unusable("not-a-recording", reason="unknown codec")
        _check_header(stream.codec_context.sample_rate, stream.codec_context.channels)
        with (folder / "samples.s16").open("wb") as out:
            writer = _Writer(out, most_seconds, most_bytes, span)
            lost = writer.write_all(container, stream)
        promised = container.duration / av.time_base if container.duration else 0.0
    if writer.kept == 0:
        raise Unusable("damaged" if lost else "empty")
    return {
        "samples": writer.kept,
        "channels": writer.channels,
        "source_rate": stream.codec_context.sample_rate,
        "codec": stream.codec_context.name,
        "lost_packets": lost,
        "promised_seconds": promised,
    }


class _Writer:
    """Resampled samples to a file, counted while they come."""

    def __init__(
        self, out: IO[bytes], most_seconds: float, most_bytes: int, span: tuple[float, float] | None = None
    ) -> None:
        self.out = out
        self.first, self.last = (round(at * RATE) for at in span) if span else (0, sys.maxsize)
        self.most_samples = int(most_seconds * RATE)
        self.most_bytes = most_bytes
        self.samples = 0
        self.kept = 0
        self.channels = 0
        self._resampler: AudioResampler | None = None

    def write_all(self, container: InputContainer, stream: AudioStream) -> int:
        """Everything that can be decoded; returns how many packets could not."""
        lost = 0
        for frame in _frames(container, stream):
            if self.samples >= self.last:
                return lost
            if frame is None:
                lost += 1
            else:
                self._write(frame)
        self._write(None)
        return lost

    def _write(self, frame: AudioFrame | None) -> None:
        if frame is not None and self._resampler is None:
            self.channels = frame.layout.nb_channels
            _check_header(frame.sample_rate, self.channels)
            self._resampler = AudioResampler(format="s16", layout=frame.layout, rate=RATE)
        if self._resampler is None:
            return
        try:
            pieces = self._resampler.resample(frame)
        except ValueError:
            return
        for piece in pieces:
            self._write_piece(piece)

    def _write_piece(self, piece: AudioFrame) -> None:
        begin = max(0, self.first - self.samples)
        end = min(piece.samples, self.last - self.samples)
        self.samples += piece.samples
        if self.samples > self.most_samples:
            raise Unusable("too-long", limit=self.most_samples / RATE)
        if end <= begin:
            return
        self.kept += end - begin
        width = self.channels * 2
        if self.kept * width > self.most_bytes:
            raise Unusable("too-big", limit=self.most_bytes)
        self.out.write(bytes(piece.planes[0])[begin * width : end * width])


def _frames(container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame | None]:
    """Frames in order; None for a packet that cannot be decoded."""
    for packet in _packets(container, stream):
        try:
            yield from packet.decode() if packet is not None else [None]
        except (av.FFmpegError, OSError, ValueError, IndexError):
            yield None


def _packets(container: InputContainer, stream: AudioStream) -> "Iterator[Packet[AudioStream] | None]":
    """Packets in order; None where nothing more can be read. A damaged file may lose a stream while it is read."""
    try:
        yield from container.demux(stream)
    except (av.FFmpegError, OSError, ValueError, IndexError):
        yield None


def _open(source: IO[bytes]) -> InputContainer:
    options = {"format_whitelist": FORMATS, "protocol_whitelist": "pipe"}
    try:
        return av.open(source, mode="r", options=options, metadata_errors="ignore")
    except (av.FFmpegError, OSError, ValueError, IndexError) as error:
        raise Unusable("not-a-recording", reason=type(error).__name__) from error


def _check_header(rate: int, channels: int) -> None:
    if not _LOWEST_RATE <= rate <= _HIGHEST_RATE or not 1 <= channels <= _MOST_CHANNELS:
        raise Unusable("lying-header", rate=rate, channels=channels)


if __name__ == "__main__":
    main(sys.argv[1:])
