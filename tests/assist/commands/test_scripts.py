"""Talk tracks as files, from the command line."""

import pytest
from click.testing import CliRunner

from assist.commands.library import library
from assist.scripts.formats import exporting, importing, yaml_format
from assist.store import drafts, libraries
from tests.assist.scripts.libraries import with_point
from tests.conftest import LIBRARY

BASE = yaml_format.loads(LIBRARY)


@pytest.fixture
def run(settings, monkeypatch):
    """Runs `assist library …` in the furnished folder; gives its output."""
    monkeypatch.setenv("ASSIST_DATA", str(settings.data))
    monkeypatch.setenv("ASSIST_LANGUAGE", "zh-CN")

    def command(*arguments):
        result = CliRunner().invoke(library, [str(each) for each in arguments], catch_exceptions=False)
        return result.output

    return command


def test_two_files_are_compared_in_words(run, tmp_path):
    old, new = tmp_path / "旧.yaml", tmp_path / "新.docx"
    old.write_text(LIBRARY, "utf-8")
    new.write_bytes(exporting.write(with_point(BASE, "ask-for-order", say=("我现在帮您预约，可以吗？",)), "docx"))
    out = run("compare", old, new)
    assert "~ 邀请办理 [ask-for-order]" in out
    assert "say: 我现在帮您[-登记-]{+预约+}，可以吗？" in out
    assert "没有差别" in run("compare", old, old)


def test_a_published_version_is_compared_by_its_number(run, store, tmp_path):
    libraries.publish(store, yaml_format.dumps(with_point(BASE, "ask-for-order", weight=3)))
    assert "weight: [-1-]{+3+}" in run("compare", "broadband@1", "broadband@2")


def test_yaml_is_exported_letter_by_letter(run, tmp_path):
    run("export", "broadband", tmp_path / "话术.yaml")
    assert (tmp_path / "话术.yaml").read_text("utf-8") == LIBRARY


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_office_files_are_exported_and_read_again(run, kind, tmp_path):
    run("export", "broadband", tmp_path / f"话术.{kind}")
    content = (tmp_path / f"话术.{kind}").read_bytes()
    assert importing.read(content, f"话术.{kind}").library == BASE


def test_an_import_shows_what_was_understood_and_saves_nothing(run, store, editor, tmp_path):
    file = tmp_path / "话术.md"
    file.write_text("# 提速\n\n## 开场白\n\n### 问候\n\n- 您好吗？\n", "utf-8")
    out = run("import", file)
    assert "第 7 行\t要点的话术\t您好吗？" in out
    assert "1 个要点" in out
    assert drafts.listing(store, editor) == []


def test_an_import_becomes_a_draft_on_demand(run, store, editor, admin, tmp_path):
    file = tmp_path / "话术.md"
    file.write_text("## 促成\n\n### 邀请办理\n\n- 我帮您办，好吗？\n", "utf-8")
    run("import", file, "--campaign", "broadband", "--draft", "新版")
    (draft,) = drafts.listing(store, editor, "broadband")
    assert draft.name == "新版"
    assert [point.id for _, point in drafts.library(store, editor, draft.id).points()] == ["ask-for-order"]
