"""The built-in knowledge is large enough, and says no wording twice."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import get_args

import pytest

from assist.analysis import knowledge
from assist.analysis.findings import ObjectionForce
from assist.analysis.heads import logit_of

LANGUAGES = ("zh", "en")


def plain(wording: str) -> str:
    """A wording without case, spaces and punctuation."""
    return re.sub(r"[\W_]", "", wording.lower())


def doubles(wordings: Iterable[str]) -> set[str]:
    counts = Counter(map(plain, wordings))
    return {wording for wording, times in counts.items() if times > 1}


@pytest.mark.parametrize(("language", "ways", "near"), [("zh", 40, 20), ("en", 20, 10)])
def test_every_kind_of_refusal_is_known_in_many_ways_and_near_misses(language: str, ways: int, near: int) -> None:
    kinds = knowledge.objections(language)
    assert len(kinds) >= 12
    assert {kind.id: len(kind.ways) for kind in kinds if len(kind.ways) < ways} == {}
    assert {kind.id: len(kind.near) for kind in kinds if len(kind.near) < near} == {}


@pytest.mark.parametrize(("language", "broken", "kept_to"), [("zh", 25, 20), ("en", 14, 10)])
def test_every_forbidden_promise_is_known_in_many_ways_and_near_misses(
    language: str, broken: int, kept_to: int
) -> None:
    kinds = knowledge.violations(language)
    assert len(kinds) >= 14
    assert {kind: len(ways) for kind, ways, _ in kinds if len(ways) < broken} == {}
    assert {kind: len(near) for kind, _, near in kinds if len(near) < kept_to} == {}


@pytest.mark.parametrize(("language", "lines", "ways"), [("zh", 500, 80), ("en", 150, 30)])
def test_neutral_lines_and_steps_outnumber_what_one_trade_says(language: str, lines: int, ways: int) -> None:
    assert len(knowledge.customer(language)) >= lines
    assert {step: len(said) for step, said in knowledge.steps(language).items() if len(said) < ways} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_wording_means_two_refusals(language: str) -> None:
    assert doubles(way for kind in knowledge.objections(language) for way in (*kind.ways, *kind.near)) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_wording_breaks_and_keeps_to_a_rule(language: str) -> None:
    assert doubles(way for _, broken, kept_to in knowledge.violations(language) for way in (*broken, *kept_to)) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_wording_does_two_steps(language: str) -> None:
    assert doubles(way for ways in knowledge.steps(language).values() for way in ways) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_neutral_line_is_a_refusal(language: str) -> None:
    lines = knowledge.customer(language)
    refusals = {plain(way) for kind in knowledge.objections(language) for way in kind.ways}
    assert doubles(lines) == set()
    assert refusals.isdisjoint(map(plain, lines))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_kind_falls_to_names_and_what_is_no_objection_to_none(language: str) -> None:
    for kind in knowledge.objections(language):
        assert kind.force in get_args(ObjectionForce)
        assert bool(kind.falls_to) == kind.objection


def test_both_languages_know_the_same_kinds_of_refusal() -> None:
    assert {kind.id: kind.force for kind in knowledge.objections("zh")} == {
        kind.id: kind.force for kind in knowledge.objections("en")
    }


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_language_has_all_of_it(language: str) -> None:
    assert {"acknowledge", "clarify", "answer", "advance", "argue"} == set(knowledge.steps(language))
    assert knowledge.acts("zh").keys() == knowledge.acts(language).keys()
    assert [kind for kind, *_ in knowledge.violations("zh")] == [kind for kind, *_ in knowledge.violations(language)]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_words_of_bad_manners_are_regular_expressions(language: str) -> None:
    for manner in knowledge.manners(language):
        for word in manner.words:
            re.compile(word)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_fitted_weights_name_the_features_that_are_computed(language: str) -> None:
    from assist.analysis import answers, forbidden, likeness, naming, objections, points
    from assist.analysis.trees import trees_of
    from assist.scripts.library import STEPS

    weights = knowledge.weights(language)
    assert trees_of(weights["points"]["turn"]).names == likeness.TURN
    assert logit_of(weights["points"]["again"]).names == points.AGAIN
    assert logit_of(weights["points"]["call"]).names == points.CALL
    assert logit_of(weights["objections"]["turn"]).names == objections.TURN
    assert logit_of(weights["naming"]).names == naming.ENTRY
    assert logit_of(weights["forbidden"]["turn"]).names == forbidden.TURN
    assert logit_of(weights["forbidden"]["item"]).names == forbidden.ITEM
    assert trees_of(weights["forbidden"]["pair"]).names == forbidden.PAIR
    assert all(logit_of(weights["answers"][step]).names == answers.STEP for step in STEPS)
