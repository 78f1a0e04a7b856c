"""Which rows a page of a list shows."""

import pytest

from assist.store.paging import Cut, cut, size_of


@pytest.mark.parametrize(("total", "pages"), [(0, 1), (1, 1), (20, 1), (21, 2), (40, 2)])
def test_the_last_page_holds_the_rest(total: int, pages: int) -> None:
    assert cut(total, 1, 20).pages == pages


@pytest.mark.parametrize(("asked", "shown"), [(-3, 1), (0, 1), (2, 2), (9, 3)])
def test_a_page_that_is_not_there_is_the_nearest_one(asked: int, shown: int) -> None:
    assert cut(50, asked, 20) == Cut(shown, 3, 20)


def test_pages_follow_one_another_without_a_gap() -> None:
    assert [cut(50, number, 20).skip for number in (1, 2, 3)] == [0, 20, 40]


@pytest.mark.parametrize(("asked", "size"), [(0, 1), (7, 7), (1000, 200)])
def test_nobody_gets_more_rows_than_there_may_be(asked: int, size: int) -> None:
    assert size_of(asked, 200) == size
