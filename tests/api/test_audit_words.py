"""Everything the audit writes down has words for people."""

import re
from pathlib import Path

import pytest

import api
import assist
from api import audit_words

_RECORDED = re.compile(r'(?:audit\.record(?:_once)?|_again)\([^)]*?"(?P<action>[a-z]+(?:\.[a-z-]+)+)"', re.DOTALL)


def _recorded() -> list[str]:
    sources = [path for package in (api, assist) for path in Path(package.__file__).parent.rglob("*.py")]
    return sorted({match["action"] for path in sources for match in _RECORDED.finditer(path.read_text("utf-8"))})


@pytest.mark.parametrize("action", _recorded())
def test_an_action_has_words(action: str) -> None:
    assert audit_words.said(action) != action


def test_an_unknown_action_stays_as_it_is() -> None:
    assert audit_words.said("moon.landed") == "moon.landed"
