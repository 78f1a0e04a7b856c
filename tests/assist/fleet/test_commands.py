"""What an administrator types: a speech worker, the queue's state, pause and resume."""

import threading

import pytest
from click.testing import CliRunner

from assist import doctor, jobs, worker
from assist.cli import assist
from tests.assist.pipeline.test_worker import ENGINE, HOUSE


@pytest.fixture
def run(settings, monkeypatch):
    monkeypatch.setenv("ASSIST_DATA", str(settings.data))
    monkeypatch.setenv("ASSIST_LANGUAGE", "en")
    monkeypatch.setenv("LANG", "C")
    yield lambda *words: CliRunner().invoke(assist, words, catch_exceptions=False)
    jobs.close()


def test_the_queue_is_shown_paused_and_resumed(run, store, upload, agent):
    jobs.submit(store, upload(agent, "agent: 1").id)
    shown = run("queue", "show").output
    assert "1 recordings are not judged yet" in shown
    assert "calls: 1 wait" in shown
    assert run("queue", "pause").exit_code == 0
    assert "Paused by root." in run("queue", "show").output
    assert run("queue", "resume").exit_code == 0
    assert "Paused" not in run("queue", "show").output
    assert store.value("SELECT count(*) FROM audit WHERE action LIKE 'work.%'") == 2


def test_a_speech_worker_says_what_it_lacks(settings, monkeypatch, capfd):
    monkeypatch.setenv("PYTHONPATH", str(HOUSE))
    status = worker.supervise(settings, threading.Event(), engine=ENGINE, queue="speech")
    assert status == worker.CANNOT_START
    assert "ASSIST_OBJECTS" in capfd.readouterr().err


def test_the_doctor_looks_whether_the_storage_answers(settings, tmp_path):
    def found():
        return list(doctor._objects(settings))

    assert found() == []
    settings.objects = f"file://{tmp_path}/objects"
    assert [check.fine for check in found()] == [True]
    settings.objects = "nosuchkind://x"
    assert [check.fine for check in found()] == [False]
    assert "ASSIST_OBJECTS" in found()[0].text()
