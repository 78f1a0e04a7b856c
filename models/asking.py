"""Whether a text asks, and how: open (什么, 怎么, 多少) or closed (吗, 是不是, A还是B), marked or not.

The kinds follow what a listener marks: what wants a free answer is open, also when a yes/no follows; a choice, a
request for consent and a yes/no question are closed; rhetorical questions and tags ask nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from models import asking_en, asking_heard, asking_zh
from models.language import Clause, known, read

Kind = Literal["open", "closed"]

_QUESTION_MARK = re.compile("[?？]")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question inside a text: its kind, and its clause's character offsets."""

    kind: Kind
    start: int
    end: int
    text: str


@lru_cache(maxsize=16384)
def questions(text: str, language: str = "zh", surely: bool = True) -> tuple[Asked, ...]:
    """The questions that a text really asks, clause by clause. `surely`: its marks are written, not recognised."""
    clauses = read(text, language).clauses
    kinds = _kinds(text, clauses, known(language), surely)
    return tuple(Asked(kind, c.start, c.end, c.text) for c, kind in zip(clauses, kinds, strict=True) if kind)


def _kinds(text: str, clauses: Sequence[Clause], language: str, surely: bool) -> Sequence[Kind | None]:
    if language == "en":
        return asking_en.kinds(clauses)
    if surely:
        return asking_zh.kinds(clauses)
    unmarked = read(_QUESTION_MARK.sub("。", text), language).clauses
    return asking_heard.kinds(unmarked, [clause.mark == "?" and clause.final for clause in clauses])


def most_open(asked: Sequence[Asked]) -> Kind | None:
    """The kind of a turn with several questions: the most open one."""
    kinds = {question.kind for question in asked}
    return "open" if "open" in kinds else "closed" if kinds else None
