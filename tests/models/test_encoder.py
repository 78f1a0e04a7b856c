import json
from pathlib import Path

import numpy as np
import pytest

from models import encoder, transformer
from models.keepsake import kept
from models.weights import ModelMissing

SENTENCES = ["您好，请问是王先生吗？", "太贵了", "that is too expensive", "", "😀" * 3, "好" * 700]


def test_rows_have_length_one() -> None:
    rows = encoder.load().encode(SENTENCES)
    assert rows.shape == (len(SENTENCES), 512)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-3)


def test_a_sentence_gives_the_same_row_in_any_company() -> None:
    model = encoder.load()
    alone = model.encode([SENTENCES[1]])
    crowd = model.encode([f"第{i}句话，长短不一{'啊' * (i % 9)}" for i in range(60)] + SENTENCES)
    assert np.array_equal(alone[0], crowd[61])


def test_no_sentences_give_no_rows() -> None:
    assert encoder.load().encode([]).shape == (0, 512)


def test_what_means_the_same_is_nearer_than_what_does_not() -> None:
    price, dear, weather = encoder.load().encode(["这个价格太高了", "太贵了，买不起", "今天下雨了"])
    assert price @ dear > price @ weather


def test_a_folder_without_a_model_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        transformer.find(str(tmp_path / "nothing"))


def test_pooling_and_prefix_come_from_the_models_own_settings(tmp_path: Path) -> None:
    (tmp_path / "1_Pooling").mkdir()
    (tmp_path / "1_Pooling" / "config.json").write_text(json.dumps({"pooling_mode_cls_token": True}))
    assert transformer.pooling_of(tmp_path) == "cls"
    assert transformer.pooling_of(tmp_path / "other") == "mean"
    assert transformer.prefix_of(tmp_path, "intfloat/multilingual-e5-small") == "query: "
    assert transformer.prefix_of(tmp_path, "BAAI/bge-small-zh-v1.5") == ""


def test_vectors_are_computed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    class Counting:
        name = "counting"
        calls = 0

        def encode(self, sentences: object) -> encoder.Vectors:
            self.calls += 1
            return np.ones((2, 3), dtype=np.float32)

    model = Counting()
    assert np.array_equal(kept(model, ["一", "二"]), kept(model, ["一", "二"]))
    assert model.calls == 1
