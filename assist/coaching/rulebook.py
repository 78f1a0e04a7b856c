"""The rubric that a call is judged and queued by, read once."""

from datetime import datetime
from functools import lru_cache

from assist.analysis import rubric as rubrics
from assist.analysis.rubric import Rubric
from assist.store import Store
from assist.store import rubrics as versions


@lru_cache(maxsize=8)
def parsed(source: str | None) -> Rubric:
    """The rubric of a text; that which comes with Assist for None. Raises LibraryError."""
    return rubrics.default() if source is None else rubrics.load(source)


def at(store: Store, moment: datetime) -> Rubric:
    """The one in force for a call of that moment."""
    return parsed(versions.in_force(store, moment))
