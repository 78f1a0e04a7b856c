"""Small line charts: numbers in, coordinates of an SVG out. The template draws them and puts the table under them."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 640, 150, 26, 8, 20


@dataclass(frozen=True, slots=True)
class Series:
    """`lines` are unbroken stretches (a missing value breaks the line), `dots` all points, `last` the newest value."""

    key: str
    values: tuple[int | None, ...]
    lines: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]

    @property
    def last(self) -> int | None:
        return next((value for value in reversed(self.values) if value is not None), None)


def series(key: str, values: Sequence[int | None]) -> Series:
    """Scores (0–100) from old to new, evenly spaced."""
    places = [None if value is None else _place(index, value, len(values)) for index, value in enumerate(values)]
    lines: list[list[str]] = [[]]
    for place in places:
        if place is None:
            lines.append([])
        else:
            lines[-1].append(f"{place[0]:g},{place[1]:g}")
    stretches = tuple(" ".join(line) for line in lines if len(line) > 1)
    return Series(key, tuple(values), stretches, tuple(place for place in places if place))


def height_of(score: int) -> float:
    return round(TOP + (100 - score) / 100 * (HEIGHT - TOP - BOTTOM), 1)


def _place(index: int, value: int, count: int) -> tuple[float, float]:
    step = (WIDTH - LEFT - 8) / max(1, count - 1)
    return round(LEFT + index * step, 1), height_of(value)
