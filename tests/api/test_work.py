"""The page and the API of the work: what waits, pause and resume, and uploads that do not fit."""

import pytest

from assist import jobs
from tests.fakes import recording


@pytest.fixture(autouse=True)
def closed():
    yield
    jobs.close()


def test_an_administrator_pauses_and_resumes_the_work(browse, settings):
    admin = browse("admin")
    assert "No worker is running" in admin.get("/work").text
    assert admin.post("/work/pause").headers["location"] == "/work"
    paused = admin.get("/work").text
    assert "The work is paused, by root" in paused
    assert "/work/resume" in paused
    admin.post("/work/resume")
    assert "The work is paused" not in admin.get("/work").text
    said = [row["action"] for row in admin.get("/api/audit").json()["entries"] if row["action"].startswith("work.")]
    assert sorted(said) == ["work.pause", "work.resume"]


def test_machines_see_what_waits(browse, store, upload, agent):
    jobs.submit(store, upload(agent, "agent: 1").id)
    told = browse("admin").get("/api/work").json()
    assert (told["unfinished"], told["paused_by"], told["workers"]) == (1, None, [])
    assert [(line["queue"], line["waiting"], line["workers"]) for line in told["queues"]] == [("calls", 1, 0)]
    assert browse("admin").post("/api/work/pause").json()["paused_by"] == "root"
    assert browse("admin").post("/api/work/resume").json()["paused_by"] is None


@pytest.mark.parametrize("persona", ["agent", "lead", "editor"])
def test_the_work_is_the_administrators(browse, persona):
    assert browse(persona).get("/work").status_code == 403
    assert browse(persona).post("/work/pause").status_code == 403
    assert browse(persona).post("/api/work/resume").status_code == 403


def test_an_upload_that_does_not_fit_is_asked_to_come_again(browse, settings, store, upload, agent):
    settings.most_waiting = 1
    first = browse("agent").put("/api/recordings?name=1.wav", content=recording("agent: 1"))
    assert first.status_code == 201
    second = browse("agent").put("/api/recordings?name=2.wav", content=recording("agent: 2"))
    assert second.status_code == 429
    assert int(second.headers["retry-after"]) > 0
    assert second.json()["error"]["code"] == "QueueFull"
    assert "Nothing that was taken in is lost" in second.json()["error"]["message"]
    assert store.value("SELECT count(*) FROM calls") == 1
    assert list(settings.recordings.glob("incoming/*")) == []
    settings.most_waiting = 2
    assert browse("agent").put("/api/recordings?name=2.wav", content=recording("agent: 2")).status_code == 201
