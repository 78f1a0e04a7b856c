"""A recording's bytes → sound, with every reason for failure as an error that says what to do."""

from pathlib import Path

from assist.errors import RecordingError
from assist.texts import N_
from models import audio


class EmptyRecording(RecordingError):
    message = N_("The recording is empty (0 bytes or no sound in it). Export it again from the phone system.")


class NotARecording(RecordingError):
    message = N_(
        "This file is not a sound recording, or it is cut off so early that it cannot be read. "
        "Upload wav, mp3, m4a, amr, ogg, opus or flac."
    )


class NoSound(RecordingError):
    message = N_("This file has no sound track. Export the call with its sound.")


class LyingHeader(RecordingError):
    message = N_(
        "The header of this recording cannot be true (%(rate)s samples a second, %(channels)s channels). "
        "Export it again from the phone system."
    )


class DamagedRecording(RecordingError):
    message = N_("The recording is damaged and nothing in it can be read. Export it again from the phone system.")


class TooLong(RecordingError):
    message = N_("The recording is longer than %(limit)d minutes. Cut it, or raise the limit ASSIST_MAX_SECONDS.")


class TooBig(RecordingError):
    message = N_("The recording grows too large when it is unpacked. Convert it to mono or stereo at 8 kHz.")


class TooShort(RecordingError):
    message = N_("The recording lasts %(seconds).1f seconds; there is no call to hear in less than one second.")


class TooSlow(RecordingError):
    message = N_("Reading the recording took more than %(seconds)d seconds. Convert it to wav and upload it again.")


_ERRORS: dict[str, type[RecordingError]] = {
    "empty": EmptyRecording,
    "not-a-recording": NotARecording,
    "no-sound": NoSound,
    "lying-header": LyingHeader,
    "damaged": DamagedRecording,
    "too-long": TooLong,
    "too-big": TooBig,
    "too-short": TooShort,
    "too-slow": TooSlow,
}


def decode(path: Path, max_seconds: float) -> audio.Sound:
    """The sound of a recording; raises a RecordingError that says what is wrong and what to do."""
    try:
        return audio.decode(path, max_seconds=max_seconds, max_bytes=_most_bytes(max_seconds))
    except audio.BadAudio as bad:
        facts = dict(bad.facts)
        if bad.kind == "too-long":
            facts["limit"] = round(max_seconds / 60)
        raise _ERRORS[bad.kind](**facts) from bad


def _most_bytes(max_seconds: float) -> int:
    """Room for two channels of the longest recording allowed."""
    return int(max_seconds * audio.RATE * 2 * 2)
