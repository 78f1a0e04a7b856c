"""Why a recording cannot be used, by name."""

from assist.errors import RecordingError
from assist.texts import N_


class EmptyRecording(RecordingError):
    message = N_("The recording is empty: there is no sound in it. Export it again and upload that.")


class NotARecording(RecordingError):
    message = N_(
        "This is no sound recording, or it is cut off too early to be read. "
        "Upload wav, mp3, m4a, flac, ogg, amr or another sound file."
    )


class TooBig(RecordingError):
    message = N_("The recording is larger than %(most)s MB. Upload a smaller one, or raise ASSIST_MAX_UPLOAD_BYTES.")


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


class TooShort(RecordingError):
    message = N_("The recording lasts %(seconds).1f seconds; there is no call to hear in less than one second.")


class TooSlow(RecordingError):
    message = N_("Reading the recording took more than %(seconds)d seconds. Convert it to wav and upload it again.")


class TooMuchSound(RecordingError):
    message = N_("The recording grows too large when it is unpacked. Convert it to mono or stereo at 8 kHz.")


class DeletedBefore(RecordingError):
    message = N_(
        "This recording was deleted for good on %(day)s and does not come back by itself. "
        "Ask an administrator, who can admit it again with a reason."
    )


class RemovedBefore(RecordingError):
    message = N_(
        "This recording was kept as long as it may be and was removed on %(day)s. It cannot be uploaded again."
    )
