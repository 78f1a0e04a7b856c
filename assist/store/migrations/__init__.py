"""The tables, as numbered steps, a module `…_steps` for each part of the house, found by its name. A step that has been
released is never edited: add another.

Times are ISO 8601 in UTC with milliseconds (they sort as text), bodies are gzipped JSON, booleans 0 and 1.
"""

from importlib import import_module
from pkgutil import iter_modules

from assist.store.migrations.steps import MIGRATIONS

_PARTS = tuple(import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__) if "_steps" in found.name)
STEPS = frozenset(name for part in _PARTS for name in vars(part) if name[:1] == "m" and name[1:4].isdigit())
"""Names of all steps this version of Assist knows."""

__all__ = ["MIGRATIONS", "STEPS"]
