"""How fast this machine hears."""

import wave

import pytest

from assist import doctor, speed
from assist.speed import CLIP_SECONDS, TIMED_SECONDS, Speed
from assist.transcript import Transcript


class Stopwatch:
    """Hears nothing, writes down what it was given."""

    name = "stopwatch"

    def __init__(self):
        self.given = []

    def hear(self, recording, library, progress):
        with wave.open(str(recording)) as file:
            self.given.append((file.getnframes() / file.getframerate(), library.language))
        return Transcript(())


def test_the_clip_is_heard_once_to_load_and_once_for_the_clock(settings):
    hearing = Stopwatch()
    found = speed.measure(settings, hearing)
    assert hearing.given == [(CLIP_SECONDS, "zh"), (TIMED_SECONDS, "zh")]
    assert found.took > 0


def test_calls_per_hour_follow_from_the_time_taken():
    assert Speed(took=6.0, loading=0).times == 10
    assert Speed(took=6.0, loading=0).calls_per_hour == 200
    assert Speed(took=120.0, loading=0).calls_per_hour == 10


def test_the_doctor_says_what_will_hear(settings):
    told = [check.text("en") for check in doctor.examine(settings.model_copy(update={"device": "cpu", "threads": 3}))]
    assert "Recognition: model base on cpu, int8, 3 threads." in told


def test_a_model_that_is_not_there_is_not_timed(settings):
    checks = list(doctor.examine(settings.model_copy(update={"speech_model": "/no/model"}), speed=True))
    assert not any(check.template == doctor.SPEED for check in checks)


@pytest.mark.real
def test_the_real_models_are_timed(settings):
    (check,) = [one for one in doctor.examine(settings, speed=True) if one.template == doctor.SPEED]
    assert check.facts["calls"] > 0
