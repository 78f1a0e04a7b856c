"""A recording's bytes → sound, with every reason for failure as an error that says what to do."""

from pathlib import Path

from assist.calls import refusals
from assist.errors import RecordingError
from models import audio

_ERRORS: dict[str, type[RecordingError]] = {
    "empty": refusals.EmptyRecording,
    "not-a-recording": refusals.NotARecording,
    "no-sound": refusals.NoSound,
    "lying-header": refusals.LyingHeader,
    "damaged": refusals.DamagedRecording,
    "too-long": refusals.TooLong,
    "too-big": refusals.TooMuchSound,
    "too-short": refusals.TooShort,
    "too-slow": refusals.TooSlow,
}


def decode(path: Path, max_seconds: float) -> audio.Sound:
    """The sound of a recording; raises a RecordingError that says what is wrong and what to do."""
    try:
        return audio.decode(path, max_seconds=max_seconds, max_bytes=_most_bytes(max_seconds))
    except audio.BadAudio as bad:
        raise _error(bad, max_seconds) from bad


def cut(path: Path, start: float, end: float, max_seconds: float) -> audio.Samples:
    """What lies between two seconds of a recording; raises a RecordingError as `decode` does."""
    try:
        return audio.cut(path, start, end, max_seconds=max_seconds)
    except audio.BadAudio as bad:
        raise _error(bad, max_seconds) from bad


def _error(bad: audio.BadAudio, max_seconds: float) -> RecordingError:
    facts = dict(bad.facts)
    if bad.kind == "too-long":
        facts["limit"] = round(max_seconds / 60)
    return _ERRORS[bad.kind](**facts)


def _most_bytes(max_seconds: float) -> int:
    """Room for two channels of the longest recording allowed."""
    return int(max_seconds * audio.RATE * 2 * 2)
