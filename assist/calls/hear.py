"""Samples → transcript: the whole way of hearing one recording."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from assist.calls import roles, turns, wording
from assist.calls.decoding import decode
from assist.calls.pieces import Piece
from assist.config import Settings
from assist.ports import Progress
from assist.scripts.library import Library
from assist.transcript import Speaker, Transcript, Word
from models import audio, gates, regions
from models.clips import Clip, pack, split_long
from models.regions import Region
from models.speech import Heard, HeardWord, Hints, Recogniser, Whisper

VERSION = "1"
"""Changes whenever the same recording could give another transcript by a change of this code."""

Peaks = list[list[float]]


class Listener:
    """Hears recordings. Models are loaded when first needed and kept."""

    def __init__(self, settings: Settings, recogniser: Recogniser | None = None) -> None:
        self._settings = settings
        self._recogniser = recogniser or Whisper(settings.speech_model, settings.device, settings.threads)

    @property
    def name(self) -> str:
        return f"hear {VERSION}; {self._recogniser.name}"

    def hear(self, recording: Path, library: Library, progress: Progress) -> Transcript:
        """Raises RecordingError for bytes that cannot be judged; a recording without speech has no turns."""
        progress("decoding", 0.0)
        sound = decode(recording, self._settings.max_seconds)
        progress("decoding", 1.0)
        speech = [_speech_of(sound, voice) for voice in range(len(sound.channels))]
        clips = [clip for voice, found in enumerate(speech) for clip in pack(voice, found)]
        pieces = list(self._pieces(sound, clips, library, progress))
        return _transcript(sound, pieces, speech, library)

    def _pieces(
        self, sound: audio.Sound, clips: Sequence[Clip], library: Library, progress: Progress
    ) -> Iterator[Piece]:
        hints = hints_for(library)
        progress("transcribing", 0.0)
        done = 0
        samples = [clip.samples(sound) for clip in clips]
        for batch in self._recogniser.batches(samples, hints):
            for heard in batch:
                clip = clips[done]
                better, failed = self._believed(samples[done], heard, clip, hints)
                yield from _placed(clip, better, failed, library.language)
                done += 1
            progress("transcribing", done / len(clips))

    def _believed(self, samples: audio.Samples, heard: Heard, clip: Clip, hints: Hints) -> tuple[Heard, str | None]:
        """What was heard, or a second try at it, and what is still wrong with it."""
        failed = gates.trouble(heard, clip.seconds)
        if failed is None:
            return heard, None
        again = self._recogniser.again(samples, hints)
        return again, gates.trouble(again, clip.seconds)


def peaks(recording: Path, settings: Settings | None = None) -> Peaks:
    """Waveform peaks (0–1) per channel of the file; raises RecordingError."""
    return audio.peaks(decode(recording, (settings or Settings()).max_seconds))


def hints_for(library: Library) -> Hints:
    """What the library in force tells the recogniser."""
    return Hints(language=library.language)


def _speech_of(sound: audio.Sound, voice: int) -> list[Region]:
    probabilities = regions.speech_probabilities(audio.blocks(sound, voice))
    return split_long(regions.regions(probabilities, sound.seconds), probabilities)


def _placed(clip: Clip, heard: Heard, failed: str | None, language: str) -> Iterator[Piece]:
    """The words of a clip, back in the regions they were said in."""
    if failed == "stock":
        return
    rows: list[list[Word]] = [[] for _ in clip.regions]
    for word in heard.words:
        index, end = clip.place(word.end - 0.05)
        rows[index].append(_word(clip, index, end, word))
    for region, words in zip(clip.regions, rows, strict=True):
        if words:
            text = wording.readable(words, language)
            yield Piece(clip.voice, region.start, region.end, text, unintelligible=failed is not None)


def _word(clip: Clip, index: int, end: float, word: HeardWord) -> Word:
    """A word by its end: the alignment stretches the first word after a pause back over the pause."""
    start = max(clip.regions[index].start, end - max(word.end - word.start, 0.02))
    return Word(word.text, start, max(start, end), word.probability)


def _transcript(
    sound: audio.Sound, pieces: Sequence[Piece], speech: Sequence[Sequence[Region]], library: Library
) -> Transcript:
    speakers, confidence = _speakers(sound, pieces, library)
    return Transcript(
        turns=turns.make(pieces, speakers),
        language=library.language,
        layout=sound.layout,
        channels=sound.file_channels,
        seconds=round(sound.seconds, 2),
        speech_seconds=round(sum(region.seconds for channel in speech for region in channel), 2),
        speakers_confidence=confidence,
    )


def _speakers(sound: audio.Sound, pieces: Sequence[Piece], library: Library) -> tuple[dict[int, Speaker], float]:
    said: dict[int, str] = {}
    for piece in pieces:
        said[piece.voice] = said.get(piece.voice, "") + piece.text
    if sound.layout != "stereo":
        return dict.fromkeys(said, "unknown"), 0.0
    found = roles.assign(said, library)
    return found.speakers, found.confidence
