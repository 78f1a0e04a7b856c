import numpy as np

from assist.analysis.likeness import TURN, turn_features
from assist.analysis.meaning import cut
from tests.assist.analysis.lines import call, encoder, index

TALK = (
    "坐席：您好，请问是王女士吗？",
    "客户：是我。每位会员都配一名教练吗？",
    "坐席：每位会员都配一名持证教练，帮您定计划。",
    "客户：嗯。",
    "坐席：今天外面雨下得挺大的。",
)
COACH = ["identity", "intro", "habit", "coach", "bye"].index("coach")


def of_coach(name: str, *lines: str) -> list[float]:
    """One feature of the point about coaches in each turn of the agent."""
    transcript, known = call(*lines), index()
    agent = cut(transcript, "agent", known.grams, encoder())
    customer = cut(transcript, "customer", known.grams, encoder())
    return [float(value) for value in turn_features(agent, customer, known, transcript)[:, COACH, TURN.index(name)]]


def test_a_turn_that_holds_a_wording_covers_it_and_small_talk_does_not() -> None:
    greeting, wording, weather = of_coach("covered", *TALK)
    assert wording > 0.9
    assert max(greeting, weather) < 0.3


def test_homophones_still_cover_a_wording_by_sound() -> None:
    _, misheard = of_coach("covered", TALK[0], TALK[1], "坐席：没位会员都陪一名吃证叫练，帮您订计划。")
    _, other = of_coach("covered", TALK[0], TALK[1], TALK[4])
    assert misheard > 0.4 > other


def test_the_turn_nearest_to_a_point_ranks_first() -> None:
    assert of_coach("rank", *TALK)[1] == 0.0


def test_a_point_is_invited_by_a_customer_who_asks_for_it() -> None:
    greeting, asked, _ = of_coach("invited", *TALK)
    assert greeting == 0.0
    assert asked > 0.5


def test_a_call_without_a_customer_has_features_too() -> None:
    assert np.isfinite(of_coach("invited", TALK[2], TALK[4])).all()
