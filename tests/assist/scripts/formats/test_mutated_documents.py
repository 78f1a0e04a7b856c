"""Damaged and hostile documents, read in the server's own process: each is read or refused by name, soon, in little
memory."""

import json
import resource
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from types import FrameType

import pytest

from assist import transcript_file
from assist.analysis import rubric
from assist.calls import manifest
from assist.errors import AssistError
from assist.scripts.formats import exporting, importing, yaml_format
from tests.assist.scripts.formats.files import sheet, word
from tests.assist.scripts.libraries import TEXT
from tests.fuzz.mutations import mutated, mutated_archive, mutated_text

_COUNT, _SEED = 2000, 20261122
_LONGEST = 20
"""Seconds after which reading one document of a few kilobytes counts as hung."""
_MOST_MEGABYTES = 400
"""What all of them together may add to the memory of this process."""


_LAUGHS = b"a: &a [x, x, x, x, x, x, x, x, x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (letter, letter, b", ".join([b"*%c" % (letter - 1)] * 9)) for letter in b"bcdefghi"
)

Read = Callable[[bytes], object]
Damage = Callable[[bytes, Random], bytes]


@dataclass(frozen=True)
class Kind:
    whole: bytes
    read: Read
    damage: Damage


class Hung(BaseException):
    """No error that a reader could catch by mistake."""


def test_no_mutated_document_crashes_the_reader_or_hangs_it(record_property):
    kinds, random = _kinds(), Random(_SEED)
    ends: Counter[str] = Counter()
    before = _megabytes()
    for number in range(_COUNT):
        name = random.choice(sorted(kinds))
        ends[_read(kinds[name], random, f"{number} ({name})")] += 1
    grown = _megabytes() - before
    record_property(
        "figure",
        f"{_COUNT} mutated documents of {len(kinds)} kinds: {ends['read']} read, {ends['refused']} refused, 0 crashes, "
        f"0 hung, {grown} MB more memory",
    )
    assert sum(ends.values()) == _COUNT
    assert min(ends.values()) > _COUNT / 20
    assert grown < _MOST_MEGABYTES


@pytest.mark.parametrize("name", ["library.yaml", "rubric.yaml"])
@pytest.mark.parametrize(
    "bomb",
    [
        _LAUGHS,
        b"[" * 20_000,
        b"{a: " * 20_000,
        b"- " * 20_000,
        b"!!python/object/apply:os.system ['true']",
        b"a: !!int " + b"9" * 100_000,
        b"? " * 10_000,
        b"<<: " * 5_000 + b"{}",
    ],
    ids=["a billion laughs", "nested lists", "nested maps", "nested items", "code", "a long number", "keys", "merges"],
)
def test_a_yaml_bomb_is_refused(bomb, name):
    with _in_time(name), pytest.raises(AssistError):
        (yaml_format.loads if name == "library.yaml" else rubric.load)(bomb, name)


def _kinds() -> dict[str, Kind]:
    library = yaml_format.loads(TEXT)
    docx, xlsx, markdown = (exporting.write(library, form) for form in ("docx", "xlsx", "md"))
    table = "阶段,要点,话术\n开场白,确认身份,您好，请问是王先生吗？\n".encode("gbk")
    turns = [{"speaker": "agent", "start": 0, "end": 1.5, "text": "您好"}] * 5
    said = json.dumps({"turns": turns}, ensure_ascii=False).encode()
    told = b"file,agent,called_at,campaign\na.wav,chen,2026-11-20 14:31,broadband\n"
    rows = sheet({"话术": [["阶段", "话术"], ["开场白", "您好"]]})
    own = word(("Heading 1", "开场白"), ("", "您好"), [["客户说", "我们说"], ["太贵了", "理解您"]])
    return {
        "docx": Kind(docx, lambda content: importing.read(content, "话术.docx"), mutated_archive),
        "own.docx": Kind(own, lambda content: importing.read(content, "own.docx"), mutated_archive),
        "xlsx": Kind(xlsx, lambda content: importing.read(content, "话术.xlsx"), mutated_archive),
        "own.xlsx": Kind(rows, lambda content: importing.read(content, "own.xlsx"), mutated_archive),
        "md": Kind(markdown, lambda content: importing.read(content, "话术.md"), mutated_text),
        "txt": Kind(markdown, lambda content: importing.read(content, "话术.txt"), mutated),
        "csv": Kind(table, lambda content: importing.read(content, "话术.csv"), mutated_text),
        "yaml": Kind(TEXT.encode(), lambda content: yaml_format.loads(content, "a.yaml"), mutated_text),
        "rubric": Kind(rubric.DEFAULT_PATH.read_bytes(), lambda content: rubric.load(content, "r.yaml"), mutated_text),
        "transcript": Kind(said, lambda content: transcript_file.loads(content, "t.json", "zh"), mutated_text),
        "manifest": Kind(told, lambda content: manifest.loads(content, "m.csv"), mutated_text),
    }


def _read(kind: Kind, random: Random, which: str) -> str:
    content = kind.damage(kind.whole, random)
    try:
        with _in_time(which):
            kind.read(content)
    except AssistError as error:
        assert error.text("zh-CN"), which
        return "refused"
    except Exception as error:
        raise AssertionError(f"{which}: {error!r}") from error
    return "read"


@contextmanager
def _in_time(which: str) -> Iterator[None]:
    def ring(number: int, frame: FrameType | None) -> None:
        raise Hung(which)

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(_LONGEST)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
