from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assist.errors import LibraryError
from assist.scripts.formats import fields, yamldoc
from assist.scripts.formats.yaml_format import dumps, loads
from assist.scripts.library import Library, Point
from tests.assist.scripts.libraries import libraries_of

GOOD = """\
campaign: paper-delivery
title: 报纸订阅回访
language: zh
company: [晨光报社, 晨光]
terms: [日报, 周末版]
script:
  - stage: opening
    title: 开场白
    points:
      - id: greet
        title: 问候
        required: true
        weight: 2
        say: [您好，请问是订户本人吗？]
      - {id: reason, title: 来意, say: [想请您续订一年。]}
playbook:
  - objection: busy
    title: 没时间
    heard_as: [我在忙]
    respond:
      - {step: acknowledge, title: 认同, say: [打扰您了。]}
forbidden:
  - {id: gift, title: 承诺赠品, severity: major, phrases: [送您一台电视]}
"""


@given(libraries_of(st.text(min_size=1, max_size=20).filter(str.strip)))
def test_export_and_import_lose_nothing(library: Library) -> None:
    assert loads(dumps(library)) == library


def test_a_library_is_read_as_written() -> None:
    library = loads(GOOD)
    assert (library.campaign, library.company) == ("paper-delivery", ("晨光报社", "晨光"))
    assert [point.id for _, point in library.points()] == ["greet", "reason"]
    assert library.points()[1][1] == Point("reason", "来意", ("想请您续订一年。",), required=True, weight=1)
    assert library.playbook[0].respond[0].step == "acknowledge"
    assert library.forbidden[0].severity == "major"


def test_bytes_with_a_byte_order_mark_read_the_same() -> None:
    assert loads(b"\xef\xbb\xbf" + GOOD.encode()) == loads(GOOD)


def test_chinese_stays_readable_in_an_export() -> None:
    assert "您好，请问是订户本人吗？" in dumps(loads(GOOD))


@pytest.mark.parametrize("word", ["no", "on", "2026-13-45", "12", "=", "~ok", "1:30"])
def test_a_wording_is_taken_as_written_whatever_yaml_makes_of_it(word: str) -> None:
    assert loads(GOOD.replace("我在忙", word)).playbook[0].heard_as == (word,)


def test_additional_keys_of_later_formats_are_read() -> None:
    library = loads(
        GOOD.replace("heard_as:", "not_this: [忙什么]\n    heard_as:").replace(
            "phrases:", "allowed: [不送电视], phrases:"
        )
    )
    assert (library.playbook[0].not_this, library.forbidden[0].allowed) == (("忙什么",), ("不送电视",))


# What is replaced, by what, the error, the line it names, and a word of its message
FAULTS = [
    ("title: 报纸", "titel: 报纸", fields.MistypedKey, 2, "title"),
    ("title: 报纸", "colour: red\ntitle: 报纸", fields.UnknownKey, 2, "campaign"),
    ("title: 开场白", "title：开场白", fields.FullWidthColon, 8, "title：开场白"),
    ("[晨光报社, 晨光]", "[晨光报社，晨光]", fields.FullWidthComma, 4, "晨光报社"),
    ("[晨光报社, 晨光]", "晨光", fields.NotAList, 4, "company"),
    ("title: 问候", "", fields.MissingKey, 10, "title"),
    ("id: reason", "id: greet", fields.DuplicateIdentifier, 15, "10"),
    ("paper-delivery", "paper/delivery", fields.BadIdentifier, 1, "paper/delivery"),
    ("[我在忙]", '[""]', fields.EmptyText, 19, "heard_as"),
    ("[我在忙]", "[]", fields.EmptyList, 19, "heard_as"),
    ("[我在忙]", "[{我: 在忙}]", fields.NotAText, 19, "heard_as"),
    ("weight: 2", "weight: 4", fields.NotAWholeNumber, 13, "4"),
    ("weight: 2", "weight: 两", fields.NotAWholeNumber, 13, "两"),
    ("required: true", "required: 是", fields.NotYesOrNo, 12, "是"),
    ("stage: opening", "stage: start", fields.NotAChoice, 7, "discovery"),
    ("severity: major", "severity: fatal", fields.NotAChoice, 23, "critical"),
    ("language: zh", "language: cn", fields.NotAChoice, 3, "zh"),
    ("language: zh", "title: 又一个", yamldoc.RepeatedKey, 3, "2"),
    ("    title: 开场白", "\ttitle: 开场白", yamldoc.TabIndent, 8, "blanks"),
    ("报纸订阅回访", "报纸: 订阅", yamldoc.StrayColon, 2, "quotes"),
    ("[我在忙]", "[我在忙", yamldoc.OpenQuote, 19, "closed"),
    ("我在忙", "@忙", yamldoc.OddBeginning, 19, "quotes"),
    ("我在忙", "&忙 我", yamldoc.Alias, 19, "&"),
    ("我在忙", "!!python/name:os.system 我", yamldoc.OwnTag, 19, "!"),
    ("我在忙", "忙\x00", yamldoc.NotText, 19, "character"),
    ("script:", "---\nscript:", yamldoc.SeveralDocuments, 6, "---"),
    ("[我在忙]", "[" * 500, yamldoc.TooDeep, 19, "nested"),
]


@pytest.mark.parametrize(("old", "new", "kind", "line", "word"), FAULTS)
def test_a_fault_is_named_with_its_file_and_line(
    old: str, new: str, kind: type[LibraryError], line: int, word: str
) -> None:
    with pytest.raises(kind) as caught:
        loads(GOOD.replace(old, new, 1), "mine.yaml")
    message = str(caught.value)
    assert message.startswith(f"mine.yaml, line {line}: ")
    assert word in message


@pytest.mark.parametrize("encoding", ["latin-1", "gbk", "utf-16"])
def test_bytes_that_are_not_utf8_ask_to_be_saved_again(encoding: str) -> None:
    text = "campaign: x\ntitle: café\n" if encoding == "latin-1" else GOOD
    with pytest.raises(yamldoc.NotUtf8, match=r"line \d.*UTF-8"):
        loads(text.encode(encoding))


@pytest.mark.parametrize("source", ["", b"", "# only a remark\n"])
def test_an_empty_file_says_so(source: str | bytes) -> None:
    with pytest.raises(yamldoc.EmptyFile, match="is empty"):
        loads(source)


def test_a_file_too_large_for_a_library_is_refused_unread() -> None:
    with pytest.raises(yamldoc.FileTooBig):
        loads("a" * (yamldoc.MAX_BYTES + 1))


def test_aliases_that_multiply_are_refused_before_they_are_built() -> None:
    bomb = "a: &a [x,x]\n" + "".join(f"{b}: &{b} [*{a},*{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    with pytest.raises(yamldoc.Alias):
        loads(bomb)


@given(st.text(max_size=200))
def test_any_text_is_a_library_or_a_clear_error(text: str) -> None:
    with pytest.raises(LibraryError):
        loads(text)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_library_or_a_clear_error(raw: bytes) -> None:
    with pytest.raises(LibraryError):
        loads(raw)


@given(st.data())
def test_a_library_cut_or_mended_anywhere_breaks_with_a_clear_error_or_not_at_all(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(GOOD)))
    patch = data.draw(st.text(alphabet="\t\n :-[]{}'\"&*!|>%@,#?：，x", max_size=4))
    try:
        assert isinstance(loads(GOOD[:at] + patch + GOOD[at + len(patch) :]), Library)
    except LibraryError as error:
        assert "\n" not in str(error)
        assert "\n" not in error.text("zh-CN")


def test_every_message_of_the_reader_has_its_chinese() -> None:
    kinds = [kind for module in (fields, yamldoc) for kind in vars(module).values() if isinstance(kind, type)]
    facts = dict.fromkeys(
        ("file", "line", "key", "text", "near", "known", "low", "high", "choices", "first", "most"), "1"
    )
    for kind in kinds:
        if issubclass(kind, LibraryError) and kind is not LibraryError:
            assert kind(**facts).text("zh-CN") != kind(**facts).text("en"), kind


def test_the_sample_library_of_the_demo_exports_losslessly() -> None:
    sample = Path(__file__).parents[4] / "assist" / "demo" / "library.yaml"
    library = loads(sample.read_bytes(), sample.name)
    assert loads(dumps(library)) == library
