"""What is read of a call before any library: judging from it gives the same, whatever the library."""

import json
from dataclasses import replace

from hypothesis import given, settings

from assist.analysis import groundwork, judge, meaning, report
from assist.analysis.floor import Floor
from assist.analysis.rubric import default
from assist.transcript import Transcript
from tests.assist.analysis.odd_calls import calls
from tests.assist.analysis.scenes import LIBRARY, good_call
from tests.assist.analysis.test_dependence import _point, document, learned

OTHER = _point(LIBRARY)
FACTS = report.RecordingFacts("0" * 64, 1.0, 1, "text"), report.EngineFacts("1", "s", "e", "c", "1")


def packed(call: Transcript) -> bytes:
    index, encoder = learned(LIBRARY)
    judge.judge(call, index, default(), encoder)
    ground = groundwork.lay(call, Floor(call), index, encoder)
    return groundwork.pack(ground, call, index.general, encoder)


def from_packed(call: Transcript, body: bytes) -> dict:
    index, encoder = learned(OTHER)
    ground = groundwork.unpack(body, call, index.general, encoder)
    return report.to_dict(call, judge.judge(call, index, default(), encoder, ground=ground), *FACTS)


@given(calls())
@settings(max_examples=20)
def test_a_call_read_before_is_judged_the_same_by_another_library(call: Transcript) -> None:
    assert json.dumps(from_packed(call, packed(call))) == json.dumps(document(call, OTHER))


def test_nothing_is_read_or_weighed_twice(monkeypatch) -> None:
    call, _ = good_call()
    body = packed(call)
    meaning.remember(*_blank(call))
    monkeypatch.setattr("assist.analysis.grams._runs", None)
    monkeypatch.setattr("assist.analysis.questions.find", None)
    index, encoder = learned(OTHER)
    ground = groundwork.unpack(body, call, index.general, encoder)
    customer = meaning.cut(call, "customer", index.grams, encoder)
    assert ground.questions
    assert {index.general.refusals, index.general.ending} <= customer.given.scores.keys()


def test_words_of_the_call_are_not_in_the_arrays() -> None:
    call, _ = good_call()
    head, _, arrays = packed(call).partition(b"\n")
    assert json.loads(head)["arrays"]
    assert call.turns[0].text.encode() not in arrays


def _blank(call: Transcript) -> tuple:
    """What `cut` remembers of the call is replaced by nothing."""
    index, encoder = learned(OTHER)
    pieces = meaning.cut(call, "customer", index.grams, encoder)
    return call, "customer", index.grams, encoder, replace(pieces, turns=())
