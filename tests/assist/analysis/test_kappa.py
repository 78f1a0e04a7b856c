"""Agreement beyond chance, by published figures and by hand."""

import pytest

from assist.analysis.kappa import Weight, error, kappa, plain, quadratic

Table = list[list[int]]


def pairs(table: Table) -> list[tuple[int, int]]:
    return [(i + 1, j + 1) for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)]


def linear(one: int, other: int, steps: int) -> float:
    return 1 - abs(one - other) / (steps - 1)


DIAGNOSES = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]
"""Fleiss, Statistical Methods for Rates and Proportions, chapter on interrater agreement: kappa 0.68."""
SKIN = [[0, 4, 1], [0, 8, 0], [0, 1, 5]]
"""Printed by SAS PROC FREQ: simple kappa 0.4842 (ASE 0.1380, 0.2137 to 0.7547), weighted (linear) 0.4701 (0.1457)."""


@pytest.mark.parametrize(
    ("table", "weight", "value", "spread"),
    [(DIAGNOSES, plain, 0.6765, 0.0877), (SKIN, plain, 0.4842, 0.1380), (SKIN, linear, 0.4701, 0.1457)],
)
def test_published_figures(table: Table, weight: Weight, value: float, spread: float) -> None:
    found = kappa(pairs(table), 3, weight)
    assert found is not None
    assert (found.value, found.error) == (pytest.approx(value, abs=5e-5), pytest.approx(spread, abs=5e-5))


def test_the_interval_of_a_published_figure() -> None:
    found = kappa(pairs(SKIN), 3, linear)
    assert found is not None
    assert (found.low, found.high) == (pytest.approx(0.1845, abs=1e-4), pytest.approx(0.7558, abs=1e-4))


def test_quadratic_weights_by_hand() -> None:
    # Kappa is 1 less the mean squared gap over that of chance. Seen: gaps 0, 1, 0, 4, so 5/4. By chance, from the
    # shares 2/4 1/4 1/4 of the first and 2/4 2/4 0 of the second: 1-2 gives 1/4, 2-1 1/8, 3-1 4/8, 3-2 1/8, together 1.
    found = kappa([(1, 1), (1, 2), (2, 2), (3, 1)], 3)
    assert found is not None
    assert found.value == pytest.approx(-1 / 4)


def test_full_agreement_is_one_and_full_opposition_minus_one() -> None:
    same, opposite = kappa([(1, 1), (5, 5)], 5), kappa([(1, 5), (5, 1)], 5)
    assert same is not None
    assert opposite is not None
    assert (same.value, same.low, same.high) == (1, 1, 1)
    assert opposite.value == pytest.approx(-1)


def test_it_means_nothing_without_pairs_or_without_difference() -> None:
    assert kappa([], 5) is None
    assert kappa([(3, 3), (3, 3)], 5) is None


def test_near_counts_for_more_than_far() -> None:
    assert quadratic(1, 1, 5) == 1
    assert quadratic(1, 2, 5) == pytest.approx(15 / 16)
    assert quadratic(1, 5, 5) == 0


def test_error_and_bias() -> None:
    found = error([(70, 60), (50, 60), (80, 60), (60, 60)])
    assert found is not None
    assert (found.mean, found.bias) == (10, 5)
    assert found.low < 5 < found.high
    assert error([]) is None
