import hashlib
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from models import weights
from models.weights import ModelDamaged, ModelMissing, Packaged, find_speech, joined

PARTS = (b"first half,", b"second half")


@pytest.fixture
def packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Packaged:
    """A model in two installed packages."""
    for number, content in enumerate(PARTS, 1):
        data = tmp_path / "site" / f"tiny_part{number}" / "data"
        data.mkdir(parents=True)
        (data.parent / "__init__.py").touch()
        (data / f"model.bin.part{number}").write_bytes(content)
    for name in ("config.json", "tokenizer.json"):
        (tmp_path / "site" / "tiny_part1" / "data" / name).write_text("{}")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site"), *sys.path])
    digest = hashlib.sha256(b"".join(PARTS)).hexdigest()
    return Packaged("tiny", ("tiny_part1", "tiny_part2"), ("config.json", "tokenizer.json"), digest)


def test_parts_are_joined_once_and_nothing_half_done_stays(packaged: Packaged, tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        folders = set(pool.map(lambda _: joined.__wrapped__(packaged, tmp_path / "cache"), range(4)))
    assert len(folders) == 1
    assert (folders.pop() / "model.bin").read_bytes() == b"".join(PARTS)
    assert not [path for path in (tmp_path / "cache").iterdir() if path.name.startswith(".")]


def test_damaged_parts_are_refused(packaged: Packaged, tmp_path: Path) -> None:
    wrong = Packaged(packaged.name, packaged.packages, packaged.small_files, "0" * 64)
    with pytest.raises(ModelDamaged):
        joined(wrong, tmp_path / "cache")
    assert not [path for path in (tmp_path / "cache").iterdir() if path.is_dir()]


def test_a_folder_with_a_model_is_taken_as_it_is(tmp_path: Path) -> None:
    for name in ("config.json", "model.bin", "tokenizer.json"):
        (tmp_path / name).touch()
    assert find_speech(str(tmp_path)) == tmp_path


def test_an_unknown_name_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing) as caught:
        find_speech(str(tmp_path / "nothing"))
    assert "Hugging Face cache" in caught.value.places


def test_the_base_model_is_installed() -> None:
    assert (find_speech("base") / "model.bin").stat().st_size > 100_000_000
    assert weights.find_vad().is_file()
    assert weights.find_voice().is_file()
