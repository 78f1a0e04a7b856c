import numpy as np

from models import chain

RNG = np.random.default_rng(3)
TRUTH = np.repeat(RNG.random(40) < 0.5, 12)
COST = np.where(np.arange(len(TRUTH)) % 12 == 0, 0.7, 3.0)


def voices(apart: float) -> np.ndarray:
    """Windows of two voices whose centres lie `apart` standard deviations from each other."""
    places = np.random.default_rng(5).standard_normal((len(TRUTH), 12))
    places[:, 3] += apart * TRUTH
    return places


def right(posterior: np.ndarray) -> float:
    return float(((posterior > 0.5) == TRUTH).mean())


def test_a_lone_weak_step_does_not_change_the_speaker() -> None:
    path, _ = chain.likeliest(np.array([3.0, 3.0, -0.5, 3.0, -4.0, -4.0]), np.full(6, 2.0))
    assert path.tolist() == [True, True, True, True, False, False]


def test_smoothing_agrees_with_the_likeliest_where_all_is_clear() -> None:
    odds = np.where(TRUTH, 1.5, -1.5)
    assert right(chain.smoothed(odds, COST).posterior) == 1


def test_evidence_grows_the_score_and_none_leaves_it_even() -> None:
    nothing = chain.smoothed(np.zeros(50), np.full(50, 2.0))
    assert np.allclose(nothing.posterior, 0.5)
    assert abs(nothing.score) < 1e-9


def test_voices_far_apart_are_found_from_any_start() -> None:
    start = (np.random.default_rng(1).random(len(TRUTH)) < 0.5).astype(float)
    found = chain.fit(voices(4.0), start, np.zeros(len(TRUTH)), COST)
    assert max(right(found.posterior), 1 - right(found.posterior)) > 0.98
    assert found.distance > 3


def test_words_that_are_right_two_times_in_three_split_voices_that_are_alike() -> None:
    said = np.repeat(np.where(np.random.default_rng(2).random(40) < 0.66, 1.0, -1.0), 12) * np.where(TRUTH, 1, -1)
    lean = 1.5 * said / 12
    found = chain.fit(voices(2.2), chain.smoothed(lean, COST).posterior, lean, COST)
    assert right(found.posterior) > 0.9
