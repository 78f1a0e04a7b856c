"""A change in a library changes what depends on it, and nothing else."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assist.analysis import report
from assist.analysis.findings import Analysis
from assist.analysis.judge import judge
from assist.analysis.rubric import default
from assist.ports import Encoder
from assist.scripts.index import Index, learn
from assist.scripts.library import Forbidden, Library, Severity
from assist.transcript import Transcript
from models import encoder
from tests.assist.analysis.letters import Letters
from tests.assist.analysis.odd_calls import SPOKEN, calls
from tests.assist.analysis.scenes import LIBRARY, good_call
from tests.assist.scripts.libraries import with_point

Change = Callable[[Library], Library]

PHRASES: dict[str, Severity] = {"新滤芯能用一年": "critical", "我是清泉": "major", "hello": "minor", "，": "critical"}
"""Phrases that an editor may come to forbid, wise or not: some are what the script asks for."""


@cache
def learned(library: Library, real: bool = False) -> tuple[Index, Encoder]:
    chosen = encoder.load() if real else Letters()
    return learn(library, chosen), chosen


def judged(call: Transcript, library: Library, real: bool = False) -> Analysis:
    index, chosen = learned(library, real)
    return judge(call, index, default(), chosen)


def document(call: Transcript, library: Library, real: bool = False) -> dict[str, Any]:
    recording, engine = report.RecordingFacts("0" * 64, 1.0, 1, "text"), report.EngineFacts("1", "s", "e", "c", "1")
    made: dict[str, Any] = report.to_dict(call, judged(call, library, real), recording, engine)
    return made


def forbidding(phrase: str) -> Library:
    item = Forbidden("new", "新禁语", PHRASES[phrase], (phrase,))
    return replace(LIBRARY, forbidden=(*LIBRARY.forbidden, item))


@given(calls(), st.sampled_from(sorted(PHRASES)))
@settings(max_examples=40)
def test_forbidding_a_phrase_never_raises_overall(call: Transcript, phrase: str) -> None:
    before, after = judged(call, LIBRARY).overall.value, judged(call, forbidding(phrase)).overall.value
    assert (before is None) == (after is None)
    assert before is None or (after is not None and after <= before)


@pytest.mark.real
@pytest.mark.parametrize("phrase", sorted(PHRASES))
def test_forbidding_a_phrase_never_raises_overall_of_a_good_call(phrase: str) -> None:
    call, _ = good_call()
    before = judged(call, LIBRARY, real=True).overall.value
    after = judged(call, forbidding(phrase), real=True).overall.value
    assert before is not None
    assert after is not None
    assert after <= before


def _example(library: Library) -> Library:
    (entry,) = library.playbook
    return replace(library, playbook=(replace(entry, heard_as=("要花这么多钱啊",)),))


def _answer(library: Library) -> Library:
    (entry,) = library.playbook
    steps = (*entry.respond[:2], replace(entry.respond[2], say=("摊到每天也就几毛钱。",)), *entry.respond[3:])
    return replace(library, playbook=(replace(entry, respond=steps),))


def _point(library: Library) -> Library:
    return with_point(library, "usage", say=("平时家里有多少人喝水？",))


def _phrase(library: Library) -> Library:
    return replace(library, forbidden=(replace(library.forbidden[0], phrases=("喝了包治百病",)),))


ALWAYS = ("questions", "manners", "delivery")
SAME: dict[str, tuple[Change, tuple[str, ...]]] = {
    "an example of an objection": (_example, ("points", "forbidden")),
    "a wording of an answer": (_answer, ("points",)),  # what an answer may say weighs against what is forbidden
    "a wording of a point": (_point, ()),
    "a forbidden phrase": (_phrase, ("points", "objections", "outcome")),
}
"""What was changed, and the parts of the document that do not depend on it."""


@pytest.mark.parametrize("what", SAME)
@given(call=calls())
@settings(max_examples=15)
def test_one_wording_changes_only_what_depends_on_it(what: str, call: Transcript) -> None:
    change, parts = SAME[what]
    before, after = document(call, LIBRARY), document(call, change(LIBRARY))
    for part in (*ALWAYS, *parts):
        assert json.dumps(before[part]) == json.dumps(after[part]), part


@pytest.mark.real
@pytest.mark.parametrize("what", SAME)
def test_one_wording_changes_only_what_depends_on_it_in_a_real_call(what: str) -> None:
    change, parts = SAME[what]
    call, _ = good_call()
    before, after = document(call, LIBRARY, real=True), document(call, change(LIBRARY), real=True)
    for part in (*ALWAYS, *parts):
        assert json.dumps(before[part]) == json.dumps(after[part]), part


def test_the_wording_that_was_changed_does_change_what_depends_on_it() -> None:
    call, _ = good_call()
    new = with_point(LIBRARY, "usage", say=(SPOKEN[-1],))
    before, after = ({p.id: p.confidence for p in judged(call, library).findings.points} for library in (LIBRARY, new))
    assert before["usage"] != after["usage"]
