"""Samples → words with times, through faster-whisper. Clips go in batches; a failed one is decoded again alone."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from models.weights import find_speech, fingerprint

if TYPE_CHECKING:
    from faster_whisper import WhisperModel
    from faster_whisper.transcribe import Segment

RATE = 16_000
Samples = NDArray[np.float32]
LONGEST_CLIP = 29.5
"""Whisper reads 30 seconds at once; what is longer is cut silently."""
# Each side holds what it works on: 0.1 GB for base, over 1 GB for large.
_MOST_SIDE_BY_SIDE = 4
_FURTHER: tuple[dict[str, Any], ...] = (
    {}, {"repetition_penalty": 1.1, "no_repeat_ngram_size": 3}, {"repetition_penalty": 1.3},
)  # fmt: skip
"""How a failed clip is tried again. Never by higher temperatures, as Whisper does: chance writes another text each
time, and the same recording must give the same one."""
_LOOPING, _DOUBTFUL = 1.8, -1.0


@dataclass(frozen=True, slots=True)
class HeardWord:
    """One word (in Chinese often one character) with its times in seconds from the start of its clip."""

    text: str
    start: float
    end: float
    probability: float


@dataclass(frozen=True, slots=True)
class Heard:
    """What one clip says. `logprob` is the mean over tokens, `no_speech` and `compression` as Whisper reports them."""

    words: tuple[HeardWord, ...] = ()
    logprob: float = 0.0
    no_speech: float = 0.0
    compression: float = 1.0

    @property
    def text(self) -> str:
        return "".join(word.text for word in self.words).strip()


@dataclass(frozen=True, slots=True)
class Hints:
    """What steers recognition: language, a sentence in the wished style, and words to expect."""

    language: str = "zh"
    prompt: str | None = None
    hotwords: str | None = None


class Recogniser(Protocol):
    """Clips → words. `name` changes whenever the same sound could give other words."""

    @property
    def name(self) -> str: ...

    @property
    def at_once(self) -> int:
        """How many calls of `again` may run side by side."""
        ...

    def batches(self, clips: Sequence[Samples], hints: Hints) -> Iterator[list[Heard]]:
        """Results in order of the clips, a batch at a time; clips are at most LONGEST_CLIP seconds at 16 kHz."""
        ...

    def again(self, clip: Samples, hints: Hints) -> Heard:
        """One clip decoded again, more carefully each time it fails."""
        ...


class Whisper:
    """faster-whisper, loaded when first used.

    On the CPU batches run side by side, each on few threads: of two threads within one batch the second works a third
    of the time (measured on two cores: 1.3 of 2 used, side by side 1.9).
    """

    def __init__(self, model: str = "base", device: str = "auto", threads: int = 0, batch: int = 8) -> None:
        self._folder = find_speech(model)
        self._device, self._compute = device_and_type(device)
        self._side_by_side, self._threads = sides(self._device, threads or os.cpu_count() or 1)
        self._batch = batch
        self._loaded: WhisperModel | None = None

    @property
    def name(self) -> str:
        import ctranslate2
        import faster_whisper

        versions = f"faster-whisper {faster_whisper.__version__}, ctranslate2 {ctranslate2.__version__}"
        return f"whisper {fingerprint(self._folder)} {self._compute} batch {self._batch}; {versions}"

    @property
    def at_once(self) -> int:
        return self._side_by_side

    def batches(self, clips: Sequence[Samples], hints: Hints) -> Iterator[list[Heard]]:
        from models.decoding import decode_batch

        model = self._model()
        parts = shares(clips, self._batch, self._side_by_side)
        with ThreadPoolExecutor(self._side_by_side) as pool:
            yield from pool.map(lambda part: decode_batch(model, part, hints), parts)

    def again(self, clip: Samples, hints: Hints) -> Heard:
        tries: list[Heard] = []
        for further in _FURTHER:
            segments, _ = self._model().transcribe(
                clip,
                language=hints.language,
                initial_prompt=hints.prompt,
                beam_size=5,
                temperature=0.0,
                condition_on_previous_text=False,
                word_timestamps=True,
                vad_filter=False,
                **further,
            )
            tries.append(_heard(list(segments)))
            if tries[-1].compression <= _LOOPING and tries[-1].logprob >= _DOUBTFUL:
                break
        return max(tries, key=lambda heard: (heard.compression <= _LOOPING, heard.logprob))

    def _model(self) -> "WhisperModel":
        if self._loaded is None:
            from faster_whisper import WhisperModel

            self._loaded = WhisperModel(
                str(self._folder),
                device=self._device,
                compute_type=self._compute,
                cpu_threads=self._threads,
                num_workers=self._side_by_side,
            )
        return self._loaded


def sides(device: str, threads: int) -> tuple[int, int]:
    """How many batches run side by side, and on how many threads each."""
    at_once = min(threads, _MOST_SIDE_BY_SIDE) if device == "cpu" else 1
    return at_once, threads // at_once


def shares(clips: Sequence[Samples], most: int, sides: int) -> list[Sequence[Samples]]:
    """Clips in order, in parts of at most `most`, as many for each side as for the others."""
    count = max(-(-len(clips) // most), min(sides, len(clips)))
    bounds = [len(clips) * i // count for i in range(count + 1)] if clips else []
    return [clips[first:last] for first, last in pairwise(bounds)]


def device_and_type(device: str) -> tuple[str, str]:
    """The device to use and the numbers to calculate with there, for `auto`, `cpu` or `cuda`."""
    import ctranslate2

    if device == "auto":
        device = "cuda" if ctranslate2.get_cuda_device_count() else "cpu"
    if device == "cpu":
        return "cpu", "int8"
    known = ctranslate2.get_supported_compute_types("cuda")
    return "cuda", next((kind for kind in ("float16", "int8_float16") if kind in known), "float32")


def _heard(segments: "list[Segment]") -> Heard:
    if not segments:
        return Heard()
    words = tuple(
        HeardWord(word.word, float(word.start), float(word.end), float(word.probability))
        for segment in segments
        for word in segment.words or ()
    )
    worst = min(segments, key=lambda segment: segment.avg_logprob)
    return Heard(
        words,
        logprob=float(worst.avg_logprob),
        no_speech=float(max(segment.no_speech_prob for segment in segments)),
        compression=float(max(segment.compression_ratio for segment in segments)),
    )
