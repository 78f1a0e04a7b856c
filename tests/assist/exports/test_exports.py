"""Findings go out table by table: typed, without personal data, and only what changed since the last time."""

import csv
import io
import json
from pathlib import Path

import pytest

from assist.calls import calls
from assist.coaching.sheets import harmless
from assist.errors import AccessDenied
from assist.exports import changes, exporting
from assist.exports.changes import Asked
from assist.exports.tables import FORMAT, TABLES, WHATS
from assist.pipeline import STEPS, Pipeline
from tests import fakes
from tests.api import judged as written
from tests.assist.commands.test_commands import run  # noqa: F401 the fixture

ROOT = Path(__file__).parents[3]


class WholeEngine(fakes.FakeEngine):
    """Judges every call as the one written down."""

    def judge(self, transcript, library, case):
        report = written.report(case.sha256, case.version)
        report["turns"][2]["text"] = "我在开会，打我手机13812345678。"
        report["objections"][0]["quote"] = "我在开会，打我手机13812345678。"
        return report


@pytest.fixture
def judged_whole(store, upload):
    def bring(user, *lines):
        call = upload(user, *lines or ("agent: 1",))
        for step in STEPS:
            Pipeline(store, WholeEngine()).run(step, call.id, call.run)
        return calls.load(store, call.id)

    return bring


@pytest.fixture
def rows(store, admin):
    def ask(what, user=None, **asked):
        return list(changes.batch(store, user or admin, Asked(what, **asked), changes.last(store), 100).rows)

    return ask


@pytest.mark.parametrize("what", WHATS)
def test_every_table_has_its_columns_and_nothing_else(what, rows, judged_whole, agent):
    judged_whole(agent)
    names = [column.name for column in TABLES[what].columns]
    found = rows(what)
    assert all(list(row) == names for row in found)
    assert bool(found) == (what != "removed")


def test_findings_are_those_of_the_analysis(rows, judged_whole, agent):
    call = judged_whole(agent)
    (row,) = rows("calls")
    assert (row["call_id"], row["agent_id"], row["overall"]) == (call.id, agent.id, call.overall)
    assert [(one["point"], one["status"]) for one in rows("points")] == [
        ("confirm-identity", "said"),
        ("ask-for-order", "missed"),
    ]
    assert ("opening", "", 86) in [(one["skill"], one["criterion"], one["value"]) for one in rows("scores")]


def test_quotes_hold_no_personal_data_unless_an_admin_wants_them_whole(rows, judged_whole, agent, lead):
    judged_whole(agent)
    assert "13812345678" not in json.dumps(rows("objections"), ensure_ascii=False)
    assert "13812345678" in rows("objections", whole=True)[0]["quote"]
    with pytest.raises(AccessDenied):
        rows("objections", lead, whole=True)


def test_leads_take_out_their_team_others_nothing(rows, judged_whole, agent, lead, outsider, editor):
    judged_whole(agent)
    assert len(rows("calls", lead)) == 1
    assert rows("calls", outsider) == []
    for nobody in (agent, editor):
        with pytest.raises(AccessDenied):
            rows("calls", nobody)


def test_only_what_changed_since_the_watermark_comes_again(store, rows, judged_whole, agent, lead):
    first = judged_whole(agent, "agent: 1")
    mark = changes.last(store)
    second = judged_whole(agent, "agent: 2")
    assert [row["call_id"] for row in rows("calls", after=mark)] == [second.id]
    store.change("UPDATE calls SET analysis_key = analysis_key WHERE id = ?", [first.id])
    assert {row["call_id"] for row in rows("calls", after=mark)} == {first.id, second.id}


def test_a_call_that_fails_when_judged_again_is_told_and_has_no_findings(store, rows, judged_whole, agent):
    call = judged_whole(agent)
    mark = changes.last(store)
    store.change("UPDATE calls SET state = 'received' WHERE id = ?", [call.id])
    assert rows("calls", after=mark) == []
    store.change("UPDATE calls SET state = 'failed' WHERE id = ?", [call.id])
    assert [row["state"] for row in rows("calls", after=mark)] == ["failed"]
    assert rows("points", after=mark) == []


def test_deleted_calls_are_told(store, rows, judged_whole, agent):
    call = judged_whole(agent)
    mark = changes.last(store)
    store.change("DELETE FROM calls WHERE id = ?", [call.id])
    assert [row["call_id"] for row in rows("removed", after=mark)] == [call.id]
    assert rows("calls") == []


def test_pages_of_changes_join_without_gap_or_overlap(store, judged_whole, agent, admin):
    made = [judged_whole(agent, f"agent: {number}").id for number in range(5)]
    found, after, more = [], 0, True
    while more:
        page = changes.batch(store, admin, Asked("calls", after), changes.last(store), 2)
        found += [row["call_id"] for row in page.rows]
        after, more = page.watermark, page.more
    assert found == made


class TestFiles:
    def test_csv_reads_back_and_runs_nothing(self, store, judged_whole, agent, admin, tmp_path):
        judged_whole(agent)
        made = exporting.export(store, admin, Asked("points"), str(tmp_path / "p.csv"), "csv")
        table = list(csv.DictReader(io.StringIO((tmp_path / "p.csv").read_text("utf-8-sig"))))
        assert made.rows == len(table) == 2
        assert table[0]["point"] == "confirm-identity"
        assert harmless("=cmd|' /C calc'!A0").startswith("'=")

    def test_parquet_has_types_and_says_what_it_is(self, store, judged_whole, agent, admin, tmp_path):
        pq = pytest.importorskip("pyarrow.parquet")
        judged_whole(agent)
        path = tmp_path / "calls.parquet"
        exporting.export(store, admin, Asked("calls"), str(path), "parquet")
        table = pq.read_table(path)
        types = {field.name: str(field.type) for field in table.schema}
        assert (types["call_id"], types["seconds"], types["called_at"]) == ("int64", "double", "timestamp[ms, tz=UTC]")
        assert table.schema.metadata[b"format"] == FORMAT.encode()
        assert table.column("agent_id").to_pylist() == [agent.id]

    @pytest.mark.parametrize("what", WHATS)
    def test_every_table_fits_its_types(self, store, judged_whole, agent, admin, tmp_path, what):
        pytest.importorskip("pyarrow")
        judged_whole(agent)
        exporting.export(store, admin, Asked(what), str(tmp_path / "t.parquet"), "parquet")

    def test_what_breaks_off_leaves_the_old_file(self, store, judged_whole, agent, admin, tmp_path, monkeypatch):
        judged_whole(agent)
        (tmp_path / "p.csv").write_text("old")
        monkeypatch.setattr(exporting, "note", lambda *_: 1)
        monkeypatch.setattr("assist.exports.writing.CsvWriter.write", _fails)
        with pytest.raises(RuntimeError):
            exporting.export(store, admin, Asked("points"), str(tmp_path / "p.csv"), "csv")
        assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["p.csv"]
        assert (tmp_path / "p.csv").read_text() == "old"


def _fails(*_):
    raise RuntimeError


class TestCommand:
    def test_the_state_goes_on_where_it_was_and_the_audit_knows(self, run, store, judged_whole, agent, tmp_path):  # noqa: F811
        state, out = tmp_path / "marks.json", tmp_path / "calls.csv"
        judged_whole(agent, "agent: 1")
        assert "1 rows" in run("export", "--what", "calls", "--state", state, out)[1]
        assert "0 rows" in run("export", "--what", "calls", "--state", state, out)[1]
        judged_whole(agent, "agent: 2")
        assert "1 rows" in run("export", "--what", "calls", "--state", state, out)[1]
        details = [row["detail"] for row in store.rows("SELECT detail FROM audit WHERE action = 'findings.export'")]
        assert [json.loads(detail)["rows"] for detail in details] == [1, 0, 1]

    def test_a_state_that_is_none_is_said(self, run, tmp_path):  # noqa: F811
        (tmp_path / "marks.json").write_text("{}")
        status, _, err = run("export", "--what", "calls", "--state", tmp_path / "marks.json", "-")
        assert status == 1
        assert "marks.json" in err


def test_the_document_lists_every_column():
    text = (ROOT / "docs/export.md").read_text("utf-8")
    for what, table in TABLES.items():
        part = text.split(f"\n### {what}\n", 1)[1].split("\n### ", 1)[0]
        rows = [f"| `{column.name}` | {column.kind} | {column.about} |" for column in table.columns]
        assert [line for line in part.splitlines() if line.startswith("| `")] == rows
        assert table.about in part
