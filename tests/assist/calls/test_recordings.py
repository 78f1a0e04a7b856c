"""Recordings come in by content: hashed, capped, refused early, and nothing half done stays behind."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assist.calls import recordings
from assist.calls.recordings import display_name
from assist.calls.refusals import EmptyRecording, NotARecording, TooBig
from tests.fakes import recording


def files(store):
    return sorted(path for path in store.settings.recordings.rglob("*") if path.is_file())


def test_bytes_lie_under_their_hash(store):
    content = recording("agent: 您好")
    taken = recordings.receive(store, [content[:5], content[5:]], "a.wav")
    assert taken.sha256 == hashlib.sha256(content).hexdigest()
    assert recordings.path_of(store.settings, taken.sha256).read_bytes() == content
    assert store.value("SELECT bytes FROM recordings WHERE sha256 = ?", [taken.sha256]) == len(content)


def test_the_same_bytes_twice_are_one_recording(store):
    first = recordings.receive(store, [recording("agent: 您好")], "a.wav")
    again = recordings.receive(store, [recording("agent: 您好")], "b.wav")
    assert first.sha256 == again.sha256
    assert len(files(store)) == 1
    assert store.value("SELECT count(*) FROM recordings") == 1


@pytest.mark.parametrize(
    ("chunks", "error"),
    [
        ([], EmptyRecording),
        ([b"", b""], EmptyRecording),
        ([b"just some words, renamed to .wav\n"], NotARecording),
        (["只是一些文字".encode() * 1000], NotARecording),
        ([b"\x89PNG\r\n\x1a\n" + bytes(100)], NotARecording),
        ([b"\xff\xd8\xff\xe0" + bytes(100)], NotARecording),
        ([b"PK\x03\x04" + bytes(100)], NotARecording),
        ([b"%PDF-1.7\n" + bytes(100)], NotARecording),
    ],
)
def test_what_is_no_recording_is_refused_at_the_door(store, chunks, error):
    with pytest.raises(error):
        recordings.receive(store, chunks, "call.wav")
    assert files(store) == []
    assert store.value("SELECT count(*) FROM recordings") == 0


def test_an_upload_is_cut_off_at_the_cap(store):
    store.settings.max_upload_bytes = 3 * 1024 * 1024
    sent = []

    def endless():
        while True:
            sent.append(1)
            yield bytes(1024 * 1024)

    with pytest.raises(TooBig) as refused:
        recordings.receive(store, endless(), "big.wav")
    assert len(sent) == 4
    assert refused.value.facts["most"] == 3
    assert files(store) == []


def test_an_upload_that_breaks_off_leaves_nothing(store):
    def broken():
        yield recording("agent: 您好")
        raise ConnectionError

    with pytest.raises(ConnectionError):
        recordings.receive(store, broken(), "a.wav")
    assert files(store) == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\calls\\王 先生.wav", "王 先生.wav"),
        ("a\x00b\nc.wav", "abc.wav"),
        ("...", "recording"),
        ("", "recording"),
        ("录" * 300 + ".wav", "录" * 112 + "….wav"),
    ],
)
def test_names_are_only_for_show(name, shown):
    assert display_name(name) == shown


@given(st.text(max_size=400))
def test_any_name_becomes_a_short_line(name):
    shown = display_name(name)
    assert 0 < len(shown) <= recordings.LONGEST_NAME
    assert "/" not in shown
    assert shown.isprintable()


def test_only_abandoned_uploads_are_swept(store, monkeypatch):
    with recordings.Intake(store, "a.wav") as intake:
        intake.write(recording("agent: 您好"))
        assert recordings.sweep(store.settings) == 0
        monkeypatch.setattr(recordings, "_ABANDONED_SECONDS", -1)
        assert recordings.sweep(store.settings) == 1
