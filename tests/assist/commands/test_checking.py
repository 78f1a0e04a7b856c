"""`assist library check`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from assist.commands.library import library
from assist.scripts.formats import yaml_format
from tests.assist.analysis.lines import LIBRARY


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "library.yaml"
    path.write_text(yaml_format.dumps(LIBRARY), encoding="utf-8")
    return path


def test_the_notices_are_printed_in_the_language_of_the_library(file: Path) -> None:
    result = CliRunner().invoke(library, ["check", str(file)])
    assert result.exit_code == 0
    assert "entry:busy: “没时间”只有 2 条说法" in result.stdout


def test_machines_get_them_too(file: Path) -> None:
    rows = json.loads(CliRunner().invoke(library, ["check", str(file), "--json"]).stdout)
    assert {"kind", "item", "likeness", "pairs", "text"} <= set(rows[0])
