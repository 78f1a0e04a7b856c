"""What somebody can be told by: its kinds, and where in a text it stands."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal, get_args

Kind = Literal[
    "phone", "id-card", "bank-card", "email", "account", "plate", "passport", "birth", "address", "name"
]  # in the order in which they win over each other
KINDS: tuple[Kind, ...] = get_args(Kind)
NUMBERS: tuple[Kind, ...] = KINDS[:-1]
"""All that is masked for everybody; names are masked for some."""


@dataclass(frozen=True, slots=True)
class Span:
    """From the first to behind the last character of what is personal."""

    kind: Kind
    start: int
    end: int


def settled(found: Iterable[Span]) -> tuple[Span, ...]:
    """The spans in order, none over another: of two that overlap both are covered, under the kind that wins."""
    out: list[Span] = []
    for span in sorted(found, key=lambda one: (one.start, -one.end)):
        if out and span.start < out[-1].end:
            before = out.pop()
            kind = min(before.kind, span.kind, key=KINDS.index)
            span = Span(kind, before.start, max(before.end, span.end))
        out.append(span)
    return tuple(out)


def free(spans: Iterable[Span], taken: Iterable[Span]) -> Iterator[Span]:
    """Those spans that touch none that is taken."""
    known = sorted(taken, key=lambda one: one.start)
    starts = [one.start for one in known]
    reaches = list(accumulate((one.end for one in known), max))
    for span in spans:
        before = bisect_left(starts, span.end)
        if not before or reaches[before - 1] <= span.start:
            yield span
