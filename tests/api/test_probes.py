"""What machines ask: is it alive, can it work, what does it count."""

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assist import jobs, readiness
from assist.calls.calls import Call
from assist.config import Settings
from assist.fleet import beats
from assist.people import tokens
from assist.people.users import User
from assist.store import Store, hearing_done
from tests.api.conftest import Browse


@pytest.fixture
def queue(settings: Settings) -> Iterator[None]:
    jobs.prepare(settings)
    yield
    jobs.close()


@pytest.fixture
def here(app: FastAPI) -> TestClient:
    """A program on the same machine."""
    return TestClient(app, client=("127.0.0.1", 50000), follow_redirects=False)


def sample(text: str, name: str) -> float:
    return next(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(name))


@pytest.mark.parametrize("address", ["/health", "/api/health"])
def test_alive_is_answered_without_the_database(stranger: TestClient, store: Store, address: str) -> None:
    store.close()
    assert stranger.get(address).json().keys() == {"status", "version"}


@pytest.mark.parametrize("address", ["/ready", "/api/ready"])
@pytest.mark.usefixtures("queue")
def test_ready_without_a_worker_is_degraded_and_says_nothing_else(stranger: TestClient, address: str) -> None:
    answer = stranger.get(address)
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "degraded",
        "checks": {"store": "ok", "queue": "ok", "disk": "ok", "worker": "silent"},
    }


@pytest.mark.usefixtures("queue")
def test_ready_with_a_worker_that_gives_signs_of_life(stranger: TestClient, settings: Settings) -> None:
    beats.begin(settings, beats.Member("worker-0", "here", ("calls",), "1", "", "0"))
    assert stranger.get("/ready").json()["status"] == "ready"


@pytest.mark.usefixtures("queue")
def test_a_full_disk_is_not_ready(stranger: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "LEAST_FREE_BYTES", 1 << 60)
    answer = stranger.get("/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"]["disk"] == "full"


def test_a_queue_that_cannot_be_reached_is_not_ready(stranger: TestClient, settings: Settings) -> None:
    (settings.data / "jobs.db").write_bytes(b"no database" * 1000)
    assert stranger.get("/ready").status_code == 503


def test_figures_are_for_this_machine_and_for_tokens_made_for_them(
    stranger: TestClient, here: TestClient, store: Store, admin: User, lead: User
) -> None:
    def status(token: str) -> int:
        return stranger.get("/metrics", headers={"authorization": f"Bearer {token}"}).status_code

    assert here.get("/metrics").status_code == 200
    assert stranger.get("/metrics").status_code == 401
    assert status(tokens.issue(store, admin, "prometheus", ["metrics:read"])) == 200
    assert status(tokens.issue(store, admin, "recorder", ["calls:write"])) == 403
    assert status(tokens.issue(store, lead, "lead", ["metrics:read"])) == 403


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "via", "x-real-ip"])
def test_who_asks_through_a_proxy_here_is_not_this_machine(here: TestClient, header: str) -> None:
    assert here.get("/metrics", headers={header: "127.0.0.1"}).status_code == 401


@pytest.mark.usefixtures("queue")
def test_figures_count_calls_work_uploads_and_sign_ins(
    here: TestClient, browse: Browse, stranger: TestClient, store: Store, settings: Settings, call: Call
) -> None:
    hearing_done.note(store, "worker-9", sound=60.0, took=20.0)
    hearing_done.note(store, "worker-9", sound=30.0, took=10.0)
    beats.begin(settings, beats.Member("worker-0", "here", ("calls",), "1", "", "0"))
    browse("agent").put("/api/recordings?name=a.wav", content=b"%PDF-1.4")
    stranger.post("/sign-in", data={"login": "chen", "password": "wrong"})
    browse("lead").get(f"/calls/{call.id}")
    told = here.get("/metrics").text
    assert sample(told, 'assist_calls{state="ready"}') == 1
    assert sample(told, 'assist_heard_sound_seconds_total{worker="worker-9"}') == 90
    assert sample(told, 'assist_heard_took_seconds_total{worker="worker-9"}') == 30
    assert sample(told, 'assist_worker_silent_seconds{worker="worker-0"}') < 60
    assert sample(told, 'assist_uploads_refused_total{code="NotARecording"}') >= 1
    assert sample(told, 'assist_sign_in_failures_total{status="401"}') >= 1
    assert sample(told, 'assist_requests_total{method="GET",route="/calls/{call_id}",status="200"}') >= 1
    assert sample(told, 'assist_database_bytes{file="assist.db"}') > 0
    assert sample(told, "assist_disk_free_bytes") > 0
    assert sample(told, "assist_queue_waiting") == 0
    assert sample(told, 'assist_up{part="store"}') == 1


def test_a_part_that_cannot_be_reached_leaves_the_other_figures(
    here: TestClient, settings: Settings, call: Call
) -> None:
    (settings.data / "jobs.db").write_bytes(b"no database" * 1000)
    told = here.get("/metrics").text
    assert sample(told, 'assist_up{part="queue"}') == 0
    assert sample(told, 'assist_calls{state="ready"}') == 1


@pytest.mark.parametrize("given", ["0123456789abcdef0123456789abcdef", "7b2c9f0e-8a41-4c1e-9d55-0a1b2c3d4e5f"])
def test_an_id_that_a_proxy_gave_comes_back(stranger: TestClient, given: str) -> None:
    assert stranger.get("/health", headers={"x-request-id": given}).headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "张伟13800138000", "short", "a" * 200, "0123456789abcdef\tinjected"])
def test_an_id_in_which_words_could_stand_is_replaced(stranger: TestClient, given: str) -> None:
    answer = stranger.get("/health", headers={b"x-request-id": given.encode()})
    assert answer.headers["x-request-id"] not in ("", given)
    assert len(answer.headers["x-request-id"]) == 16


def test_every_answer_has_an_id_of_its_own(stranger: TestClient, upload: Callable[..., Call]) -> None:
    ids = {stranger.get(address).headers["x-request-id"] for address in ("/sign-in", "/nowhere", "/calls", "/health")}
    assert len(ids) == 4
