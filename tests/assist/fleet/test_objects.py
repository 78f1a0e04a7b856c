"""What holds of object storage of every kind: a folder, memory, and an S3-compatible server on this machine."""

import logging
import uuid
from collections.abc import Iterator

import pytest

from assist.fleet.exchange import Exchange, Parcel
from assist.fleet.objects import Objects, ObjectsAway, ObjectsUnusable
from assist.store.results import key_of
from assist.transcript import Transcript, Turn
from tests.conftest import LIBRARY


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The address of a server that speaks S3."""
    pytest.importorskip("s3fs")
    moto = pytest.importorskip("moto.server")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["file", "memory", "s3"])
def address(request, tmp_path, monkeypatch):
    if request.param == "file":
        return f"file://{tmp_path}/objects"
    if request.param == "memory":
        return f"memory://{uuid.uuid4().hex}"
    for name, value in {
        "AWS_ENDPOINT_URL": request.getfixturevalue("s3"),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    return f"s3://assist-{uuid.uuid4().hex[:12]}/site"


@pytest.fixture
def objects(address):
    made = Objects(address)
    if address.startswith("s3"):
        made._files.mkdir(made._root.partition("/")[0])
    return made


def test_an_object_is_there_as_it_was_put_first(objects):
    assert objects.get("a/b") is None
    assert not objects.has("a/b")
    objects.put("a/b", b"first")
    objects.put("a/b", b"second")
    assert objects.get("a/b") == b"first"
    assert objects.has("a/b")
    assert not objects.has("a")


def test_files_go_in_and_come_out(objects, tmp_path):
    source, target = tmp_path / "in", tmp_path / "out"
    source.write_bytes(b"sound" * 100_000)
    objects.put_file("a/sound", source)
    assert objects.fetch("a/sound", target)
    assert target.read_bytes() == source.read_bytes()
    assert not objects.fetch("a/nothing", tmp_path / "none")
    assert not (tmp_path / "none").exists()
    with pytest.raises(FileNotFoundError):
        objects.put_file("a/other", tmp_path / "missing")


def test_what_one_process_puts_another_sees(objects, address):
    other = Objects(address)
    assert not other.has("late/one")
    objects.put("late/one", b"1")
    assert other.has("late/one")
    assert other.names("late") == ["late/one"]


def test_a_folder_is_forgotten_with_all_that_is_in_it(objects):
    objects.forget("calls/x")
    objects.put("calls/x/1", b"1")
    objects.put("calls/x/2", b"2")
    objects.put("calls/y/1", b"1")
    objects.forget("calls/x")
    assert objects.names("calls") == ["calls/y/1"]
    assert objects.names("nothing") == []


def test_a_parcel_goes_and_its_transcript_comes_back(objects, tmp_path):
    exchange, recording = Exchange(objects), tmp_path / "recording"
    recording.write_bytes(b"RIFF....WAVE")
    sha256 = "d4a51f5bb1a1e3ba4b0b7ae8a4b0bd3e1a5b0a0d1fdb8b4c6d6f4d1e6f0a9b77"
    parcel = Parcel(1, 1, sha256, key_of("k"), "library", "call", 1)
    exchange.send(parcel, recording, LIBRARY)
    assert exchange.library("library").campaign == "broadband"
    assert not exchange.heard(sha256, parcel.key)
    said = Transcript((Turn(0, "agent", 0.0, 1.0, "您好"),), seconds=2.0)
    exchange.deliver(sha256, parcel.key, "engine", said, [[0.5]])
    assert exchange.heard(sha256, parcel.key)
    assert exchange.transcript(sha256, parcel.key) == (said, "engine")
    assert exchange.peaks(sha256) == [[0.5]]
    with pytest.raises(ObjectsAway, match="damaged"):
        exchange.fetch(sha256, tmp_path / "here")
    assert exchange.recordings() == [sha256]
    exchange.forget(sha256)
    assert exchange.recordings() == []


def test_storage_that_does_not_answer_is_worth_another_try(monkeypatch):
    objects = Objects("memory://away")
    monkeypatch.setattr(objects._files, "isfile", lambda _: 1 / 0)
    with pytest.raises(ObjectsAway, match="ZeroDivisionError"):
        objects.has("a")


def test_an_address_of_no_storage_is_refused():
    with pytest.raises(ObjectsUnusable) as refused:
        Objects("nosuchkind://x")
    assert "ASSIST_OBJECTS" in str(refused.value)
