"""Files that are not what they say, or not harmless: each gives one clear error by name, in the reader's language."""

import io
import os
import struct
import zipfile

import pytest
from xlsxwriter import Workbook

from assist.errors import LibraryError
from assist.scripts.formats import containers, exporting, importing, yaml_format
from assist.scripts.formats.yamldoc import EmptyFile
from tests.assist.scripts.formats.files import archive, sheet, word
from tests.assist.scripts.libraries import TEXT, with_point

GOOD = word(("Heading 1", "开场白"), ("", "您好，请问是王先生吗？"))


def refused(content: bytes, name: str) -> LibraryError:
    with pytest.raises(LibraryError) as error:
        importing.read(content, name)
    chinese = error.value.text("zh-CN")
    assert chinese != error.value.text("en")
    assert name in chinese
    return error.value


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, part)
    return out.getvalue()


def formula() -> bytes:
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet("话术")
        page.write_row(0, 0, ["阶段", "话术"])
        page.write_formula(1, 1, '=HYPERLINK("http://x")', None, "您好")
    return out.getvalue()


def lying(content: bytes) -> bytes:
    """An archive whose biggest part says that it is small."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        part = max(packed.infolist(), key=lambda each: each.file_size)
    small = struct.pack("<I", 10)
    changed = bytearray(content)
    changed[part.header_offset + 22 : part.header_offset + 26] = small
    at = content.rfind(b"PK\x01\x02", 0, content.rfind(part.filename.encode()))
    changed[at + 24 : at + 28] = small
    return bytes(changed)


def test_a_zip_that_was_renamed() -> None:
    assert refused(archive(notes_dot_txt=b"hello"), "话术.docx").code == "NotOffice"
    assert refused(archive(notes_dot_txt=b"hello"), "话术.xlsx").code == "NotOffice"


def test_a_file_of_fifty_megabytes() -> None:
    error = refused(b"PK\x03\x04" + bytes(50 * 1024 * 1024), "话术.xlsx")
    assert (error.code, error.facts["megabytes"]) == ("FileTooLarge", 50)


def test_formulas_are_named_by_their_cells() -> None:
    error = refused(formula(), "话术.xlsx")
    assert (error.code, error.facts["cells"]) == ("HasFormulas", "话术!B2")


def test_cells_merged_over_columns_are_named() -> None:
    rows = [["阶段", "要点", "话术"], ["开场白", "您好", ""], ["促成", "登记", "可以吗？"]]
    error = refused(sheet({"话术": rows}, merge=["B2:C2"]), "话术.xlsx")
    assert (error.code, error.facts["cells"]) == ("MergedAcross", "话术!B2")


def test_macros() -> None:
    assert refused(with_part(GOOD, "word/vbaProject.bin", b"x"), "话术.docm").code == "HasMacros"
    assert refused(with_part(formula(), "xl/vbaProject.bin", b"x"), "话术.xlsm").code == "HasMacros"


def test_a_zip_bomb_that_says_so() -> None:
    bomb = with_part(GOOD, "word/media/image1.png", bytes(containers.MOST_INSIDE + 1))
    assert len(bomb) < 200_000
    assert refused(bomb, "话术.docx").code == "SwollenOffice"


def test_a_zip_bomb_that_lies() -> None:
    bomb = lying(with_part(GOOD, "word/media/image1.png", bytes(5_000_000)))
    assert refused(bomb, "话术.docx").code == "SwollenOffice"


def test_entities_in_the_xml() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
    assert refused(with_part(GOOD, "word/extra.xml", bomb), "话术.docx").code == "Suspicious"


def test_old_and_protected_files() -> None:
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "话术.doc").code == "OldOffice"


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9])
def test_half_a_file(kept: float) -> None:
    assert refused(GOOD[: int(len(GOOD) * kept)], "话术.docx").code == "DamagedOffice"


def test_bytes_that_are_no_text() -> None:
    assert refused(os.urandom(5000) + b"\xff\x80", "话术.md").code == "NotDecodable"


def test_nothing_at_all() -> None:
    with pytest.raises(EmptyFile):
        importing.read(b"  \n ", "话术.md")
    assert refused(word(), "话术.docx").code == "NothingInside"


def test_a_text_that_no_cell_holds_is_not_cut_off() -> None:
    long = with_point(yaml_format.loads(TEXT), "greet", say=("话" * 40_000,))
    with pytest.raises(LibraryError) as error:
        exporting.write(long, "xlsx")
    assert error.value.code == "TooLongForExcel"


def test_an_export_holds_no_formula_and_no_link() -> None:
    evil = ('=HYPERLINK("http://x","点我")', "+1+cmd|' /C calc'!A0", "@SUM(1)", "-2", "https://x.example/")
    library = with_point(yaml_format.loads(TEXT), "greet", say=evil)
    content = exporting.write(library, "xlsx")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        pages = [packed.read(name) for name in packed.namelist() if name.startswith("xl/worksheets/")]
        assert not any(name.startswith("xl/worksheets/_rels") for name in packed.namelist())
    assert not any(b"<f>" in page or b"<f " in page or b"hyperlink" in page for page in pages)
    assert importing.read(content, "话术.xlsx").library == library
