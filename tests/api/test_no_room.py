"""The disk is full: who uploads is told so, with the status for it, and can go on where there is room again."""

import os
import tempfile

import pytest

from assist.store import Store
from tests import fakes
from tests.api.conftest import Browse


def test_an_upload_without_room_is_refused_with_one_sentence(
    browse: Browse, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, agent, wav = tempfile.mkstemp, browse("agent"), fakes.recording("agent: 您好")

    def full(**given: object) -> tuple[int, str]:
        handle, path = made(**given)
        os.close(handle)
        return os.open("/dev/full", os.O_WRONLY), path

    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "mkstemp", full)
        answer = agent.put("/api/recordings", params={"name": "call.wav"}, content=wav)
    assert answer.status_code == 507
    assert answer.json()["error"]["code"] == "DiskFull"
    assert "Make room" in answer.json()["error"]["message"]
    assert [path for path in store.settings.recordings.rglob("*") if path.is_file()] == []
    assert agent.put("/api/recordings", params={"name": "call.wav"}, content=wav).status_code == 201


def test_anything_else_without_room_too(browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = Store._connect

    def full(store: Store) -> object:
        opened = connect(store)
        opened.execute("CREATE TEMP TABLE filler (body BLOB)")
        opened.execute("PRAGMA temp.max_page_count = 3")
        opened.execute(
            "CREATE TEMP TRIGGER full_disk BEFORE INSERT ON main.audit BEGIN "
            "INSERT INTO filler VALUES (zeroblob(100000)); END"
        )
        return opened

    monkeypatch.setattr(Store, "_connect", full)
    answer = browse("agent").put("/api/recordings", params={"name": "call.wav"}, content=fakes.recording("agent: 您好"))
    assert answer.status_code == 507
    assert answer.json()["error"]["code"] == "NoRoom"
