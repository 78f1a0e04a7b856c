from assist.analysis import points
from assist.analysis.findings import PointFinding
from assist.transcript import Transcript
from tests.assist.analysis.lines import call, encoder, index

PLAIN = (
    "坐席：您好，请问是王女士吗？",
    "客户：是我，哪位？",
    "坐席：我是动力健身的小周。",
    "客户：哦，什么事？",
    "坐席：想问下您平时一周运动几次？",
    "客户：两次吧。",
    "坐席：那我先不打扰了，谢谢您接听，再见。",
    "客户：再见。",
)


def found(transcript: Transcript) -> dict[str, PointFinding]:
    return {finding.id: finding for finding in points.find(transcript, index(), encoder())}


def test_every_point_of_the_script_has_a_finding_in_its_order() -> None:
    assert list(found(call(*PLAIN))) == ["identity", "intro", "habit", "coach", "bye"]


def test_what_was_said_is_found_where_it_was_said() -> None:
    said = found(call(*PLAIN))
    where = {name: finding.evidence.turn for name, finding in said.items() if finding.evidence}
    assert where["identity"] == 0
    assert where["intro"] == 2
    assert where["habit"] == 4


def test_what_nobody_said_is_missed_and_has_no_evidence() -> None:
    coach = found(call(*PLAIN))["coach"]
    assert coach.status == "missed"
    assert coach.evidence is None


def test_the_customers_words_get_no_point_across() -> None:
    turned = found(call("坐席：喂，您好。", "客户：每位会员都配一名持证教练，帮您定计划。", "坐席：嗯。"))
    assert turned["coach"].status == "missed"


def test_a_wording_survives_homophones() -> None:
    heard = found(
        call("坐席：您好，请问是王女士吗？", "客户：是。", "坐席：我们的叫练全部吃证，一对一待您炼。", "客户：哦。")
    )
    assert heard["coach"].status == "said"


def test_uncertain_speakers_leave_points_uncertain() -> None:
    assert {f.status for f in found(call(*PLAIN, confidence=0.2)).values()} == {"uncertain"}


def test_an_empty_call_misses_everything() -> None:
    assert {f.status for f in found(Transcript(())).values()} == {"missed"}


def test_the_same_call_gives_the_same_findings() -> None:
    assert found(call(*PLAIN)) == found(call(*PLAIN))
