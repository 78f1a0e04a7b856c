"""File names tell agent, time and customer by a pattern."""

from datetime import datetime

import pytest

from assist.calls import filenames
from assist.calls.filenames import BadPattern, Guess
from assist.config import Settings


def guess(name, **settings):
    return filenames.read(Settings(_env_file=None, **settings), name)


@pytest.mark.parametrize(
    ("name", "time", "agent", "customer"),
    [
        ("20261101_093015_chen_13800.wav", "09:30:15", "chen", "13800"),
        ("20261101-0930-陈晓.mp3", "09:30:00", "陈晓", None),
        ("20261101_chen.wav", "00:00:00", "chen", None),
    ],
)
def test_the_usual_names_are_read(name, time, agent, customer):
    found = guess(name)
    assert found.called_at.isoformat() == f"2026-11-01T{time}+08:00"
    assert (found.agent, found.customer) == (agent, customer)


@pytest.mark.parametrize("name", ["call.wav", "录音 (3).wav", "", "2026.wav"])
def test_other_names_tell_nothing(name):
    assert guess(name) == Guess()


def test_digits_that_are_no_date_are_no_time():
    assert guess("13800138_0000_chen.wav").called_at is None


def test_a_team_brings_its_own_pattern():
    found = guess("broadband~chen.wav", filename_pattern=r"(?P<campaign>[a-z]+)~(?P<agent>\w+)")
    assert (found.campaign, found.agent) == ("broadband", "chen")


@pytest.mark.parametrize("pattern", ["(", "(?P<who>.*)"])
def test_a_pattern_that_cannot_be_used_is_named(pattern):
    with pytest.raises(BadPattern):
        guess("a.wav", filename_pattern=pattern)


def test_times_are_in_the_zone_of_the_settings():
    at = guess("20261101_0930_chen.wav", timezone="Europe/Berlin").called_at
    assert at == datetime.fromisoformat("2026-11-01T09:30:00+01:00")
