"""A server at work is told to stop: it is gone within seconds, what was half way in is not there, and its log names
nobody."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from api.context import COOKIE
from assist.config import Settings
from assist.people import sessions, users
from assist.store import Store
from assist.worker import _as_environment
from tests import fakes

HOUSE = Path(__file__).resolve().parents[3]
PATIENCE = 240
"""Seconds a busy machine may take to load the app."""

LIMIT = 10
"""Seconds until the process is gone; the product promises five on a machine that has nothing else to do."""

NAME, LOGIN, PASSWORD, PHONE, CUSTOMER = "欧阳娜娜", "nana.ouyang", "sturdy umbrella 9", "13977776666", "慕容复"
BIG = 24 * 1024 * 1024


@dataclass(frozen=True)
class Scene:
    """What was left of it: how long the end took, with which status, and what the server had written."""

    took: float
    status: int
    log: list[str]
    store: Store
    ids: list[str]


@pytest.fixture(scope="module")
def scene(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    settings = _folder(furnished, tmp_path_factory.mktemp("stopping"))
    store, port = Store(settings), _free_port()
    log = settings.data / "server.log"
    with log.open("wb") as output:
        server = _serve(settings, port, output)
    try:
        _wait(lambda: _alive(port))
        ids = _a_morning(port)
        call = _bring_in(port, _cookie(store, "root"))
        begun = [_open_stream(port, _cookie(store, "root"), call), _open_upload(port, _cookie(store, LOGIN))]
        _wait(lambda: any((settings.recordings / "incoming").iterdir()))
        asked = time.monotonic()
        server.send_signal(signal.SIGTERM)
        status = server.wait(60)
        took = time.monotonic() - asked
        for one in begun:
            one.close()
    finally:
        server.kill()
        server.wait(10)
    yield Scene(took, status, log.read_text("utf-8").splitlines(), store, ids)
    store.close()


def test_it_is_gone_within_seconds_with_an_upload_and_a_stream_open(
    scene: Scene, record_property: Callable[[str, object], None]
) -> None:
    record_property("figures", f"stopped in {scene.took:.1f} s with an upload and a stream of sound open")
    assert scene.status == 0
    assert scene.took < LIMIT


def test_the_upload_that_was_half_way_in_is_not_there_at_all(scene: Scene) -> None:
    assert scene.store.value("SELECT count(*) FROM calls") == 2
    assert scene.store.value("SELECT count(*) FROM recordings") == 2
    kept = [path for path in scene.store.settings.recordings.rglob("*") if path.is_file()]
    assert len(kept) == 2


def test_every_line_of_the_log_is_an_event(scene: Scene) -> None:
    events = [json.loads(line) for line in scene.log]
    assert all(event["event"] and event["level"] and event["timestamp"] for event in events)


def test_requests_are_told_by_their_template_and_carry_the_id_of_their_answer(scene: Scene) -> None:
    events = [json.loads(line) for line in scene.log]
    told = {event["request_id"]: event for event in events if event["event"] == "request"}
    assert set(scene.ids) <= told.keys()
    assert {"/search", "/sign-in", "/api/recordings"} <= {event["route"] for event in told.values()}


@pytest.mark.parametrize("words", [NAME, LOGIN, PASSWORD, PHONE, CUSTOMER, quote(NAME), quote(CUSTOMER), "7777"])
def test_the_log_names_nobody(scene: Scene, words: str) -> None:
    told = "\n".join(scene.log)
    assert len(scene.log) > 5
    assert words.lower() not in told.lower()
    assert json.dumps(words)[1:-1] not in told


def _folder(furnished: Path, place: Path) -> Settings:
    settings = Settings(data=Path(shutil.copytree(furnished, place / "data")), _env_file=None)
    store = Store(settings)
    users.create(store, LOGIN, NAME, "lead", PASSWORD, team="一组")
    store.close()
    return settings


def _serve(settings: Settings, port: int, output: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "assist", "serve", "--engine", "tests.fakes:engine", "--port", str(port)]
    environment = os.environ | _as_environment(settings) | {"PYTHONPATH": str(HOUSE), "ASSIST_LOG_FORMAT": "json"}
    return subprocess.Popen(command, cwd=HOUSE, env=environment, stderr=output)  # type: ignore[call-overload,no-any-return]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _alive(port: int) -> bool:
    try:
        return _ask(port, "GET", "/health")[0] == 200
    except OSError:
        return False


def _a_morning(port: int) -> list[str]:
    """Somebody mistypes a password, signs in, uploads a customer's call and looks for a number; the ids of it all."""
    sent = {"content-type": "application/x-www-form-urlencoded"}
    wrong = _ask(port, "POST", "/sign-in", urlencode({"login": LOGIN, "password": PHONE}).encode(), sent)
    right = _ask(port, "POST", "/sign-in", urlencode({"login": LOGIN, "password": PASSWORD}).encode(), sent)
    assert (wrong[0], right[0]) == (401, 303)
    cookie = {"cookie": right[1]["set-cookie"].split(";")[0]}
    told = urlencode({"name": f"{CUSTOMER}-{PHONE}.wav", "customer": CUSTOMER, "agent": "chen"})
    upload = _ask(port, "PUT", f"/api/recordings?{told}", fakes.recording("agent: 您好"), cookie)
    search = _ask(port, "GET", f"/search?{urlencode({'q': PHONE})}", b"", cookie)
    lost = _ask(port, "GET", f"/nowhere/{quote(NAME)}?{urlencode({'name': NAME})}", b"", cookie)
    assert (upload[0], search[0], lost[0]) == (201, 200, 404)
    return [answer[1]["x-request-id"] for answer in (wrong, right, upload, search, lost)]


def _bring_in(port: int, cookie: str) -> int:
    """A large recording that waits for its details, so that nobody works on it."""
    body = fakes.recording("agent: 您好") + bytes(BIG)
    answer = _ask(port, "PUT", "/api/recordings?name=large.wav", body, {"cookie": cookie})
    assert answer[0] == 201
    return int(json.loads(answer[2])["call"]["id"])


def _ask(
    port: int, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body or None, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def _cookie(store: Store, login: str) -> str:
    return f"{COOKIE}={sessions.start(store, users.by_login(store, login), 'test')}"


def _open_stream(port: int, cookie: str, call: int) -> socket.socket:
    """Begins to hear the large recording and reads no further."""
    stream = socket.create_connection(("127.0.0.1", port), timeout=30)
    stream.sendall(f"GET /calls/{call}/audio HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode())
    assert b"200 OK" in stream.recv(1000)
    return stream


def _open_upload(port: int, cookie: str) -> socket.socket:
    """Sends the first megabyte of ten."""
    upload = socket.create_connection(("127.0.0.1", port), timeout=30)
    head = f"PUT /api/recordings?name=half.wav&agent=chen HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n"
    upload.sendall(
        f"{head}Content-Length: 10000000\r\n\r\n".encode() + fakes.recording("agent: 您好") + bytes(1_000_000)
    )
    return upload
