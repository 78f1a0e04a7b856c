"""What the checks found, in the reader's language."""

from collections.abc import Iterable

from assist.scripts.checks import Problem


def told(problems: Iterable[Problem], language: str) -> list[dict[str, str]]:
    return [{"key": one.key, "text": one.text(language), "weight": one.weight} for one in problems]
