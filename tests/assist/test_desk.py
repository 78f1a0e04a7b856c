"""What a draft cannot tell apart is looked for beside the work."""

import threading
import time
from dataclasses import replace

import pytest

from assist.desk import Desk
from assist.scripts.formats import yaml_format
from tests import fakes
from tests.assist.scripts.libraries import with_point
from tests.conftest import LIBRARY

BASE = yaml_format.loads(LIBRARY)
TWICE = with_point(BASE, "ask-for-order", say=("方便吗", "方便吗"))


class Reader(fakes.FakeEngine):
    """Lets its encoder be asked only once `free` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.free = fakes.FakeEncoder(), threading.Event()
        encode = self.encoder.encode
        self.encoder.encode = lambda texts: self.free.wait(10) and encode(texts)


@pytest.fixture
def reader():
    return Reader()


@pytest.fixture
def desk(store, reader):
    return Desk(store, lambda: reader)


def found(desk, library):
    for _ in range(400):
        if (notices := desk.overlaps(library)) is not None:
            return notices
        time.sleep(0.025)
    raise AssertionError("not looked for")


def test_it_is_known_a_little_later_and_then_at_once(desk, reader):
    assert desk.overlaps(TWICE) is None
    reader.free.set()
    assert "twice" in {notice.kind for notice in found(desk, TWICE)}
    reader.free.clear()
    assert desk.overlaps(TWICE)


def test_of_many_changes_in_a_row_only_the_last_are_looked_at(desk, reader):
    some = [replace(BASE, title=str(number)) for number in range(20)]
    assert [desk.overlaps(one) for one in some] == [None] * 20
    reader.free.set()
    assert found(desk, some[-1]) is not None
    assert len(desk._looked) <= 8
