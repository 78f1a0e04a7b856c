"""An analysis read together with its library."""

from typing import Any

from api.views.call import view
from assist.scripts.formats import yaml_format
from tests.api import judged
from tests.conftest import LIBRARY

BROADBAND = yaml_format.loads(LIBRARY)


def seen(**changes: Any) -> Any:
    return view(judged.report() | changes, BROADBAND)


def test_a_missed_point_shows_the_wording_that_was_wanted() -> None:
    point = seen().stages[1].points[0]
    assert (point.status, point.grade, point.wording) == ("missed", "poor", "我现在帮您登记，可以吗？")


def test_a_point_that_could_not_be_judged_is_not_called_missed() -> None:
    points = [{"id": "ask-for-order", "status": "missed", "confidence": 0.2, "turn": None, "uncertain": True}]
    stage = seen(points=points).stages[1]
    assert (stage.points[0].status, stage.points[0].grade, stage.lacking) == ("uncertain", "none", False)


def test_the_missing_steps_are_those_of_the_playbook() -> None:
    assert seen().objections[0].missing == ("acknowledge",)


def test_an_objection_outside_the_playbook_lacks_no_step() -> None:
    other = judged.report()["objections"][0] | {"id": "other"}
    objection = seen(objections=[other]).objections[0]
    assert (objection.title, objection.missing) == ("", ())


def test_advice_stands_with_the_objection_it_is_about() -> None:
    assert [advice.say for advice in seen().objections[0].suggestions] == ["打扰您了，那我晚点再打给您。"]


def test_praise_is_what_was_done_fully() -> None:
    assert [line.title for line in seen().praise] == ["确认身份"]


def test_bad_manners_are_marked_where_they_were_said() -> None:
    rude = [{"id": "insult", "severity": "major", "turn": 3, "start": 8.5, "end": 14.0, "quote": "给您办了吧"}]
    notes = seen(manners=rude).turns[3].notes
    assert "manners" in {note.kind for note in notes}


def test_unsure_speakers_are_said_to_be_so() -> None:
    assert seen(speakers_confidence=0.3).speakers_uncertain
    assert not seen().speakers_uncertain


def test_a_call_in_which_nobody_spoke() -> None:
    silent = {"turns": [], "points": [], "objections": [], "questions": [], "forbidden": [], "flags": []}
    nothing = seen(**silent, outcome={"value": "no-conversation", "turn": None, "quote": None})
    assert (nothing.turns, nothing.bands, nothing.marks) == ([], [], [])
