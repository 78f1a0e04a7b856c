"""What the web process needs of the models: answers to what customers say, and the engine for trying drafts.

Models are loaded when first needed and kept.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from assist.analysis import rehearsal
from assist.engine import STANDARD, Engine, factory
from assist.errors import NotFound
from assist.people import access
from assist.people.users import User
from assist.ports import Encoder
from assist.scripts import desk
from assist.scripts.desk import Suggested
from assist.scripts.index import Index
from assist.scripts.library import Library
from assist.store import Store, libraries
from assist.store.libraries import LibraryVersion


class Reading(Engine, Protocol):
    """An engine that gives out what it learned."""

    @property
    def encoder(self) -> Encoder: ...

    def index(self, library: Library) -> Index: ...


@dataclass(frozen=True, slots=True)
class Advice:
    """What to say, from the version in force."""

    version: LibraryVersion
    suggested: tuple[Suggested, ...]


class Desk:
    """One for a process; safe to share between threads."""

    def __init__(self, store: Store, make: Callable[[], Reading] | None = None) -> None:
        self._store = store
        self._make = make or (lambda: cast(Reading, factory(STANDARD)(store.settings, store)))
        self._engine: Reading | None = None
        self._known: set[int] = set()
        self._lock = threading.Lock()

    def engine(self) -> Reading:
        """Raises SetupError where a model is missing."""
        with self._lock:
            if self._engine is None:
                self._engine = self._make()
            return self._engine

    def ask(self, user: User, campaign: str, sentence: str, most: int = 3) -> Advice:
        """What to say to a customer's sentence, by the version in force. The first question after a new version takes
        seconds: `warm` before. Raises AccessDenied, NotFound, SetupError."""
        access.require(user, "library.read")
        version = libraries.in_force_for(self._store, user, campaign)
        if version is None:
            raise NotFound
        engine = self.engine()
        learned = self._learned(engine, version)
        return Advice(version, desk.ask(learned, engine.encoder, sentence, most))

    def rehearse(
        self,
        user: User,
        campaign: str,
        answer: str,
        sentence: str = "",
        objection: str = "",
        wanted: Sequence[str] = (),
    ) -> rehearsal.Reading:
        """An answer that somebody practises, read by the version in force (`rehearsal.read`). Raises AccessDenied,
        NotFound, SetupError."""
        access.require(user, "library.read")
        version = libraries.in_force_for(self._store, user, campaign)
        if version is None:
            raise NotFound
        engine = self.engine()
        learned = self._learned(engine, version)
        return rehearsal.read(learned, engine.encoder, answer, sentence, objection, wanted)

    def ready(self, campaign: str) -> bool:
        """Whether the version in force was learned already, so that a question is answered at once."""
        version = libraries.in_force(self._store, campaign)
        return version is not None and version.id in self._known

    def warm(self, campaign: str) -> None:
        """Learns the version in force in the background."""
        version = libraries.in_force(self._store, campaign)
        if version is not None:
            threading.Thread(target=lambda: self._learned(self.engine(), version), daemon=True).start()

    def _learned(self, engine: Reading, version: LibraryVersion) -> Index:
        library = libraries.library(self._store, version.id)
        with self._lock:
            learned = engine.index(library)
            self._known.add(version.id)
            return learned
