import numpy as np
import pytest

from assist.analysis.trees import Trees, trees_of

WARM_AND_DRY = {
    "names": ["warmth", "rain"],
    "trees": [
        [[[0, 20.0, -1, 1], [1, 0.5, -2, -3]], [0.1, 1.0, 0.3]],
        [[[1, 0.5, -1, -2]], [0.5, -0.5]],
        [[], [0.25]],
    ],
}


@pytest.fixture
def trees() -> Trees:
    return trees_of(WARM_AND_DRY)


def test_leaves_of_all_trees_add_up(trees: Trees) -> None:
    assert trees(np.array([[25.0, 0.0]])) == pytest.approx([1.0 + 0.5 + 0.25])


def test_a_row_goes_left_at_the_threshold_and_right_above_it(trees: Trees) -> None:
    cold, warm = trees(np.array([[20.0, 1.0], [20.1, 1.0]]))
    assert cold == pytest.approx(0.1 - 0.5 + 0.25)
    assert warm == pytest.approx(0.3 - 0.5 + 0.25)


def test_tables_of_any_shape_keep_it_without_their_last_axis(trees: Trees) -> None:
    table = np.array([[[25.0, 0.0], [20.0, 1.0]], [[25.0, 0.0], [25.0, 1.0]], [[0.0, 0.0], [30.0, 0.0]]])
    found = trees(table)
    assert found.shape == (3, 2)
    assert found[0, 0] == found[1, 0] == found[2, 1]


def test_nothing_to_read_gives_nothing(trees: Trees) -> None:
    assert trees(np.zeros((0, 5, 2))).shape == (0, 5)
