"""Any Hugging Face sentence encoder: tokenizer and settings by transformers; the network by onnxruntime where there is
an ONNX file, by `models.bert` where the weights are of that family, else by torch."""

import importlib.metadata
import importlib.util
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
from numpy.typing import NDArray

from models import bert
from models.weights import ModelMissing

Vectors = NDArray[np.float32]

_ONNX = (
    "onnx/model.onnx", "model.onnx", "onnx/model_quantized.onnx", "onnx/model_qint8_avx512.onnx",
    "model_quantized.onnx",
)  # fmt: skip
_LONGEST = 512


class TransformerEncoder:
    """`name` as in `models.encoder.load`; looked for on disk, in installed packages, in the hub cache, on the hub."""

    def __init__(self, name: str, device: str = "cpu") -> None:
        from transformers import AutoTokenizer

        model, _, query = name.partition("?")
        self._folder = find(model)
        options = dict(parse_qsl(query, keep_blank_values=True))
        self.pooling = options.get("pooling") or pooling_of(self._folder)
        self.prefix = options.get("prefix", prefix_of(self._folder, model))
        self.name = f"{model}?pooling={self.pooling}&prefix={self.prefix}"
        self._tokenizer: Any = AutoTokenizer.from_pretrained(str(self._folder))
        self._longest = longest_of(self._folder)
        self._run = _network(self._folder, device)

    def encode(self, sentences: Sequence[str]) -> Vectors:
        """Shape (len(sentences), d). One sentence at a time: padding would make a row depend on its neighbours."""
        rows = {sentence: self._row(sentence) for sentence in dict.fromkeys(sentences)}
        return np.stack([rows[s] for s in sentences]) if sentences else np.empty((0, 1), np.float32)

    def _row(self, sentence: str) -> NDArray[np.float32]:
        fed = self._tokenizer(self.prefix + sentence, truncation=True, max_length=self._longest, return_tensors="np")
        states = self._run({key: np.asarray(value, dtype=np.int64) for key, value in fed.items()})
        row = states[0] if self.pooling == "cls" else states.mean(axis=0)
        return np.asarray(row / max(float(np.linalg.norm(row)), 1e-12), dtype=np.float32)


def find(name: str) -> Path:
    """The folder of a model: a path, an installed package that carries one, a snapshot in the hub cache, else fetched.

    Raises ModelMissing.
    """
    folder = Path(name).expanduser()
    if (folder / "config.json").is_file():
        return folder
    if (carried := _carried(name)) is not None:
        return carried
    if name.count("/") != 1 or folder.is_absolute():
        raise ModelMissing(name, (str(folder), "installed packages"))
    return _snapshot(name)


def _carried(package: str) -> Path | None:
    """The folder with tokenizer and configuration among the files of an installed package, by the package's name."""
    try:
        files = importlib.metadata.files(package) or []
    except (importlib.metadata.PackageNotFoundError, ValueError):
        return None
    folders = (Path(str(file.locate())).parent for file in files if file.name == "tokenizer_config.json")
    return next((folder for folder in folders if (folder / "config.json").is_file()), None)


def _snapshot(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    wanted = ["*.json", "*.txt", "*.model", "*.onnx", "*.safetensors"]
    for local in (True, False):
        try:
            return Path(snapshot_download(name, local_files_only=local, allow_patterns=wanted))
        except (LocalEntryNotFoundError, HFValidationError, HfHubHTTPError, OSError):
            continue
    raise ModelMissing(name, ("Hugging Face cache", "Hugging Face hub"))


def pooling_of(folder: Path) -> str:
    """`cls` or `mean`, from the sentence-transformers settings beside the model; mean where there are none."""
    settings = _json(folder / "1_Pooling" / "config.json")
    return "cls" if settings.get("pooling_mode_cls_token") else "mean"


def prefix_of(folder: Path, name: str) -> str:
    """What is put before each sentence: the model's default prompt; `query: ` for E5, trained with it."""
    settings = _json(folder / "config_sentence_transformers.json")
    default = settings.get("default_prompt_name")
    if default:
        return str(settings.get("prompts", {}).get(default, ""))
    return "query: " if "e5" in Path(name).name.lower().replace("_", "-").split("-") else ""


def longest_of(folder: Path) -> int:
    """Tokens read of a sentence, from the sentence-transformers settings; 512 where they say nothing."""
    return int(_json(folder / "sentence_bert_config.json").get("max_seq_length") or _LONGEST)


def _json(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _network(folder: Path, device: str) -> Any:
    """What turns token ids into states. `device` is cpu, cuda, or auto: cuda where there is one."""
    onnx = next((folder / name for name in _ONNX if (folder / name).is_file()), None)
    if onnx is not None:
        return _onnx(onnx, device)
    device = _torch_device(device)
    if device != "cuda" and bert.readable(folder):
        return bert.Bert(folder)
    if not device:
        raise ModelMissing(str(folder), ("an ONNX file in the model's folder", "torch, to run its own weights"))
    return _torch(folder, device)


def _torch_device(wish: str) -> str:
    """The device that torch runs on: cpu or cuda; empty where there is no torch."""
    if importlib.util.find_spec("torch") is None:
        return ""
    import torch

    return "cuda" if wish == "cuda" or (wish == "auto" and torch.cuda.is_available()) else "cpu"


def _onnx(path: Path, device: str) -> Any:
    import onnxruntime

    settings = onnxruntime.SessionOptions()
    settings.log_severity_level = 3
    providers = providers_for(device, onnxruntime.get_available_providers())
    session = onnxruntime.InferenceSession(str(path), settings, providers=providers)
    names = {given.name for given in session.get_inputs()}

    def run(fed: dict[str, NDArray[np.int64]]) -> NDArray[np.float32]:
        if "token_type_ids" in names and "token_type_ids" not in fed:
            fed["token_type_ids"] = np.zeros_like(fed["input_ids"])
        return np.asarray(session.run(None, {key: fed[key] for key in names})[0][0], dtype=np.float32)

    return run


def providers_for(device: str, available: Sequence[str]) -> list[str]:
    """What onnxruntime is to run on, best first: the GPU where it is wished for (cuda, auto) and this build has it."""
    wished = ["CUDAExecutionProvider"] if device in ("cuda", "auto") else []
    return [*(name for name in wished if name in available), "CPUExecutionProvider"]


def _torch(folder: Path, device: str) -> Any:
    import torch
    from transformers import AutoModel

    model = AutoModel.from_pretrained(str(folder)).to(device).eval()

    def run(fed: dict[str, NDArray[np.int64]]) -> NDArray[np.float32]:
        with torch.inference_mode():
            out = model(**{key: torch.from_numpy(value).to(device) for key, value in fed.items()})
        return np.asarray(out.last_hidden_state[0].float().cpu().numpy(), dtype=np.float32)

    return run
