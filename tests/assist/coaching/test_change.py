"""A change that is there is found; one that is not is claimed at most as often as the interval says."""

import math
from random import Random

import pytest

from assist.coaching.change import FEWEST, FEWEST_DAYS, change, t_quantile

RUNS = 400


def shares(draw: Random, share: float, days: int, spread: float) -> list[list[float]]:
    """Days of one to six calls whose share swings from day to day."""
    made = []
    for _ in range(days):
        today = min(0.98, max(0.02, draw.gauss(share, spread)))
        made.append([float(draw.random() < today) for _ in range(draw.randint(1, 6))])
    return made


def scores(draw: Random, mean: float, days: int, spread: float) -> list[list[float]]:
    made = []
    for _ in range(days):
        today = draw.gauss(mean, spread)
        made.append([min(100.0, max(0.0, round(draw.gauss(today, 15)))) for _ in range(draw.randint(1, 6))])
    return made


def most_by_chance(level: float) -> int:
    """Alarms out of RUNS that are exceeded in one of a thousand times though each has only this chance."""
    total, count = 0.0, -1
    while total < 0.999:
        count += 1
        total += math.comb(RUNS, count) * level**count * (1 - level) ** (RUNS - count)
    return count


@pytest.mark.parametrize("share", [0.1, 0.4, 0.9])
@pytest.mark.parametrize("spread", [0.0, 0.2])
@pytest.mark.parametrize(("before", "after"), [(5, 5), (12, 6), (20, 10)])
def test_no_change_of_a_share_is_claimed_at_most_as_often_as_the_level_says(share, spread, before, after):
    draw = Random(f"{share} {spread} {before}")
    found = [
        change(shares(draw, share, before, spread), shares(draw, share, after, spread), "share") for _ in range(RUNS)
    ]
    assert sum(one.verdict == "kept" for one in found) <= most_by_chance(0.025)
    assert sum(one.low is not None and not one.low <= 0 <= one.high for one in found) <= most_by_chance(0.05)


@pytest.mark.parametrize("spread", [0.0, 10.0])
@pytest.mark.parametrize(("before", "after"), [(5, 5), (20, 10)])
def test_no_change_of_a_score_is_claimed_at_most_as_often_as_the_level_says(spread, before, after):
    draw = Random(f"{spread} {before}")
    found = [change(scores(draw, 55, before, spread), scores(draw, 55, after, spread), "score") for _ in range(RUNS)]
    assert sum(one.low is not None and not one.low <= 0 <= one.high for one in found) <= most_by_chance(0.05)


def test_that_calls_of_a_day_are_alike_is_what_keeps_alarms_rare():
    """The same days taken for independent calls raise far more alarms than the level allows."""
    draw = Random(11)
    alarms = 0
    for _ in range(RUNS):
        sides = [scores(draw, 55, 5, 12), scores(draw, 55, 5, 12)]
        loose = [[[value] for day in side for value in day] for side in sides]
        found = change(loose[0], loose[1], "score")
        alarms += found.low is not None and not found.low <= 0 <= found.high
    assert alarms > most_by_chance(0.05)


def test_a_known_change_of_a_share_is_found():
    draw = Random(5)
    found = [change(shares(draw, 0.3, 20, 0.1), shares(draw, 0.75, 10, 0.1), "share") for _ in range(RUNS)]
    assert sum(one.verdict == "kept" for one in found) >= 0.9 * RUNS
    assert not any(one.verdict == "not-kept" for one in found)


def test_a_known_change_of_a_score_is_found():
    draw = Random(6)
    found = [change(scores(draw, 45, 20, 5), scores(draw, 62, 10, 5), "score") for _ in range(RUNS)]
    assert sum(one.verdict == "kept" for one in found) >= 0.9 * RUNS


def test_the_interval_holds_the_true_difference_as_often_as_it_says():
    draw = Random(7)
    found = [change(shares(draw, 0.3, 15, 0.0), shares(draw, 0.6, 10, 0.0), "share") for _ in range(RUNS)]
    missed = sum(not one.low <= 0.3 <= one.high for one in found if one.low is not None)
    assert missed <= most_by_chance(0.05)


def test_nothing_is_said_of_too_few_calls_or_days():
    enough = [[1.0, 0.0, 1.0]] * FEWEST_DAYS
    assert not change(enough, enough, "share").few
    for little in ([[1.0]] * (FEWEST - 1), [[1.0] * FEWEST, [0.0] * FEWEST], []):
        for pair in ((little, enough), (enough, little)):
            found = change(*pair, "share")
            assert (found.low, found.high, found.verdict, found.few) == (None, None, "unclear", True)


def test_who_never_did_it_and_now_always_does_has_changed():
    found = change([[0.0, 0.0]] * 5, [[1.0, 1.0]] * 5, "share")
    assert (found.before.hits, found.after.hits, found.verdict) == (0, 10, "kept")
    assert 0 < found.low < found.high == 1.0


def test_who_still_hardly_does_it_has_not_kept_to_it():
    hardly = [[0.0, 0.0, 0.0, 1.0]] * 8
    assert change(hardly, hardly, "share").verdict == "not-kept"
    often = [[1.0, 1.0, 0.0]] * 4
    assert change(often, often, "share").verdict == "unclear"


def test_scores_that_are_all_the_same_are_not_known_exactly():
    found = change([[50.0, 50.0]] * 5, [[50.0, 50.0]] * 5, "score")
    assert found.low < 0 < found.high < 1


@pytest.mark.parametrize(("days", "value"), [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (10, 2.228), (30, 2.042)])
def test_students_t_is_that_of_the_tables(days, value):
    assert t_quantile(days) == pytest.approx(value, abs=0.005)
