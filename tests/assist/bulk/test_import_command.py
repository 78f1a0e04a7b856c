"""`assist import` as an administrator uses it."""

import csv
import io
import os
import signal
import subprocess
import sys
import time

import pytest

from assist.bulk.pace import Pace, clock_text
from tests.assist.commands.test_commands import run  # noqa: F401 the fixture
from tests.fakes import recording


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "yesterday"
    made.mkdir()
    return made


def test_a_report_names_what_stayed_out_and_why(run, store, folder, tmp_path):  # noqa: F811
    for name in ("a.wav", "b.wav", "d.wav"):
        (folder / name).write_bytes(recording(f"agent: {name}"))
    (folder / "=cmd.wav").write_bytes(b"")
    manifest = folder / "list.csv"
    manifest.write_text("file,called_at\na.wav,2026-11-01 09:30\nb.wav,yesterday\n=cmd.wav,\nc.wav,\n")
    report = tmp_path / "report.csv"
    status, out, err = run("import", folder, "--manifest", manifest, "--report", report)
    table = csv.DictReader(io.StringIO(report.read_text("utf-8-sig")))
    rows = [(row["file"], row["line"], row["code"]) for row in table]
    assert status == 1
    assert "New: 1, known already: 0, refused: 3." in out
    assert "1 files have no line" in out
    assert "line 3" in err
    assert rows == [
        ("b.wav", "3", "BadLine"),
        ("'=cmd.wav", "4", "EmptyRecording"),
        ("c.wav", "5", "NotInFolder"),
        ("d.wav", "", "NotListed"),
    ]


def test_a_manifest_that_is_no_table_imports_nothing(run, store, folder):  # noqa: F811
    (folder / "a.wav").write_bytes(recording("agent: 1"))
    (folder / "m.csv").write_text("agent\nchen\n")
    status, _, err = run("import", folder, "--manifest", folder / "m.csv")
    assert status == 1
    assert "no column file" in err
    assert store.value("SELECT count(*) FROM calls") == 0


def test_many_refusals_are_not_all_shown(run, folder):  # noqa: F811
    for number in range(30):
        (folder / f"{number}.wav").write_bytes(b"")
    status, out, err = run("import", folder)
    assert status == 1
    assert "refused: 30" in out
    assert len(err.strip().splitlines()) == 21
    assert "--report" in err


@pytest.mark.parametrize("arguments", [("s3://x/y", "--watch"), (".", "--watch", "--manifest", __file__)])
def test_what_cannot_be_watched_is_said(run, arguments):  # noqa: F811
    status, _, err = run("import", *arguments)
    assert status == 1
    assert "watch" in err


def test_a_watch_takes_what_comes_and_ends_when_asked(store, folder):
    environment = os.environ | {"ASSIST_DATA": str(store.settings.data), "ASSIST_LANGUAGE": "en"}
    command = [sys.executable, "-m", "assist", "import", str(folder), "--watch", "--every", "0.05", "--settle", "0.1"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline().startswith("Watching")
            (folder / "20261101_0930_chen_1.wav").write_bytes(recording("agent: 1"))
            (folder / "bad.wav").write_bytes(b"")
            deadline = time.monotonic() + 60
            while not (folder / "refused" / "bad.wav").exists() and time.monotonic() < deadline:
                time.sleep(0.05)
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert store.value("SELECT count(*) FROM calls WHERE enqueued_run = run") == 1
    assert (folder / "done" / "20261101_0930_chen_1.wav").exists()
    assert "EmptyRecording" in (folder / "refused" / "refused.csv").read_text("utf-8-sig")


class TestPace:
    def test_time_left_is_that_of_the_last_half_minute(self):
        now = [0.0]
        pace = Pace(1000, lambda: now[0])
        for _ in range(200):
            pace.note(worked=False)
        assert pace.left_s is None
        for _ in range(100):
            now[0] += 1
            pace.note(worked=True)
        assert pace.rate == pytest.approx(1.0, abs=0.05)
        assert pace.left_s == pytest.approx(700, rel=0.05)

    def test_a_long_time_reads_as_hours(self):
        assert clock_text(3909) == "1:05:09"
