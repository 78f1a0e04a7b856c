"""BERT and its kin in numpy, for sentence encoders that come as weights without an ONNX file, as most for Chinese do.

One sentence at a time on one thread: a row depends on its sentence alone, to the last bit.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

Rows = NDArray[np.float32]

_WEIGHTS = "model.safetensors"
_KINDS = {"bert": False, "roberta": True, "xlm-roberta": True, "camembert": True}
"""model_type → whether positions are counted from behind the padding token's."""

# Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26: the error function to 1.5e-7.
_ERF = (0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)
_ERF_P = 0.3275911


def readable(folder: Path) -> bool:
    """Whether `Bert` can run what lies in a folder."""
    if not (folder / _WEIGHTS).is_file():
        return False
    settings = _settings(folder)
    positions = settings.get("position_embedding_type", "absolute")
    return settings.get("model_type") in _KINDS and settings.get("hidden_act") in _ACTS and positions == "absolute"


class Bert:
    """Token ids of one sentence → the last hidden states, shape (tokens, d)."""

    def __init__(self, folder: Path) -> None:
        from safetensors.numpy import load_file

        settings = _settings(folder)
        self._weights = {_plain(name): rows.astype(np.float32) for name, rows in load_file(folder / _WEIGHTS).items()}
        self._first = int(settings["pad_token_id"]) + 1 if _KINDS[settings["model_type"]] else 0
        self._heads, self._layers = int(settings["num_attention_heads"]), int(settings["num_hidden_layers"])
        self._threads = ThreadpoolController()
        self._epsilon, self._act = float(settings["layer_norm_eps"]), _ACTS[settings["hidden_act"]]

    def __call__(self, fed: dict[str, NDArray[np.int64]]) -> Rows:
        ids = fed["input_ids"][0]
        kinds = fed["token_type_ids"][0] if "token_type_ids" in fed else np.zeros_like(ids)
        with self._threads.limit(limits=1, user_api="blas"):
            states = self._embedded(ids, kinds)
            for number in range(self._layers):
                states = self._layer(states, f"encoder.layer.{number}.")
        return states

    def _embedded(self, ids: NDArray[np.int64], kinds: NDArray[np.int64]) -> Rows:
        tables = (self._weights[f"embeddings.{name}_embeddings.weight"] for name in ("word", "position", "token_type"))
        word, position, kind = tables
        places = np.arange(self._first, self._first + len(ids))
        return self._normed(word[ids] + position[places] + kind[kinds], "embeddings.LayerNorm")

    def _layer(self, states: Rows, name: str) -> Rows:
        attended = self._dense(self._attended(states, name + "attention.self."), name + "attention.output.dense")
        states = self._normed(states + attended, name + "attention.output.LayerNorm")
        inner = self._act(self._dense(states, name + "intermediate.dense"))
        return self._normed(states + self._dense(inner, name + "output.dense"), name + "output.LayerNorm")

    def _attended(self, states: Rows, name: str) -> Rows:
        query, key, value = (self._split(self._dense(states, name + part)) for part in ("query", "key", "value"))
        scores = query @ key.transpose(0, 2, 1) / np.sqrt(np.float32(query.shape[2]))
        share = np.exp(scores - scores.max(axis=2, keepdims=True))
        mixed = (share / share.sum(axis=2, keepdims=True)) @ value
        return np.asarray(mixed.transpose(1, 0, 2).reshape(states.shape), dtype=np.float32)

    def _split(self, rows: Rows) -> Rows:
        """(tokens, d) → (heads, tokens, d / heads)."""
        return rows.reshape(len(rows), self._heads, -1).transpose(1, 0, 2)

    def _dense(self, rows: Rows, name: str) -> Rows:
        return np.asarray(rows @ self._weights[name + ".weight"].T + self._weights[name + ".bias"], dtype=np.float32)

    def _normed(self, rows: Rows, name: str) -> Rows:
        centred = rows - rows.mean(axis=1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=1, keepdims=True) + np.float32(self._epsilon))
        return np.asarray(centred / spread * self._weights[name + ".weight"] + self._weights[name + ".bias"])


def _plain(name: str) -> str:
    """A weight's name without that of the model around it."""
    first, _, rest = name.partition(".")
    return rest if first in ("bert", "roberta") else name


def _gelu(rows: Rows) -> Rows:
    return np.asarray(0.5 * rows * (1 + _erf(rows / np.sqrt(np.float32(2)))), dtype=np.float32)


def _gelu_by_tanh(rows: Rows) -> Rows:
    inner = np.sqrt(np.float32(2 / np.pi)) * (rows + np.float32(0.044715) * rows**3)
    return np.asarray(0.5 * rows * (1 + np.tanh(inner)), dtype=np.float32)


def _relu(rows: Rows) -> Rows:
    return np.maximum(rows, np.float32(0))


def _erf(rows: Rows) -> Rows:
    size = np.abs(rows)
    t = 1 / (1 + np.float32(_ERF_P) * size)
    sum_ = np.zeros_like(t)
    for factor in reversed(_ERF):
        sum_ = (sum_ + np.float32(factor)) * t
    return np.asarray(np.sign(rows) * (1 - sum_ * np.exp(-size * size)), dtype=np.float32)


_ACTS = {"gelu": _gelu, "gelu_new": _gelu_by_tanh, "gelu_pytorch_tanh": _gelu_by_tanh, "relu": _relu}


def _settings(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "config.json").read_text(encoding="utf-8")))
