"""What turns a recording into an analysis: hearing and judging, behind one small port.

The worker takes a factory `module:function` (Settings, Store → Engine); STANDARD is the one of the product, built from
the models the settings name. Nothing of a model is imported before it is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from assist.config import Settings
from assist.errors import SetupError
from assist.store import Store
from assist.texts import N_

if TYPE_CHECKING:  # the supervisor of a worker starts without numpy
    from assist.ports import Hearing
    from assist.scripts.library import Library
    from assist.transcript import Transcript

STANDARD = "assist.standard:engine"


class NoSuchEngine(SetupError):
    message = N_("There is no engine %(name)s: %(reason)s. Give it as module:function.")


@dataclass(frozen=True, slots=True)
class Case:
    """What is judged beside the words. `version` names the library version; `rubric` is YAML, None for the default;
    `weeks` the week the agent was in with the team, None where it is not known or changes nothing;
    `transcript` the key under which the store has the words, empty where it has not."""

    sha256: str
    called_at: datetime
    version: str
    rubric: str | None = None
    weeks: int | None = None
    transcript: str = ""


class Engine(Protocol):
    """`hearing` makes transcripts; `judge` makes `assist-analysis/1` documents and is pure."""

    @property
    def hearing(self) -> Hearing: ...

    def peaks(self, recording: Path) -> list[list[float]]:
        """The waveform, one list of magnitudes (0–1) a channel. Raises RecordingError."""
        ...

    def judging(self, rubric: str | None) -> str:
        """Names everything a judgement depends on besides transcript, library and case: part of its key."""
        ...

    def judge(self, transcript: Transcript, library: Library, case: Case) -> dict[str, Any]: ...


class Ears(Protocol):
    """The part of an engine that needs no store."""

    @property
    def hearing(self) -> Hearing: ...

    def peaks(self, recording: Path) -> list[list[float]]: ...


Factory = Callable[[Settings, Store], Engine]
EarsFactory = Callable[[Settings], Ears]


def factory(name: str) -> Factory:
    """The factory called `module:function`. Raises NoSuchEngine."""
    return cast(Factory, _found(name))


def ears(name: str) -> EarsFactory:
    """What only hears of the engine called `module:function`: the function `ears` beside it. Raises NoSuchEngine."""
    return cast(EarsFactory, _found(f"{name.partition(':')[0]}:ears"))


def _found(name: str) -> Any:
    module, _, function = name.partition(":")
    try:
        return getattr(import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        raise NoSuchEngine(name=name, reason=error) from error
