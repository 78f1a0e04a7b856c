"""Why a recording cannot be used, by name."""

from assist.errors import RecordingError
from assist.texts import N_


class EmptyRecording(RecordingError):
    message = N_("The file is empty. Export the recording again and upload that.")


class NotARecording(RecordingError):
    message = N_("This is no sound recording. Upload wav, mp3, m4a, flac, ogg, amr or another sound file.")


class TooBig(RecordingError):
    message = N_("The recording is larger than %(most)s MB. Upload a smaller one, or raise ASSIST_MAX_UPLOAD_BYTES.")
