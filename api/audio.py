"""A stored recording as a browser can play it."""

from pathlib import Path

from starlette.responses import FileResponse

from assist.calls.calls import Call
from assist.calls.recordings import path_of
from assist.config import Settings
from assist.errors import NotFound
from assist.texts import N_

_TYPES: tuple[tuple[int, bytes, str], ...] = (
    (8, b"WAVE", "audio/wav"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf2", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"OggS", "audio/ogg"),
    (4, b"ftyp", "audio/mp4"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"\xff\xf9", "audio/aac"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"\x1aE\xdf\xa3", "audio/webm"),
)
"""Where in the file, which bytes, what it is."""


class RecordingGone(NotFound):
    message = N_("The recording of this call is no longer kept. Its text and findings are.")


def playable(settings: Settings, call: Call) -> FileResponse:
    """The bytes, named by what they are and not by their file name; ranges are answered. Raises RecordingGone."""
    path = path_of(settings, call.sha256)
    if not path.is_file():
        raise RecordingGone
    headers = {"Cache-Control": "private, no-store", "Content-Disposition": "inline"}
    return FileResponse(path, media_type=media_type(path), headers=headers)


def media_type(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(16)
    found = (name for place, sign, name in _TYPES if head[place : place + len(sign)] == sign)
    return next(found, "application/octet-stream")
