import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assist import transcript_file
from assist.errors import LibraryError
from assist.scripts.formats.yamldoc import EmptyFile, FileTooBig, NotUtf8

TURN = {"speaker": "agent", "start": 1.0, "end": 2.5, "text": "您好"}


def read(*rows: object) -> Any:
    return transcript_file.loads(json.dumps({"turns": rows}).encode(), "turns.json", "zh")


def changed(**values: object) -> dict[str, object]:
    return TURN | values


def test_turns_come_in_the_order_of_their_start_and_numbered_anew() -> None:
    transcript = read(changed(start=5, end=6, text="二", id=7), changed(text="一"))
    assert [(turn.id, turn.text, turn.start) for turn in transcript.turns] == [(0, "一", 1.0), (1, "二", 5.0)]


def test_the_call_lasts_until_the_last_word() -> None:
    transcript = read(TURN, changed(start=5, end=9))
    assert (transcript.seconds, transcript.speech_seconds, transcript.layout) == (9.0, 5.5, "text")


def test_turns_without_words_are_left_out() -> None:
    assert [turn.text for turn in read(changed(text=" "), changed(text=" 好 的 ")).turns] == ["好 的"]


def test_a_transcript_of_no_turns_is_a_call_in_which_nobody_spoke() -> None:
    assert read().turns == ()


def test_mostly_unknown_speakers_make_the_speakers_uncertain() -> None:
    assert read(TURN, changed(speaker="unknown", text="这里有很多话")).speakers_uncertain
    assert not read(changed(text="这里有很多话"), changed(speaker="unknown")).speakers_uncertain


@pytest.mark.parametrize(
    ("row", "kind", "word"),
    [
        ({"speaker": "agent", "start": 1, "end": 2}, transcript_file.IncompleteTurn, "text"),
        (changed(speaker="Agent"), transcript_file.BadSpeaker, "Agent"),
        (changed(start="1:20"), transcript_file.BadTime, "1:20"),
        (changed(start=True), transcript_file.BadTime, "start"),
        (changed(end=-1), transcript_file.BadTime, "end"),
        (changed(end=1e12), transcript_file.BadTime, "end"),
        (changed(start=3.0), transcript_file.EndsBeforeStart, "2.5"),
        (changed(text=None), transcript_file.BadTurnText, "text"),
        ("agent: 您好", transcript_file.NoTurns, "speaker"),
    ],
)
def test_a_fault_in_a_turn_is_named(row: object, kind: type[LibraryError], word: str) -> None:
    with pytest.raises(kind) as caught:
        read(row)
    assert str(caught.value).startswith("turns.json")
    assert word in str(caught.value)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", EmptyFile),
        (b'{"turns": [\n{"speaker": }]}', transcript_file.NotJson),
        (b"[]", transcript_file.NoTurns),
        (b'{"turns": {}}', transcript_file.NoTurns),
        (b'{"turns": [{"speaker": "agent", "start": NaN, "end": 1, "text": ""}]}', transcript_file.NoTurns),
        (b"[" * 100_000, transcript_file.NoTurns),
        ('{"turns": "您好"}'.encode("gbk"), NotUtf8),
        (b" " * (transcript_file.MAX_BYTES + 1), FileTooBig),
    ],
)
def test_a_file_that_is_no_transcript_says_so(content: bytes, kind: type[LibraryError]) -> None:
    with pytest.raises(kind):
        transcript_file.loads(content, "turns.json", "zh")


def test_half_a_character_does_no_harm() -> None:
    row = '{"turns": [{"speaker": "agent", "start": 0, "end": 1, "text": "a\\ud83d"}]}'
    assert transcript_file.loads(row.encode(), "turns.json", "zh").turns[0].text.encode() == b"a?"


values = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
rows = st.dictionaries(st.sampled_from(["speaker", "start", "end", "text", "confidence"]), values)


@given(st.lists(rows | values, max_size=3))
def test_any_json_is_a_transcript_or_a_clear_error(turns: list[object]) -> None:
    content = json.dumps({"turns": turns}).encode()
    try:
        transcript = transcript_file.loads(content, "turns.json", "zh")
    except LibraryError as error:
        assert "\n" not in error.text("zh-CN").replace(str(error.facts.get("text")), "")
    else:
        assert all(0 <= turn.start <= turn.end and turn.text for turn in transcript.turns)
