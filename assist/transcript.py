"""What was said, by whom and when: the language that everything above recognition speaks in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Speaker = Literal["agent", "customer", "unknown"]
Layout = Literal["stereo", "mono", "dual-mono", "one-channel", "text"]


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word (in Chinese often one character) with its times in seconds and probability (0–1)."""

    text: str
    start: float
    end: float
    probability: float


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker's stretch. Times in seconds from the start of the recording, confidence 0–1.

    `text` is Simplified Chinese with punctuation where the language is zh. `heard` is what recognition wrote before
    library terms and homophones were put right, None where nothing was. `unintelligible` turns are shown and never
    judged. `backchannel` turns (嗯, 对, 好的 said while the other holds the floor) count in no metric of their own.
    """

    id: int
    speaker: Speaker
    start: float
    end: float
    text: str
    confidence: float = 1.0
    words: tuple[Word, ...] = ()
    heard: str | None = None
    unintelligible: bool = False
    backchannel: bool = False

    @property
    def seconds(self) -> float:
        return max(0.0, self.end - self.start)


@dataclass(frozen=True, slots=True)
class Transcript:
    """All turns of one call in order of their start.

    `speakers_confidence` (0–1) says how sure the split into agent and customer is; under
    `SPEAKERS_UNCERTAIN` the findings that depend on who spoke abstain. `speech_seconds` is the time in which
    anybody speaks.
    """

    turns: tuple[Turn, ...]
    language: str = "zh"
    layout: Layout = "text"
    channels: int = 1
    seconds: float = 0.0
    speech_seconds: float = 0.0
    speakers_confidence: float = 1.0

    @property
    def speakers_uncertain(self) -> bool:
        return self.speakers_confidence < SPEAKERS_UNCERTAIN


SPEAKERS_UNCERTAIN = 0.5


def to_dict(transcript: Transcript) -> dict[str, Any]:
    """Plain JSON-ready form, words included; `from_dict` reads it back to an equal transcript."""
    return {
        "language": transcript.language,
        "layout": transcript.layout,
        "channels": transcript.channels,
        "seconds": transcript.seconds,
        "speech_seconds": transcript.speech_seconds,
        "speakers_confidence": transcript.speakers_confidence,
        "turns": [_turn_to_dict(turn) for turn in transcript.turns],
    }


def from_dict(data: Mapping[str, Any]) -> Transcript:
    """Inverse of `to_dict`."""
    return Transcript(
        turns=tuple(_turn_from_dict(turn) for turn in data["turns"]),
        **{key: data[key] for key in data if key != "turns"},
    )


def _turn_to_dict(turn: Turn) -> dict[str, Any]:
    return {
        "id": turn.id,
        "speaker": turn.speaker,
        "start": turn.start,
        "end": turn.end,
        "text": turn.text,
        "confidence": turn.confidence,
        "heard": turn.heard,
        "unintelligible": turn.unintelligible,
        "backchannel": turn.backchannel,
        "words": [[word.text, word.start, word.end, word.probability] for word in turn.words],
    }


def _turn_from_dict(data: Mapping[str, Any]) -> Turn:
    plain = {key: data[key] for key in data if key != "words"}
    return Turn(**plain, words=_words(data["words"]))


def _words(rows: Iterable[Iterable[Any]]) -> tuple[Word, ...]:
    return tuple(Word(*row) for row in rows)
