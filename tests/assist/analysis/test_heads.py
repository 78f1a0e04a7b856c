"""Heads tell apart what they were shown, and their solver is a solver."""

import numpy as np
import pytest

from assist.analysis.heads import _solve


@pytest.mark.parametrize("count", [1, 5, 512, 513, 1300])
def test_the_solution_by_blocks_is_the_solution(count: int) -> None:
    dice = np.random.default_rng(7)
    rows = dice.normal(size=(count, 40)).astype(np.float32)
    kernel = rows @ rows.T + 2.0 * np.eye(count, dtype=np.float32)
    right = dice.normal(size=(count, 3)).astype(np.float32)
    assert np.allclose(kernel @ _solve(kernel.copy(), right), right, atol=2e-3)
