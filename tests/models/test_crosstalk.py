import numpy as np

from models.crosstalk import leaked, levels

RNG = np.random.default_rng(0)


def syllables(seconds: float, seed: int) -> np.ndarray:
    """Noise that rises and falls like speech."""
    rng = np.random.default_rng(seed)
    steps = np.repeat(rng.uniform(0.02, 0.5, int(seconds * 5)), 3200)
    return (steps * rng.standard_normal(len(steps))).astype(np.float32)


def test_a_faint_copy_of_the_other_side_is_a_leak() -> None:
    voice = syllables(6, 1)
    copy = 0.1 * voice + 0.0005 * RNG.standard_normal(len(voice)).astype(np.float32)
    assert leaked(levels([copy], [voice])).mean() > 0.9
    assert not leaked(levels([voice], [copy])).any()


def test_a_quiet_voice_of_its_own_is_none() -> None:
    quiet, loud = 0.1 * syllables(6, 2), syllables(6, 1)
    assert leaked(levels([quiet], [loud])).mean() < 0.15


def test_blocks_give_what_the_whole_gives() -> None:
    voice = syllables(2, 3)
    whole, pieces = levels([voice], [voice]), levels([voice[:1000], voice[1000:]], [voice[:1000], voice[1000:]])
    assert np.allclose(whole.one, pieces.one)
    assert np.allclose(whole.product, pieces.product)
