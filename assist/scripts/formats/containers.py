"""Word and Excel files as bytes: zip archives from strangers, looked through before any library opens them.

Sizes are checked twice, as declared and as they come out, so that an archive that lies about itself is noticed early.
"""

import io
import re
import zipfile
import zlib
from typing import Literal

from assist.errors import LibraryError
from assist.texts import N_

Office = Literal["docx", "xlsx"]

MOST_BYTES = 10 * 1024 * 1024
MOST_INSIDE = 60 * 1024 * 1024
"""Bytes of all parts together when they are unpacked; a book of talk tracks with pictures stays far below."""
MOST_PARTS = 2000
_CHUNK = 256 * 1024

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN: dict[Office, str] = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_LOCAL_HEADER = 30


class FileTooLarge(LibraryError):
    message = N_(
        "%(file)s has %(megabytes)s MB; at most %(most)s MB are read. Take pictures and unused sheets out, or split it."
    )


class OldOffice(LibraryError):
    message = N_(
        "%(file)s is in the old Office format or protected by a password. "
        "Open it in Word or Excel, save it as .docx or .xlsx without a password, and import that."
    )


class NotOffice(LibraryError):
    message = N_("%(file)s is a zip archive but no Word or Excel file, whatever its name says. Choose the real file.")


class DamagedOffice(LibraryError):
    message = N_("%(file)s is damaged and cannot be read. Open it in Word or Excel, save it again, and import that.")


class SwollenOffice(LibraryError):
    message = N_(
        "%(file)s unpacks to far more than a document holds (over %(most)s MB), so it was not opened. "
        "Copy the text into a new file."
    )


class HasMacros(LibraryError):
    message = N_("%(file)s contains macros, so it was not opened. Save it as .docx or .xlsx without macros.")


class Suspicious(LibraryError):
    message = N_("%(file)s contains %(part)s, which no Word or Excel file needs. Copy the text into a new file.")


def is_zip(content: bytes) -> bool:
    return content[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def office(content: bytes, name: str) -> Office:
    """Which of the two it is, once it is known to be harmless. Raises LibraryError."""
    check_size(content, name)
    if content.startswith(OLE):
        raise OldOffice(file=name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            kind = _kind(parts, name)
            _check(content, parts, name)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, OSError) as error:
        raise DamagedOffice(file=name) from error
    return kind


def check_size(content: bytes, name: str) -> None:
    """Raises FileTooLarge."""
    if len(content) > MOST_BYTES:
        raise FileTooLarge(file=name, megabytes=round(len(content) / 1024**2), most=MOST_BYTES // 1024**2)


def part(content: bytes, path: str) -> bytes:
    """One part of a checked archive, empty where it has none."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(path) if path in archive.namelist() else b""


def _kind(parts: list[zipfile.ZipInfo], name: str) -> Office:
    names = {part.filename for part in parts}
    if any(one.rpartition("/")[2].lower() == "vbaproject.bin" for one in names):
        raise HasMacros(file=name)
    found = [kind for kind, main in _MAIN.items() if main in names]
    if not found or "[Content_Types].xml" not in names:
        raise NotOffice(file=name)
    return found[0]


def _check(content: bytes, parts: list[zipfile.ZipInfo], name: str) -> None:
    swollen = SwollenOffice(file=name, most=MOST_INSIDE // 1024**2)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_INSIDE:
        raise swollen
    if sum(part.compress_size for part in parts) > len(content):  # parts that lie over one another
        raise swollen
    for part in parts:
        if part.flag_bits & 1:
            raise OldOffice(file=name)
        _check_part(content, part, name, swollen)


def _check_part(content: bytes, part: zipfile.ZipInfo, name: str, swollen: SwollenOffice) -> None:
    packed, inside, head = _packed(content, part), 0, b""
    inflate = zlib.decompressobj(-zlib.MAX_WBITS) if part.compress_type == zipfile.ZIP_DEFLATED else None
    while packed:
        out = inflate.decompress(packed, _CHUNK) if inflate else packed
        packed = inflate.unconsumed_tail if inflate else b""
        inside, head = inside + len(out), head or out[:4096]
        if inside > part.file_size:
            raise swollen
        if not out:
            break
    if part.filename.endswith((".xml", ".rels")) and re.search(rb"<!(DOCTYPE|ENTITY)", head):
        raise Suspicious(file=name, part="<!DOCTYPE>")


def _packed(content: bytes, part: zipfile.ZipInfo) -> bytes:
    """The packed bytes of a part, found by its own header: the directory may say something else."""
    start = part.header_offset
    if content[start : start + 4] != b"PK\x03\x04" or part.compress_type not in (
        zipfile.ZIP_STORED,
        zipfile.ZIP_DEFLATED,
    ):
        raise zipfile.BadZipFile
    lengths = content[start + 26 : start + _LOCAL_HEADER]
    begin = start + _LOCAL_HEADER + int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
    return content[begin : begin + part.compress_size]
