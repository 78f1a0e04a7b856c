import dataclasses

import numpy as np

from assist.scripts.index import entries_of, key_of, learn
from tests.assist.analysis.lines import LIBRARY, encoder, index


def test_learning_twice_gives_the_same() -> None:
    again = learn(LIBRARY, encoder())
    assert np.array_equal(index().own.by_example, again.own.by_example)
    assert np.array_equal(index().own.by_run, again.own.by_run)
    assert index().key == again.key


def test_another_wording_gives_another_key() -> None:
    changed = dataclasses.replace(LIBRARY, company=("别家",))
    assert key_of(changed, encoder().name) != index().key


def test_built_in_kinds_fall_to_the_entries_of_the_campaign() -> None:
    entries = entries_of(LIBRARY)
    assert entries["busy"] == "busy"
    assert entries["no-interest"] == "not-needed"
    assert entries["too-far"] == "other"
    assert entries["none"] is None


def test_an_english_library_learns_english() -> None:
    english = dataclasses.replace(LIBRARY, language="en")
    assert "price" in learn(english, encoder()).general.refusals.classes
