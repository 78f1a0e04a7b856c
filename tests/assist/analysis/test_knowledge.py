"""The built-in knowledge is large enough, and says no wording twice."""

import re

import pytest

from assist.analysis import knowledge
from assist.analysis.heads import logit_of


def test_every_kind_of_refusal_is_known_in_forty_ways() -> None:
    assert len(knowledge.objections("zh")) >= 12
    assert {kind.id: len(kind.ways) for kind in knowledge.objections("zh") if len(kind.ways) < 35} == {}


def test_no_wording_means_two_refusals() -> None:
    ways = [way for kind in knowledge.objections("zh") for way in (*kind.ways, *kind.near)]
    assert sorted({way for way in ways if ways.count(way) > 1}) == []


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


def test_fitted_weights_name_the_features_that_are_computed() -> None:
    from assist.analysis import answers, forbidden, naming, objections, points
    from assist.scripts.library import STEPS

    weights = knowledge.weights()
    assert logit_of(weights["points"]["turn"]).names == points.TURN
    assert logit_of(weights["points"]["again"]).names == points.AGAIN
    assert logit_of(weights["points"]["call"]).names == points.CALL
    assert logit_of(weights["objections"]["turn"]).names == objections.TURN
    assert logit_of(weights["naming"]).names == naming.ENTRY
    assert logit_of(weights["forbidden"]["piece"]).names == forbidden.FEATURES
    assert all(logit_of(weights["answers"][step]).names == answers.STEP for step in STEPS)
