"""Keeping, deleting and handing out on the command line."""

import json
import zipfile

import pytest
from click.testing import CliRunner

from assist.calls.details import Details
from assist.cli import assist
from assist.privacy import deletion, retention
from assist.privacy.retention import Rule
from tests.assist.privacy.lived import CUSTOMER, LINES, LONG_AGO


@pytest.fixture
def run(settings, monkeypatch):
    monkeypatch.setenv("ASSIST_DATA", str(settings.data))
    monkeypatch.setenv("ASSIST_LANGUAGE", "en")
    return lambda *arguments: CliRunner().invoke(assist, [str(one) for one in arguments])


@pytest.fixture
def call(judged, agent):
    return judged(agent, *LINES, details=Details(customer=CUSTOMER, called_at=LONG_AGO))


def test_retention_is_shown_and_carried_out(run, store, admin, call):
    retention.save(store, admin, Rule("broadband", recordings=40))
    shown = run("retention").stdout
    assert "宽带提速: recordings 40, transcripts —, findings — days; at least 30" in shown
    assert "from 1 calls" in run("retention", "--sweep").stdout
    assert "from 0 calls" in run("retention", "--sweep").stdout


def test_a_deletion_is_shown_before_it_is_done_and_its_certificate_is_checked(run, store, admin, call, tmp_path):
    asked = ("privacy", "delete", CUSTOMER, "--reason", "客户要求")
    assert "1 calls would be deleted" in run(*asked).stdout
    assert "1 of 1 calls are gone" in run(*asked, "--yes").stdout
    document = deletion.listing(store, admin).deeds[0].certificate
    path = tmp_path / "certificate.json"
    path.write_text(json.dumps(document))
    assert "genuine" in run("privacy", "verify", path).stdout
    path.write_text(json.dumps(document | {"reason": "x"}))
    assert run("privacy", "verify", path).exit_code == 1


def test_what_is_kept_of_a_customer_is_handed_out(run, call, tmp_path):
    target = tmp_path / "customer.zip"
    run("privacy", "hand-out", CUSTOMER, target)
    with zipfile.ZipFile(target) as archive:
        listed = json.loads(archive.read("index.json"))["calls"]
        assert [one["customer"] for one in listed] == [CUSTOMER]
        assert sorted(archive.namelist()) == sorted(["index.json", *listed[0]["files"]])
        assert archive.read(f"{call.id}/recording.wav").startswith(b"RIFF")
        assert LINES[2].partition(": ")[2] in archive.read(f"{call.id}/transcript.json").decode()
