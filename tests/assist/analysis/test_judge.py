"""The whole judgement: what a lead gets to see, what abstains, and that nothing breaks it."""

from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assist.analysis import report
from assist.analysis.findings import Analysis, Findings, ForbiddenFinding, Outcome
from assist.analysis.floor import Floor, evidence
from assist.analysis.judge import judge, weigh
from assist.analysis.rubric import default
from assist.scripts.index import Index, learn
from assist.transcript import Transcript
from tests.assist.analysis.letters import Letters
from tests.assist.analysis.scenes import LIBRARY, findings, forbidden, good_call, objection, said, transcript

RECORDING = report.RecordingFacts("0" * 64, 12.3456, 2, "stereo")
ENGINE = report.EngineFacts("1.0", "base", "letters", "water-filter", "3")


@cache
def index() -> Index:
    return learn(LIBRARY, Letters())


def judged(call: Transcript, at: datetime | None = None) -> Analysis:
    return judge(call, index(), default(), Letters(), at)


def document(call: Transcript, analysis: Analysis) -> dict[str, Any]:
    made = report.to_dict(call, analysis, RECORDING, ENGINE)
    jsonschema.validate(made, report.schema())
    return made


def weighed(call: Transcript, found: Findings, at: datetime | None = None) -> Analysis:
    return weigh(Floor(call), LIBRARY, found, default(), at)


def rules(analysis: Analysis) -> set[str]:
    return {flag.rule for flag in analysis.flags}


def test_a_good_call_needs_no_coaching_and_is_worth_sharing() -> None:
    analysis = weighed(*good_call())
    assert (analysis.coaching.needed, analysis.coaching.focus) == (False, "none")
    assert "excellent" in rules(analysis)


def test_the_same_call_gives_the_same_document() -> None:
    call, _ = good_call()
    assert document(call, judged(call)) == document(call, judged(call))


def test_the_weakest_skill_is_the_focus_and_the_playbook_says_what_to_say() -> None:
    call, found = good_call()
    argued = findings(call, found.points, [objection(call, 11, answered=True), objection(call, 13)])
    advice = weighed(call, argued).coaching
    assert advice.focus == "rejection_handling"
    assert advice.say_instead[0].source == "price/acknowledge"
    assert advice.say_instead[0].say == "您精打细算是对的。"
    assert advice.say_instead[0].turn == 12


def test_a_forbidden_promise_in_a_good_call_is_the_focus() -> None:
    call, found = good_call()
    analysis = weighed(call, findings(call, found.points, found.objections, [forbidden(call, 10)]))
    assert analysis.coaching.focus == "compliance"
    assert [flag.severity for flag in analysis.flags if flag.rule == "forbidden"] == ["critical"]
    assert analysis.coaching.priority > weighed(call, found).coaching.priority


def test_a_missed_opening_suggests_the_scripts_own_words() -> None:
    call, _ = good_call()
    lines = [f"{'a' if turn.speaker == 'agent' else 'c'}: {turn.text}" for turn in call.turns]
    call = transcript("a: 喂，你家水喝着怎么样？", *lines[3:])
    points = said(call, taste=0, usage=2, filter=8)
    advice = weighed(call, findings(call, points, ended=Outcome("agreed"))).coaching
    assert advice.focus == "opening"
    assert "我是清泉家电的小周。" in [suggestion.say for suggestion in advice.say_instead]


def test_pushing_on_is_critical() -> None:
    call = transcript(
        "a: 您好，请问是张先生吗？我是清泉家电的小周，想提醒您换滤芯。",
        "c: 我说了不需要，别再打了，再打我投诉。",
        "a: 您别急，新滤芯现在便宜一半，我给您登记一个吧，就今天。",
        "c: 你听不懂吗？",
    )
    found = findings(call, said(call, self_intro=0, filter=2), [objection(call, 1, force="refusal")])
    flags = {flag.rule: flag for flag in weighed(call, found).flags}
    assert flags["pushed-on"].severity == "critical"
    assert flags["pushed-on"].turns == (2,)


@pytest.mark.parametrize(
    ("at", "flagged"),
    [
        (datetime(2026, 3, 2, 10, 0), False),
        (datetime(2026, 3, 2, 21, 30), True),
        (datetime(2026, 3, 2, 8, 59), True),
        (None, False),
    ],
)
def test_calls_outside_the_allowed_hours_are_flagged(at: datetime | None, flagged: bool) -> None:
    call, found = good_call()
    assert ("outside-hours" in rules(weighed(call, found, at))) is flagged


def test_contempt_is_flagged_and_is_no_phrase_of_the_campaign() -> None:
    call, found = good_call()
    rude = ForbiddenFinding("manners-contempt", evidence(call.turns[12]), "major")
    analysis = weighed(call, replace(found, manners=(rude,)))
    assert [(flag.severity, flag.turns) for flag in analysis.flags if flag.rule == "manners"] == [("major", (12,))]
    made = document(call, analysis)
    assert (made["forbidden"], len(made["manners"])) == ([], 1)


def test_uncertain_speakers_make_everything_abstain() -> None:
    call, _ = good_call()
    unsure = Transcript(call.turns, speakers_confidence=0.2)
    analysis = judged(unsure)
    assert all(score.value is None and score.why for score in (*analysis.scores.values(), analysis.overall))
    assert rules(analysis) == {"speakers-uncertain"}
    assert not analysis.coaching.needed
    document(unsure, analysis)


def test_a_recording_without_speech_is_no_conversation_whoever_it_was() -> None:
    silence = Transcript((), speakers_confidence=0.0, seconds=60.0)
    analysis = judged(silence)
    assert analysis.findings.outcome.value == "no-conversation"
    assert rules(analysis) == set()


def test_speakers_that_nobody_can_tell_are_still_a_conversation() -> None:
    call, _ = good_call()
    turns = tuple(replace(turn, speaker="unknown") for turn in call.turns)
    analysis = judged(Transcript(turns, speakers_confidence=0.0))
    assert analysis.findings.outcome.value == "unknown"
    assert rules(analysis) == {"speakers-uncertain"}


def test_nobody_there_is_judged_by_nothing() -> None:
    call = transcript("a: 喂，您好？", "a: 喂？")
    analysis = judged(call)
    assert analysis.findings.outcome.value == "no-conversation"
    assert analysis.overall.value is None
    assert analysis.coaching.priority == 0
    document(call, analysis)


def test_the_document_rounds_and_keeps_the_order_of_its_keys() -> None:
    call, found = good_call()
    made = document(call, weighed(call, found))
    assert made["recording"]["seconds"] == 12.346
    assert list(made)[:3] == ["format", "recording", "engine"]
    assert made["points"][8]["id"] == "bye"
    assert made["points"][8]["turn"] == 16
    assert made["coaching"] == {
        "needed": False,
        "focus": "none",
        "priority": made["coaching"]["priority"],
        "say_instead": [],
    }


def test_a_missed_point_has_no_place() -> None:
    call, _ = good_call()
    point = document(call, weighed(call, findings(call, said(call))))["points"][0]
    assert point["status"] == "missed"
    assert point["turn"] is None
    assert point["quote"] is None


def test_an_uncertain_point_reads_as_missed_and_says_so() -> None:
    call, _ = good_call()
    unsure = said(call, confirm_identity=(0, "uncertain"))
    point = document(call, weighed(call, findings(call, unsure)))["points"][0]
    assert (point["status"], point["uncertain"]) == ("missed", True)


def test_the_schema_refuses_what_the_contract_does_not_know() -> None:
    call, found = good_call()
    made = document(call, weighed(call, found))
    made["outcome"]["value"] = "bought"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(made, report.schema())


def test_three_thousand_turns_are_no_trouble() -> None:
    lines = ["a: 您家几口人用水呀？", "c: 四口人，一直都这么用。"] * 1500
    assert judged(transcript(*lines)).overall.value is not None


def test_thousands_of_refusals_are_weighed_at_once() -> None:
    call = transcript(*["a: 您再听我说说新滤芯的好处吧。", "c: 不要了，太贵了，别打了。"] * 1500)
    raised = [objection(call, turn, force="refusal") for turn in range(1, 3000, 2)]
    assert weighed(call, findings(call, said(call), raised)).overall.value is not None


@given(st.integers(0, 8), st.sampled_from(["critical", "major", "minor"]), st.booleans())
@settings(max_examples=30)
def test_saying_something_forbidden_never_raises_overall(place: int, severity: Any, refused: bool) -> None:
    call, found = good_call()
    raised = [objection(call, 11, ("answer",), force="refusal" if refused else "objection")]
    clean = weighed(call, findings(call, found.points, raised, ended=Outcome("agreed"))).overall.value
    dirty = weighed(
        call, findings(call, found.points, raised, [forbidden(call, place * 2, severity)], Outcome("agreed"))
    )
    assert clean is not None
    assert dirty.overall.value is not None
    assert dirty.overall.value <= clean


def test_a_promise_only_half_heard_is_for_a_lead_to_hear_and_costs_nothing() -> None:
    call, found = good_call()
    clear = forbidden(call, 10)
    half = replace(clear, confidence=0.3)
    heard, doubted, clean = (weighed(call, replace(found, forbidden=told)) for told in ((clear,), (half,), ()))
    assert [flag.severity for flag in doubted.flags if flag.rule == "forbidden"] == ["minor"]
    assert (doubted.overall, doubted.coaching.needed) == (clean.overall, clean.coaching.needed)
    assert (heard.overall.value or 0) < (clean.overall.value or 0)
