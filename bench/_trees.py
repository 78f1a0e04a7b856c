"""Grow the trees that `assist/analysis/trees.py` reads, with LightGBM (the extra `tune`): same rows, same trees."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

_PLAIN = {
    "objective": "binary", "lambda_l2": 10.0, "feature_fraction": 0.5, "bagging_fraction": 0.7, "bagging_freq": 1,
    "max_bin": 63, "num_threads": 1, "deterministic": True, "verbose": -1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Growth:
    """How trees grow: small and strongly held back, for many rows are alike. `times` forests are averaged; more of a
    `rising` feature never makes less likely."""

    count: int
    rate: float
    leaves: int
    least: int
    times: int = 1
    rising: tuple[str, ...] = ()


POINTS = Growth(count=200, rate=0.06, leaves=8, least=100)
FORBIDDEN = Growth(150, 0.05, leaves=6, least=30, times=3, rising=("near", "ahead", "sight", "sound", "title"))
"""Rising in what another phrase in the library can only lift: so forbidding one more never lets another one pass."""


def grow(names: Sequence[str], x: Array, y: Array, growth: Growth) -> dict[str, Any]:
    """Trees over named features for `trees_of`; values to six digits."""
    import lightgbm

    own = {
        "learning_rate": growth.rate, "num_leaves": growth.leaves, "min_data_in_leaf": growth.least,
        "monotone_constraints": [int(name in growth.rising) for name in names],
    }  # fmt: skip
    data = lightgbm.Dataset(x.astype(np.float32), y)
    found = []
    for seed in range(growth.times):
        model = lightgbm.train({**_PLAIN, **own, "seed": seed}, data, growth.count)
        found += [_tree(one["tree_structure"], growth.times) for one in model.dump_model()["tree_info"]]
    return {"names": list(names), "trees": found}


def _tree(root: dict[str, Any], share: int) -> list[Any]:
    splits = sorted(_splits(root), key=lambda node: int(node["split_index"]))
    leaves = sorted(_leaves(root), key=lambda node: int(node.get("leaf_index", 0)))
    return [
        [
            [s["split_feature"], _short(s["threshold"]), _place(s["left_child"]), _place(s["right_child"])]
            for s in splits
        ],
        [_short(leaf["leaf_value"] / share) for leaf in leaves],
    ]


def _splits(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "split_index" in node:
        yield node
        yield from _splits(node["left_child"])
        yield from _splits(node["right_child"])


def _leaves(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "split_index" in node:
        yield from _leaves(node["left_child"])
        yield from _leaves(node["right_child"])
    else:
        yield node


def _place(node: dict[str, Any]) -> int:
    return int(node["split_index"]) if "split_index" in node else -1 - int(node["leaf_index"])


def _short(value: float) -> float:
    return float(f"{value:.6g}")
