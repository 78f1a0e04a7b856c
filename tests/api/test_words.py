"""Every word of the format `assist-analysis/1` has a name for people."""

from typing import Any

import pytest

from api import words
from assist.analysis import report

SCHEMA = report.schema()
PARTS, DEFINED = SCHEMA["properties"], SCHEMA["$defs"]


def _items(part: str, field: str) -> list[str]:
    found: list[str] = PARTS[part]["items"]["properties"][field]["enum"]
    return found


@pytest.mark.parametrize(
    ("spoken", "names"),
    [
        (PARTS["outcome"]["properties"]["value"]["enum"], words.OUTCOME),
        (PARTS["coaching"]["properties"]["focus"]["enum"], words.FOCUS),
        (_items("flags", "severity"), words.SEVERITY),
        (_items("flags", "severity"), words.SEVERITY_GRADE),
        (DEFINED["turn"]["properties"]["speaker"]["enum"], words.SPEAKER),
        (DEFINED["point"]["properties"]["status"]["enum"], words.STATUS),
        (DEFINED["point"]["properties"]["status"]["enum"], words.STATUS_GRADE),
        (DEFINED["objection"]["properties"]["force"]["enum"], words.FORCE),
        (DEFINED["objection"]["properties"]["outcome"]["enum"], words.OBJECTION_OUTCOME),
        (DEFINED["objection"]["properties"]["outcome"]["enum"], words.OBJECTION_GRADE),
        (DEFINED["objection"]["properties"]["steps"]["items"]["enum"], words.STEP),
        (DEFINED["question"]["properties"]["kind"]["enum"], words.QUESTION),
    ],
)
def test_every_word_of_the_format_has_a_name(spoken: list[str], names: dict[str, Any]) -> None:
    assert set(spoken) <= set(names)
