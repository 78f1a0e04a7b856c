"""Which rows a page of a list shows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cut:
    """Page `number` of `pages`, counted from 1: `size` rows after the first `skip`."""

    number: int
    pages: int
    size: int

    @property
    def skip(self) -> int:
        return (self.number - 1) * self.size


def size_of(per_page: int, most: int) -> int:
    """How many rows a page has where so many were asked for."""
    return max(1, min(per_page, most))


def cut(total: int, page: int, size: int) -> Cut:
    """The page asked for, or the nearest there is; a list of nothing has one empty page."""
    pages = max(1, -(-total // size))
    return Cut(max(1, min(page, pages)), pages, size)
