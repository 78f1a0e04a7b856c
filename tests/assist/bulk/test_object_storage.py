"""A prefix of S3-compatible storage comes in like a folder, from a real server on this machine."""

import pytest

from assist.bulk import listed
from assist.bulk.sources import NoSuchFolder, NoSuchStorage, StorageMissing, source_at
from assist.bulk.taking import Intake, take
from tests.fakes import recording

pytest.importorskip("s3fs")


@pytest.fixture(scope="module")
def bucket():
    """The address of a bucket with three recordings."""
    import s3fs
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as environment:
        for name, value in {
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
        }.items():
            environment.setenv(name, value)
        s3fs.S3FileSystem.clear_instance_cache()
        files = s3fs.S3FileSystem()
        files.mkdir("center")
        for number in range(3):
            files.pipe(f"center/2026/{number}/call.wav", recording(f"agent: {number}"))
        files.pipe("center/2026/list.csv", b"file\n")
        yield "s3://center/2026"
        s3fs.S3FileSystem.clear_instance_cache()
        server.stop()


@pytest.fixture
def run(store, lead, bucket):
    def bring(lines=None):
        source = source_at(bucket, store.settings.data)
        return sorted((one.file, one.fate) for one in take(Intake(store, lead, source, lambda *_: None), source, lines))

    return bring


def test_a_prefix_comes_in_once(store, run):
    assert run() == [(f"{number}/call.wav", "new") for number in range(3)]
    assert run() == [(f"{number}/call.wav", "known") for number in range(3)]
    assert store.value("SELECT count(*) FROM calls") == 3


def test_a_manifest_names_objects_below_the_prefix(store, run, tmp_path):
    (tmp_path / "list.csv").write_text("file,agent\n1/call.wav,chen\n7/call.wav,chen\n")
    with listed.read(tmp_path / "list.csv") as lines:
        assert run(lines) == [
            ("0/call.wav", "unlisted"),
            ("1/call.wav", "new"),
            ("2/call.wav", "unlisted"),
            ("7/call.wav", "refused"),
        ]


def test_a_prefix_that_is_not_there_is_said(store, bucket):
    with pytest.raises(NoSuchFolder):
        source_at("s3://center/1999", store.settings.data)


def test_storage_that_nothing_can_read_is_said(store):
    with pytest.raises(StorageMissing):
        source_at("nosuch://bucket/prefix", store.settings.data)


def test_a_server_that_does_not_answer_is_said(store, bucket, monkeypatch):
    import s3fs

    monkeypatch.setattr(s3fs.S3FileSystem, "isdir", _fails)
    with pytest.raises(NoSuchStorage):
        source_at(bucket, store.settings.data)


def _fails(*_):
    raise ConnectionError("refused")
