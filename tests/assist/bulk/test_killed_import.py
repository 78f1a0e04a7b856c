"""An import is killed in the middle and started again: nothing is lost, nothing comes in twice."""

import os
import signal
import subprocess
import sys
import time

from tests.fakes import recording

FILES = 200


def test_an_import_killed_in_the_middle_goes_on_where_it_was(store, tmp_path, record_property):
    inbox = tmp_path / "inbox"
    for number in range(FILES):
        path = inbox / f"{number % 7}" / f"20261101_0930_chen_{number}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(recording(f"agent: {number}"))
    with start(store, inbox) as killed:
        wait_for(store, FILES // 4)
        killed.send_signal(signal.SIGKILL)
    before = calls_of(store)
    with start(store, inbox) as going_on:
        out, _ = going_on.communicate(timeout=200)
    journal = store.value("SELECT count(*) FROM import_files")
    assert before < FILES
    assert f"New: {FILES - before}, known already: {before}, refused: 0." in out.decode()
    assert (calls_of(store), journal) == (FILES, FILES)
    assert store.value("SELECT count(DISTINCT sha256) FROM calls") == FILES
    assert store.value("SELECT count(*) FROM calls WHERE enqueued_run = 0") <= before
    record_property("figure", f"import killed at {before} of {FILES}: 0 lost, 0 doubled")


def start(store, inbox):
    environment = os.environ | {"ASSIST_DATA": str(store.settings.data), "ASSIST_LANGUAGE": "en"}
    command = [sys.executable, "-m", "assist", "import", str(inbox)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)


def calls_of(store):
    return store.value("SELECT count(*) FROM calls")


def wait_for(store, count):
    deadline = time.monotonic() + 100
    while calls_of(store) < count and time.monotonic() < deadline:
        time.sleep(0.01)
    assert calls_of(store) >= count
