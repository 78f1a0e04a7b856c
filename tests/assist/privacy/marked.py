"""Texts with personal data marked in them, as [kind:text], and how well what was found fits the marks."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assist.privacy import Span, find

_MARK = re.compile(r"\[([a-z-]+):([^\]]*)\]")
_WHO = re.compile(r"([AC]): ")
SLACK = 2
"""So many characters more than what is personal (a pause, a filler) still count as its span."""


@dataclass(frozen=True, slots=True)
class Marked:
    """Lines are turns; `agent`: the stretches that the agent says, empty where nobody is told apart."""

    text: str
    language: str
    spans: tuple[Span, ...]
    agent: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Fit:
    found: int
    missed: tuple[str, ...]
    extra: tuple[str, ...]

    @property
    def recall(self) -> float:
        return self.found / max(1, self.found + len(self.missed))

    @property
    def precision(self) -> float:
        return self.found / max(1, self.found + len(self.extra))

    def __str__(self) -> str:
        told = f"recall {self.recall:.3f}, precision {self.precision:.3f} of {self.found + len(self.missed)} spans"
        return "\n".join([told, *self.missed, *self.extra])


def parse(line: str) -> Marked:
    """One marked line; ` // ` parts turns, `A: ` and `C: ` say who speaks."""
    texts: list[str] = []
    spans: list[Span] = []
    agent: list[tuple[int, int]] = []
    at = 0
    for turn in line.split(" // "):
        who = _WHO.match(turn)
        text, here = _plain(turn[who.end() :] if who else turn, at)
        if who and who[1] == "A":
            agent.append((at, at + len(text)))
        texts.append(text)
        spans += here
        at += len(text) + 1
    joined = "\n".join(texts)
    return Marked(joined, "zh" if re.search("[一-鿿]", joined) else "en", tuple(spans), tuple(agent))


def read(path: Path) -> list[Marked]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [parse(line) for line in lines if line and not line.startswith("#")]


def fit(sentences: Iterable[Marked]) -> Fit:
    """Each marked span counts once: found where a span of its kind covers it whole and goes hardly beyond."""
    found, missed, extra = 0, [], []
    for one in sentences:
        left = list(find(one.text, one.language, one.agent))
        for span in one.spans:
            hit = next((each for each in left if _covers(each, span)), None)
            if hit is None:
                missed.append(_told("missed", one, span))
            else:
                left.remove(hit)
                found += 1
        extra += [_told("extra", one, span) for span in left]
    return Fit(found, tuple(missed), tuple(extra))


def _covers(found: Span, wanted: Span) -> bool:
    more = (wanted.start - found.start) + (found.end - wanted.end)
    return found.kind == wanted.kind and found.start <= wanted.start and found.end >= wanted.end and more <= SLACK


def _told(what: str, one: Marked, span: Span) -> str:
    return f"{what} {span.kind} {one.text[span.start : span.end]!r} in {one.text!r}"


def _plain(turn: str, at: int) -> tuple[str, list[Span]]:
    spans: list[Span] = []
    text, place = "", 0
    for mark in _MARK.finditer(turn):
        text += turn[place : mark.start()]
        spans.append(Span(mark[1], at + len(text), at + len(text) + len(mark[2])))  # type: ignore[arg-type]
        text, place = text + mark[2], mark.end()
    return text + turn[place:], spans


def lines(sentences: Iterable[str]) -> Iterator[Marked]:
    yield from (parse(sentence) for sentence in sentences)
