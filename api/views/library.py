"""Looking things up in a library: what holds the words somebody typed."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from assist.scripts.library import Library


def matching(library: Library, query: str) -> dict[str, Any]:
    """Stages, playbook entries and forbidden items that hold all words of `query`, the best entries first."""
    wanted = query.casefold().split()
    if not wanted:
        return {"stages": library.script, "entries": library.playbook, "forbidden": library.forbidden}
    stages = [
        replace(stage, points=tuple(point for point in stage.points if _holds(wanted, [point.title, *point.say])))
        for stage in library.script
    ]
    by_title = [entry for entry in library.playbook if _holds(wanted, [entry.title, *entry.heard_as])]
    by_answer = [
        entry
        for entry in library.playbook
        if entry not in by_title and _holds(wanted, [text for step in entry.respond for text in step.say])
    ]
    return {
        "stages": [stage for stage in stages if stage.points],
        "entries": by_title + by_answer,
        "forbidden": [item for item in library.forbidden if _holds(wanted, [item.title, *item.phrases])],
    }


def _holds(wanted: Iterable[str], texts: Iterable[str]) -> bool:
    whole = "\n".join(texts).casefold()
    return all(word in whole for word in wanted)
