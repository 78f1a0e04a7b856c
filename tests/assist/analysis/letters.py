"""An encoder for tests: a sentence is the characters it holds."""

from collections.abc import Sequence

import numpy as np

from assist.ports import Vectors


class Letters:
    name = "letters"

    def encode(self, sentences: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(sentences), 64), np.float32)
        for row, sentence in enumerate(sentences):
            for letter in sentence or " ":
                vectors[row, ord(letter) % 64] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True) if len(sentences) else vectors
