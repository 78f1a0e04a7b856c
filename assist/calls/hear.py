"""Samples → transcript: the whole way of hearing one recording."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import repeat
from pathlib import Path

import numpy as np

from assist.calls import roles, speakers, spelling, terms, turns, wording
from assist.calls.decoding import decode
from assist.calls.pieces import Piece
from assist.config import Settings
from assist.errors import SetupError
from assist.ports import Progress
from assist.scripts.library import Library
from assist.texts import N_
from assist.transcript import Transcript, Word
from models import audio, crosstalk, gates, regions, voices
from models.clips import Clip, pack, split_long
from models.regions import Region
from models.speech import Heard, HeardWord, Hints, Recogniser, Whisper
from models.weights import ModelDamaged, ModelMissing

VERSION = "6"
"""Changes whenever the same recording could give another transcript by a change of this code, or of what is known of
the trade: spelling learns from it."""

Peaks = list[list[float]]

_MOST_HOTWORD_CHARACTERS = 120
# Samples of so many clips are in memory at once, whatever the length of the recording.
_CLIPS_AT_ONCE = 8


class SpeechModelMissing(SetupError):
    message = N_(
        "The speech model %(name)s cannot be used (%(reason)s). Set ASSIST_SPEECH_MODEL to base, "
        "or to the folder of a CTranslate2 Whisper model."
    )


class Listener:
    """Hears recordings. Models are loaded when first needed and kept. Raises SpeechModelMissing."""

    def __init__(self, settings: Settings, recogniser: Recogniser | None = None) -> None:
        self._settings = settings
        self._recogniser = recogniser or _whisper(settings)

    @property
    def name(self) -> str:
        return f"hear {VERSION}; {self._recogniser.name}"

    @property
    def kind(self) -> str:
        """As `name`, for every machine the same: `whisper <fingerprint> <numbers> batch <n>; <versions>`."""
        model, _, versions = self._recogniser.name.partition("; ")
        return f"hear {VERSION}; {' '.join(model.split()[:2])}; {versions}"

    def hear(self, recording: Path, library: Library, progress: Progress) -> Transcript:
        """Raises RecordingError for bytes that cannot be judged; a recording without speech has no turns."""
        progress("decoding", 0.0)
        sound = decode(recording, self._settings.max_seconds)
        progress("decoding", 1.0)
        speech = speech_in(sound)
        clips = [clip for voice, found in enumerate(speech) for clip in pack(voice, found)]
        pieces = sorted(self._pieces(sound, clips, library, progress), key=lambda piece: (piece.voice, piece.start))
        separable = 1.0
        if sound.layout != "stereo" and pieces:
            progress("speakers", 0.0)
            phrases = speakers.leanings(_written(pieces, library), library)
            found = voices.separate(sound.samples(0), speech[0], phrases)
            pieces, separable = speakers.told_apart(pieces, found, library), found.confidence
        return _transcript(sound, _written(pieces, library), speech, library, separable)

    def _pieces(
        self, sound: audio.Sound, clips: Sequence[Clip], library: Library, progress: Progress
    ) -> Iterator[Piece]:
        """In no order: clips of about one length share a window, so that little of it is empty."""
        hints = hints_for(library)
        ordered = sorted(clips, key=lambda clip: -round(clip.seconds))
        progress("transcribing", 0.0)
        for first in range(0, len(ordered), _CLIPS_AT_ONCE):
            group = ordered[first : first + _CLIPS_AT_ONCE]
            samples = [clip.samples(sound) for clip in group]
            heard = [one for batch in self._recogniser.batches(samples, hints) for one in batch]
            with ThreadPoolExecutor(self._recogniser.at_once) as pool:
                believed = list(pool.map(self._believed, samples, heard, group, repeat(hints)))
            for clip, (better, failed) in zip(group, believed, strict=True):
                yield from _placed(clip, better, failed)
            progress("transcribing", (first + len(group)) / len(clips))

    def _believed(self, samples: audio.Samples, heard: Heard, clip: Clip, hints: Hints) -> tuple[Heard, str | None]:
        """What was heard, or the best of further tries, and what is still wrong with it.

        The second try goes without hotwords (they are what makes recognition stop early or loop), the third may not
        repeat itself.
        """
        tries = [heard]
        if gates.trouble(heard, clip.speech_seconds) is not None and hints.hotwords:
            tries += next(self._recogniser.batches([samples], replace(hints, hotwords=None)))
        if gates.trouble(tries[-1], clip.speech_seconds) is not None:
            tries.append(self._recogniser.again(samples, hints))
        failures = [gates.trouble(attempt, clip.speech_seconds) for attempt in tries]
        best = max(range(len(tries)), key=lambda i: (failures[i] is None, len(tries[i].text) > 0, tries[i].logprob, i))
        return tries[best], failures[best]


def _whisper(settings: Settings) -> Whisper:
    try:
        return Whisper(settings.speech_model, settings.device, settings.threads)
    except (ModelMissing, ModelDamaged) as error:
        raise SpeechModelMissing(name=settings.speech_model, reason=error) from error


def peaks(recording: Path, settings: Settings | None = None) -> Peaks:
    """Waveform peaks (0–1) per channel of the file; raises RecordingError."""
    return audio.peaks(decode(recording, (settings or Settings()).max_seconds))


def hints_for(library: Library) -> Hints:
    """What the library in force tells the recogniser: company and terms, as many as help.

    Measured on twelve calls of four campaigns: terms heard right rise from 2 to 27 of 35, characters wrong fall by 3 %.
    """
    words = list(dict.fromkeys((*library.company, *library.terms)))
    while words and sum(map(len, words)) > _MOST_HOTWORD_CHARACTERS:
        words.pop()
    return Hints(language=library.language, hotwords=" ".join(words) or None)


def speech_in(sound: audio.Sound) -> list[list[Region]]:
    """Where each voice channel speaks; what is only the other side heard faintly is left out."""
    chances = [regions.speech_probabilities(audio.blocks(sound, voice)) for voice in range(len(sound.channels))]
    if len(chances) == 2:
        levels = crosstalk.levels(audio.blocks(sound, 0), audio.blocks(sound, 1))
        leaks = crosstalk.leaked(levels), crosstalk.leaked(levels.turned())
        chances = [np.where(leak, np.float32(0), chance) for leak, chance in zip(leaks, chances, strict=True)]
    return [split_long(regions.regions(chance, sound.seconds), chance) for chance in chances]


def _placed(clip: Clip, heard: Heard, failed: str | None) -> Iterator[Piece]:
    """The words of a clip, back in the regions they were said in."""
    if failed == "stock":
        return
    rows: list[list[Word]] = [[] for _ in clip.regions]
    for word in heard.words:
        index, end = clip.place(word.end - 0.05)
        rows[index].append(_word(clip, index, end, word))
    for region, words in zip(clip.regions, rows, strict=True):
        if words:
            yield Piece(clip.voice, region.start, region.end, tuple(words), unintelligible=failed is not None)


def _word(clip: Clip, index: int, end: float, word: HeardWord) -> Word:
    """A word by its end: the alignment stretches the first word after a pause back over the pause."""
    start = max(clip.regions[index].start, end - max(word.end - word.start, 0.02))
    return Word(word.text, start, max(start, end), word.probability)


def _transcript(
    sound: audio.Sound,
    pieces: Sequence[Piece],
    speech: Sequence[Sequence[Region]],
    library: Library,
    separable: float,
) -> Transcript:
    """`separable` (0–1) says how well the voices could be told apart; it bounds the confidence in the speakers."""
    found = roles.assign(_said(pieces), library)
    return Transcript(
        turns=turns.make(pieces, found.speakers),
        language=library.language,
        layout=sound.layout,
        channels=sound.file_channels,
        seconds=round(sound.seconds, 2),
        speech_seconds=round(sum(region.seconds for channel in speech for region in channel), 2),
        speakers_confidence=round(min(found.confidence, separable), 3),
    )


def _written(pieces: Sequence[Piece], library: Library) -> list[Piece]:
    """The pieces as people read them: simplified, with punctuation, library terms and homophones put right; questions
    come last, for recognition spells their particles wrongly (吗 as 嘛 or 妈)."""
    language = library.language
    plain = [piece.with_words(wording.punctuated(piece.words, language)) for piece in pieces]
    right = spelling.respelled([terms.corrected(piece, library) for piece in plain], library)
    return [piece.with_words(wording.asked(piece.words, language)) for piece in right]


def _said(pieces: Sequence[Piece]) -> dict[int, str]:
    said: dict[int, str] = {}
    for piece in pieces:
        said[piece.voice] = said.get(piece.voice, "") + piece.text
    return said
