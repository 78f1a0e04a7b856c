"""Results under keys: read back equal, written once; sentence vectors are computed once."""

import numpy as np

from assist.calls import recordings
from assist.store import readings, results
from assist.store.vectors import CachedEncoder
from assist.transcript import Transcript, Turn, Word
from tests import fakes

HEARD = Transcript(
    (Turn(0, "customer", 0.5, 1.25, "喂", 0.83, (Word("喂", 0.5, 1.25, 0.83),)),), layout="stereo", channels=2
)


def test_a_transcript_is_read_back_equal(store):
    recording = recordings.receive(store, [fakes.recording("customer: 喂")], "a.wav")
    results.save_transcript(store, "key", recording.sha256, "engine", HEARD)
    assert results.transcript(store, "key") == HEARD
    assert results.transcript(store, "other") is None


def test_the_first_result_under_a_key_stays(store):
    recording = recordings.receive(store, [fakes.recording("customer: 喂")], "a.wav")
    results.save_transcript(store, "key", recording.sha256, "engine", HEARD)
    results.save_transcript(store, "key", recording.sha256, "engine", Transcript(()))
    assert results.transcript(store, "key") == HEARD


def test_keys_differ_where_any_part_differs():
    assert len({results.key_of("a", "b"), results.key_of("ab"), results.key_of("a", "c"), results.key_of("a b")}) == 4


def test_a_sentence_is_encoded_once(store):
    plain = fakes.FakeEncoder()
    cached = CachedEncoder(store, plain)
    first = cached.encode(["您好", "再见", "您好"])
    again = cached.encode(["再见", "您好"])
    assert plain.asked == ["您好", "再见"]
    assert np.array_equal(again, first[[1, 0]])
    assert cached.encode([]).shape[0] == 0


def test_the_cache_keeps_no_words(store):
    CachedEncoder(store, fakes.FakeEncoder()).encode(["我的电话是幺三八"])
    assert "幺三八" not in str(store.rows("SELECT sentence FROM vectors"))


def test_a_reading_is_kept_with_its_transcript_and_for_its_reader_alone(store):
    recording = recordings.receive(store, [fakes.recording("customer: 喂")], "a.wav")
    results.save_transcript(store, "key", recording.sha256, "engine", HEARD)
    readings.keep(store, "key", "reader 1", b"first")
    assert readings.body(store, "key", "reader 1") == b"first"
    readings.keep(store, "key", "reader 2", b"second")
    assert [readings.body(store, "key", f"reader {number}") for number in (1, 2)] == [None, b"second"]
    store.change("DELETE FROM transcripts")
    assert readings.body(store, "key", "reader 2") is None


def test_a_reading_of_no_stored_transcript_is_not_kept(store):
    readings.keep(store, "nowhere", "reader", b"")
    assert readings.body(store, "nowhere", "reader") is None
