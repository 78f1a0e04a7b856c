"""What people say of findings, and the call weighed again with it."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from assist.analysis import judge, report, verdicts
from assist.analysis.findings import Findings
from assist.analysis.floor import Floor
from assist.analysis.reading import findings_of
from assist.analysis.rubric import default
from assist.analysis.verdicts import About, Ruling, Stood, Verdict
from assist.transcript import Transcript
from tests.assist.analysis.scenes import LIBRARY, findings, forbidden, good_call, objection, said, transcript

RECORDING = report.RecordingFacts("0" * 64, 60.0, 2, "stereo")
ENGINE = report.EngineFacts("1", "fake", "fake", "water-filter", "3")


def machine(call: Transcript, found: Findings) -> dict[str, Any]:
    judged = judge.weigh(Floor(call), LIBRARY, found, default())
    return report.to_dict(call, judged, RECORDING, ENGINE)


def stand(call: Transcript, document: dict[str, Any], given: Sequence[Verdict]) -> Stood:
    return verdicts.stand(document, call, LIBRARY, default(), None, given)


def bad_call() -> tuple[Transcript, Findings]:
    call = transcript(
        "a: 您好，请问是张先生吗？",
        "c: 是我，哪位？",
        "a: 我是清泉家电的小周，想提醒您滤芯到期了，喝了能治病。",
        "c: 太贵了吧。",
        "a: 不贵不贵，一天不到五毛，给您留一套。",
        "c: 你们这个多少钱我都不要。",
        "a: 好的，再见。",
    )
    points = said(call, confirm_identity=0, self_intro=2, purpose=2)
    return call, findings(call, points, [objection(call, 3)], [forbidden(call, 2)])


def at(call: Transcript, turn: int) -> tuple[float, float]:
    return call.turns[turn].start, call.turns[turn].end


def score(document: dict[str, Any], skill: str) -> int:
    return int(document["scores"][skill]["value"])


def rules(document: dict[str, Any]) -> list[str]:
    return [flag["rule"] for flag in document["flags"]]


class TestReadBack:
    @pytest.mark.parametrize("made", [good_call, bad_call])
    def test_a_report_read_back_weighs_the_same(self, made: Any) -> None:
        call, found = made()
        document = machine(call, found)
        assert machine(call, findings_of(document)) == document


class TestPoints:
    def test_a_missed_point_that_was_said_raises_the_score(self) -> None:
        call, found = good_call()
        before = machine(call, findings(call, said(call, self_intro=2, usage=4), found.objections))
        ruling = Ruling(status="said", start=at(call, 0)[0], end=at(call, 0)[1])
        after = stand(call, before, [Verdict(1, About("point", "confirm-identity"), ruling)])
        (point,) = [one for one in after.report["points"] if one["id"] == "confirm-identity"]
        assert (point["status"], point["turn"], point["confidence"]) == ("said", 0, 1.0)
        assert score(after.report, "opening") > score(before, "opening")
        assert after.fits == {1: True}

    def test_a_point_said_that_was_not_lowers_it(self) -> None:
        call, found = good_call()
        before = machine(call, found)
        about = About("point", "confirm-identity", *at(call, 0))
        after = stand(call, before, [Verdict(1, about, Ruling(status="missed"))])
        assert score(after.report, "opening") < score(before, "opening")
        assert after.report["points"][0]["turn"] is None

    def test_what_the_customer_said_is_no_evidence_of_a_point(self) -> None:
        call, found = bad_call()
        ruling = Ruling(status="said", start=at(call, 1)[0] + 0.1, end=at(call, 1)[1] - 0.1)
        after = stand(call, machine(call, found), [Verdict(1, About("point", "bye"), ruling)])
        assert after.fits == {1: False}


class TestObjections:
    def test_one_that_is_none_takes_its_skill_away(self) -> None:
        call, found = bad_call()
        before = machine(call, found)
        after = stand(call, before, [Verdict(1, About("objection", "price", *at(call, 3)), Ruling(gone=True))])
        assert before["scores"]["rejection_handling"]["value"] is not None
        assert after.report["scores"]["rejection_handling"]["value"] is None
        assert "unanswered-objection" in rules(before)
        assert "unanswered-objection" not in rules(after.report)

    def test_one_that_is_another(self) -> None:
        call, found = bad_call()
        about = About("objection", "price", *at(call, 3))
        after = stand(call, machine(call, found), [Verdict(1, about, Ruling(id="other"))])
        assert [one["id"] for one in after.report["objections"]] == ["other"]

    def test_steps_and_outcome_make_it_answered(self) -> None:
        call, found = bad_call()
        before = machine(call, found)
        ruling = Ruling(steps=("acknowledge", "answer"), outcome="resolved")
        after = stand(call, before, [Verdict(1, About("objection", "price", *at(call, 3)), ruling)])
        (one,) = after.report["objections"]
        assert (one["answered"], one["answer_turns"], one["steps"]) == (True, [4], ["acknowledge", "answer"])
        assert score(after.report, "rejection_handling") > score(before, "rejection_handling")

    def test_one_that_was_not_found(self) -> None:
        call, found = bad_call()
        before = machine(call, found)
        given = Verdict(1, About("objection", "price", *at(call, 5)), Ruling(outcome="ended"), added=True)
        after = stand(call, before, [given])
        assert [one["turn"] for one in after.report["objections"]] == [3, 5]
        assert after.report["objections"][1]["outcome"] == "ended"

    def test_one_of_a_playbook_entry_that_is_gone_fits_no_longer(self) -> None:
        call, found = bad_call()
        given = Verdict(1, About("objection", "price", *at(call, 3)), Ruling(id="spouse"))
        assert stand(call, machine(call, found), [given]).fits == {1: False}


class TestTheRest:
    def test_a_question_that_is_none(self) -> None:
        call, found = good_call()
        before = machine(call, found)
        first = before["questions"][0]
        about = About("question", "", first["start"], first["end"])
        after = stand(call, before, [Verdict(1, about, Ruling(gone=True))])
        assert len(after.report["questions"]) == len(before["questions"]) - 1

    def test_a_forbidden_phrase_that_was_not_said_lifts_the_cap(self) -> None:
        call, found = bad_call()
        before = machine(call, found)
        after = stand(call, before, [Verdict(1, About("forbidden", "cure", *at(call, 2)), Ruling(gone=True))])
        assert after.report["forbidden"] == []
        assert "forbidden" not in rules(after.report)
        assert score(after.report, "overall") > score(before, "overall")

    def test_a_forbidden_phrase_that_was_not_found(self) -> None:
        call, found = good_call()
        before = machine(call, found)
        given = Verdict(1, About("forbidden", "cure", *at(call, 10)), added=True, ruling=Ruling(status="said"))
        after = stand(call, before, [given])
        assert [(one["id"], one["severity"]) for one in after.report["forbidden"]] == [("cure", "critical")]
        assert score(after.report, "overall") < score(before, "overall")

    def test_a_criterion_of_its_own_value_says_so(self) -> None:
        call, found = good_call()
        before = machine(call, found)
        after = stand(call, before, [Verdict(1, About("criterion", "opening/courteous"), Ruling(value=0.0))])
        lines = {line["id"]: line for line in after.report["scores"]["opening"]["criteria"]}
        assert lines["courteous"]["value"] == 0.0
        assert "由人判定" in lines["courteous"]["why"]
        assert score(after.report, "opening") < score(before, "opening")

    def test_a_flag_that_should_not_be_there(self) -> None:
        call, found = bad_call()
        before = machine(call, found)
        after = stand(
            call, before, [Verdict(1, About("flag", "unanswered-objection", *at(call, 3)), Ruling(gone=True))]
        )
        assert set(rules(before)) - set(rules(after.report)) == {"unanswered-objection"}


class TestWhatStands:
    def test_the_same_verdicts_give_the_same_bytes(self) -> None:
        call, found = bad_call()
        before = machine(call, found)
        given = [
            Verdict(1, About("forbidden", "cure", *at(call, 2)), Ruling(gone=True)),
            Verdict(2, About("objection", "price", *at(call, 3)), Ruling(steps=("answer",), outcome="resolved")),
        ]
        kept = json.dumps(before)
        first, second = (json.dumps(stand(call, before, given).report) for _ in range(2))
        assert first == second
        assert json.dumps(before) == kept

    def test_a_finding_that_is_kept_leaves_the_machines_report(self) -> None:
        call, found = bad_call()
        before = machine(call, found)
        after = stand(call, before, [Verdict(1, About("forbidden", "cure", *at(call, 2)))])
        assert (after.changed, after.report, after.fits) == (False, before, {1: True})

    def test_a_finding_that_moved_away_fits_no_longer(self) -> None:
        call, found = bad_call()
        before = machine(call, found)
        given = [
            Verdict(1, About("forbidden", "cure", *at(call, 6)), Ruling(gone=True)),
            Verdict(2, About("criterion", "opening/nothing-such"), Ruling(value=1.0)),
            Verdict(3, About("flag", "excellent"), Ruling(gone=True)),
            Verdict(4, About("point", "no-such-point"), Ruling(status="missed")),
        ]
        after = stand(call, before, given)
        assert after.fits == {1: False, 2: False, 3: False, 4: False}
        assert after.report == before

    def test_a_ruling_is_read_back_as_it_was_written(self) -> None:
        ruling = Ruling(id="price", steps=(), outcome="ended")
        assert Ruling.from_dict(json.loads(json.dumps(ruling.to_dict()))) == ruling

    def test_the_report_stays_in_its_format(self) -> None:
        jsonschema = pytest.importorskip("jsonschema")
        call, found = bad_call()
        given = [Verdict(1, About("forbidden", "cure", *at(call, 2)), Ruling(gone=True))]
        jsonschema.validate(stand(call, machine(call, found), given).report, report.schema())
