"""A watched folder: nothing is taken while it is written, nothing twice, and everything finds its place."""

import os
import time

import pytest

from assist.bulk.sources import Folder
from assist.bulk.taking import Intake
from assist.bulk.watching import APART, Steady, Watch
from tests.fakes import recording

NAME = "20261101_0930_chen_1.wav"


class Clock:
    """Steady and wall clock in one; `pass_` lets time go by."""

    def __init__(self):
        self.seconds = 0.0

    def pass_(self, seconds):
        self.seconds += seconds

    def steady(self):
        return self.seconds

    def wall(self):
        return time.time() + self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def watch(store, lead, inbox, clock):
    def begin(then="move"):
        source = Folder(inbox, store.settings.data, APART if then == "move" else frozenset())
        intake = Intake(store, lead, source, lambda store, call: None)
        watched = Watch(source, intake, Steady(10, clock.steady, clock.wall), then)
        return lambda: [(one.file, one.fate) for one in watched.round()]

    return begin


def drop(inbox, name=NAME, text="agent: 1"):
    path = inbox / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(recording(text))
    return path


def left(inbox):
    return sorted(path.relative_to(inbox).as_posix() for path in inbox.rglob("*") if path.is_file())


def test_a_file_is_taken_once_nobody_writes_to_it_any_more(inbox, watch, clock):
    look = watch()
    drop(inbox)
    assert look() == []
    clock.pass_(9)
    with (inbox / NAME).open("ab") as file:
        file.write(b"\nagent: 2")
    clock.pass_(2)
    os.utime(inbox / NAME, (clock.wall(), clock.wall()))
    assert look() == []
    clock.pass_(11)
    assert look() == [(NAME, "new")]
    assert left(inbox) == [f"done/{NAME}"]


def test_names_of_unfinished_files_wait_for_their_rename(inbox, watch, clock):
    look = watch()
    path = drop(inbox, NAME + ".part")
    clock.pass_(60)
    assert look() == []
    path.rename(inbox / NAME)
    assert look() == [(NAME, "new")]


def test_what_is_refused_is_set_aside_below_its_folder(inbox, watch, clock):
    look = watch()
    drop(inbox, "monday/a.wav").write_bytes(b"")
    clock.pass_(60)
    assert look() == [("monday/a.wav", "refused")]
    assert left(inbox) == ["refused/monday/a.wav"]
    assert look() == []


def test_two_files_of_one_name_both_keep_their_place(inbox, watch, clock):
    look = watch()
    for text in ("agent: 1", "agent: 2"):
        drop(inbox, text=text)
        clock.pass_(60)
        assert look() == [(NAME, "new")]
    assert left(inbox) == ["done/20261101_0930_chen_1-2.wav", f"done/{NAME}"]


def test_a_file_taken_before_a_restart_is_moved_and_no_second_call(store, lead, inbox, watch, clock):
    drop(inbox)
    source = Folder(inbox, store.settings.data)
    intake = Intake(store, lead, source, lambda store, call: None)
    list(intake.offer(source.find(NAME)))
    intake.flush()  # and here the program was killed
    clock.pass_(60)
    assert watch()() == [(NAME, "known")]
    assert left(inbox) == [f"done/{NAME}"]
    assert store.value("SELECT count(*) FROM calls") == 1


def test_files_may_stay_where_they_are(store, inbox, watch, clock):
    look = watch("leave")
    drop(inbox)
    drop(inbox, "bad.wav").write_bytes(b"")
    clock.pass_(60)
    assert sorted(look()) == [(NAME, "new"), ("bad.wav", "refused")]
    assert look() == []
    assert left(inbox) == [NAME, "bad.wav"]
    assert watch("leave")() == [("bad.wav", "refused")]
