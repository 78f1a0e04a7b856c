"""The forking process, once for all tests of a file."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.chaos.nursery import Nursery


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    with Nursery() as opened:
        yield opened


@pytest.fixture(scope="session")
def house(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with people and a library."""
    folder = tmp_path_factory.mktemp("house") / "data"
    nursery.live("tests.chaos.deeds:house", folder=str(folder))
    return folder


@pytest.fixture
def place(tmp_path: Path) -> Callable[[], str]:
    """Paths where nothing is yet."""
    numbers = iter(range(1_000_000))
    return lambda: str(tmp_path / f"place-{next(numbers)}")
