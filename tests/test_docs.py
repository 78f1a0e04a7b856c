"""What the documents say is so."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
from pydantic_core import PydanticUndefined

from assist import __version__, transcript_file
from assist.analysis import report
from assist.config import Settings
from assist.scripts.formats import yaml_format

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)


def settings_rows() -> list[str]:
    """One row of docs/settings.md for each setting: name, default, meaning."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (None, PydanticUndefined, "") else f"`{field.default}`".replace("|", "\\|")
        rows.append(f"| `ASSIST_{name.upper()}` | {default} | {' '.join((field.description or '').split())} |")
    return rows


def test_every_setting_is_documented_as_it_is() -> None:
    text = (ROOT / "docs/settings.md").read_text("utf-8")
    table = [line for line in text.splitlines() if line.startswith("| `ASSIST_")]
    assert table == settings_rows(), "docs/settings.md should have these rows:\n" + "\n".join(settings_rows())


def test_every_setting_says_what_it_is_for() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_the_example_of_a_library_is_one() -> None:
    (example,) = blocks("docs/library.md", "yaml")
    library = yaml_format.loads(example, "docs/library.md")
    assert library.playbook[0].not_this
    assert library.forbidden[0].allowed


def test_the_example_of_an_analysis_is_one() -> None:
    analysis, turns = blocks("docs/analysis.md", "json")
    jsonschema.validate(json.loads(analysis), report.schema())
    assert transcript_file.loads(turns.encode(), "turns.json", "zh").turns


def test_the_changelog_begins_with_this_version() -> None:
    versions = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert versions[0] == __version__


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    prose = re.sub(r"`[^`\n]*`", "", page.read_text("utf-8"))
    links = re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", prose)
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-test.lock"])
def test_the_lock_names_no_host(name: str) -> None:
    lock = (ROOT / name).read_text()
    assert "://" not in lock
    assert "torch" not in lock
