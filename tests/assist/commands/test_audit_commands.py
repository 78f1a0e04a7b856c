"""`assist audit`: checks, takes out, and takes a loss for known."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assist.commands.audit import audit as command
from assist.config import Settings
from assist.people import audit
from assist.people.users import User
from assist.store import Store
from assist.worker import _as_environment

Run = Callable[..., Result]


@pytest.fixture
def run(settings: Settings) -> Run:
    environment = _as_environment(settings) | {"ASSIST_LANGUAGE": "en"}
    return lambda *words: CliRunner().invoke(command, words, env=environment)


def test_a_whole_audit_is_said_to_be(run: Run, store: Store) -> None:
    audit.record(store, None, "call.open", "call:1")
    told = run("verify")
    assert told.exit_code == 0
    assert "The audit is whole" in told.output


def test_a_missing_end_ends_with_status_1_until_it_is_accepted(run: Run, store: Store) -> None:
    audit.record(store, None, "call.open", "call:1")
    (store.settings.data / "audit.head").unlink()
    assert run("verify").exit_code == 1
    assert run("accept").exit_code == 0
    assert run("verify", "--thorough").exit_code == 0
    assert audit.listing(store, about="audit")[0].detail["trouble"] == "headless"


def test_entries_are_written_to_a_file(run: Run, store: Store, admin: User, tmp_path: Path) -> None:
    for number in range(5):
        audit.record(store, admin, "call.open", f"call:{number}")
    audit.record(store, None, "call.open", "call:9")
    target = tmp_path / "audit.jsonl"
    assert run("export", str(target), "--person", "root", "--action", "call.open").exit_code == 0
    lines = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    assert [line["object"] for line in lines] == [f"call:{number}" for number in range(5)]
    assert audit.listing(store, about="audit")[0].detail == {"kind": "jsonl", "user": admin.id, "action": "call.open"}


def test_entries_of_the_command_line_as_a_table(run: Run, store: Store, admin: User) -> None:
    audit.record(store, admin, "call.open", "call:1")
    audit.record(store, None, "call.open", "call:9")
    told = run("export", "--format", "csv", "--person", "-", "--object", "call:9").stdout_bytes.decode("utf-8-sig")
    assert len(told.splitlines()) == 2
    assert "call:9" in told


def test_a_place_that_cannot_be_written_is_said(run: Run, tmp_path: Path) -> None:
    told = run("export", str(tmp_path / "no folder" / "audit.jsonl"))
    assert told.exit_code == 1
    assert not (tmp_path / "no folder").exists()
