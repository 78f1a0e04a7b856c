"""Voices are told apart while a recording is heard, and nothing of how they sound is kept."""

import gzip
import wave

import numpy as np
import pytest

from assist.calls import calls, recordings
from assist.calls.details import Details
from assist.calls.hear import Listener
from assist.calls.recordings import path_of
from assist.store import results
from models import voices
from models.audio import decode
from tests.assist.calls.test_hear import LIBRARY, SPEECH, Scripted, quiet


@pytest.fixture
def vectors(monkeypatch):
    """Every voice vector that is worked out."""
    made, embed = [], voices._embed

    def kept(*given):
        made.append(embed(*given))
        return made[-1]

    monkeypatch.setattr(voices, "_embed", kept)
    return made


def mono(path):
    voice = (decode(SPEECH).samples(0) * 32767).astype("<i2")
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes(np.concatenate([voice, voice[::-1]]).tobytes())
    return path


def test_no_vector_of_a_voice_is_left_anywhere(store, agent, settings, tmp_path, vectors):
    sound = mono(tmp_path / "mono.wav").read_bytes()
    call, _ = calls.add(store, agent, recordings.receive(store, [sound], "mono.wav"), Details(campaign="broadband"))
    heard = Listener(settings, Scripted("您好请问是王先生吗")).hear(path_of(settings, call.sha256), LIBRARY, quiet)
    results.save_transcript(store, "key", call.sha256, "test", heard)
    assert vectors, "the recording is mono, so voices were told apart"
    store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = [path.read_bytes() for path in settings.data.rglob("*") if path.is_file()]
    kept += [gzip.decompress(row["body"]) for row in store.rows("SELECT body FROM transcripts")]
    for vector in np.concatenate(vectors):
        for kind in (np.float32, np.float64, np.float16):
            needle = vector.astype(kind).tobytes()
            assert not any(needle in body for body in kept)


def test_no_column_holds_a_voice(store):
    columns = store.rows(
        """SELECT m.name || '.' || i.name AS name FROM sqlite_master m, pragma_table_info(m.name) i
           WHERE m.type = 'table'"""
    )
    wrong = [row["name"] for row in columns if any(word in row["name"] for word in ("voice", "embed", "speaker_vec"))]
    assert wrong == []
