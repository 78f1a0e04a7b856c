"""What was exported is imported without loss."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from assist.scripts.formats import exporting, importing, yaml_format
from assist.scripts.formats.preview import from_json
from assist.scripts.library import Library
from assist.store import libraries as stored
from tests.assist.scripts.libraries import TEXT, libraries
from tests.conftest import LIBRARY

TRADES = sorted((Path(__file__).parents[4] / "assist/analysis/knowledge/practice").glob("*/library.yaml"))[::9]
SMALL = yaml_format.loads(TEXT)
quick = settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def again(library: Library, kind: str, language: str | None = None) -> Library:
    return importing.read(exporting.write(library, kind, language), f"library.{kind}").library


@pytest.mark.parametrize("kind", ["docx", "xlsx", "yaml"])
def test_a_name_keeps_its_own_comma(kind: str) -> None:
    library = replace(SMALL, company=("Foo, Inc.",), terms=("0,", "a;b", "0\n0"))
    assert again(library, kind) == library


@quick
@given(libraries)
def test_word_loses_nothing(library: Library) -> None:
    assert again(library, "docx") == library


@quick
@given(libraries)
def test_excel_loses_nothing(library: Library) -> None:
    assert again(library, "xlsx") == library


@given(libraries)
def test_yaml_loses_nothing(library: Library) -> None:
    assert again(library, "yaml") == library


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_the_language_of_the_headings_does_not_matter(kind: str, language: str) -> None:
    assert again(SMALL, kind, language) == SMALL


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_what_assist_wrote_needs_no_mending(kind: str) -> None:
    preview = importing.read(exporting.write(SMALL, kind), f"library.{kind}")
    assert (preview.exact, preview.warnings, preview.left_out) == (True, (), ())
    assert from_json(preview.to_json()) == preview


def test_markdown_keeps_stages_points_wordings_and_objections() -> None:
    found = again(SMALL, "md")
    assert [(stage.stage, point.title, point.say) for stage in found.script for point in stage.points] == [
        (stage.stage, point.title, point.say) for stage in SMALL.script for point in stage.points
    ]
    assert [(entry.title, entry.heard_as) for entry in found.playbook] == [("没时间", ("我在忙",)), ("嫌贵", ("贵",))]
    assert [step.step for entry in found.playbook for step in entry.respond] == ["acknowledge", "answer"]
    assert [item.phrases for item in found.forbidden] == [item.phrases for item in SMALL.forbidden]


@pytest.mark.parametrize("path", TRADES, ids=lambda path: path.parent.name)
def test_the_store_keeps_a_library_letter_by_letter(store, path: Path) -> None:
    text = path.read_text("utf-8")
    version = stored.publish(store, path.read_bytes())
    library = stored.library(store, version.id)
    assert stored.source(store, version.id) == text
    for kind in ("yaml", "docx", "xlsx"):
        assert again(library, kind) == library


def test_an_incomplete_draft_is_exported_too() -> None:
    half = yaml_format.loads(LIBRARY.replace('say: ["您好，请问是王先生吗？"]', "say: []"), complete=False)
    for kind in ("docx", "xlsx"):
        assert again(half, kind) == half
