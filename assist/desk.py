"""What the web process needs of the models: answers to what customers say, the engine for trying drafts, and what a
draft cannot tell apart.

Models are loaded when first needed and kept.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol, cast

from assist.analysis import rehearsal
from assist.engine import STANDARD, Engine, factory
from assist.errors import NotFound
from assist.people import access
from assist.people.users import User
from assist.ports import Encoder
from assist.scripts import desk, overlap
from assist.scripts.desk import Suggested
from assist.scripts.index import Index
from assist.scripts.library import Library
from assist.scripts.overlap import Notice
from assist.store import Store, libraries
from assist.store.libraries import LibraryVersion

_LOOKED = 8
"""Drafts whose overlaps are remembered. One that is not looked at yet and falls out is not looked at any more."""


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
        self._looking = ThreadPoolExecutor(1, "overlaps")
        self._looked: OrderedDict[Library, Future[tuple[Notice, ...]]] = OrderedDict()

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

    def overlaps(self, library: Library) -> tuple[Notice, ...] | None:
        """What the machine will confuse in a draft; None while it is being looked for, in the background. Only wordings
        that nobody wrote before are encoded. Raises SetupError."""
        with self._lock:
            found = self._looked.get(library)
            if found is None:
                found = self._looked[library] = self._looking.submit(self._overlaps, library)
            self._looked.move_to_end(library)
            while len(self._looked) > _LOOKED:
                self._looked.popitem(last=False)[1].cancel()
        return found.result() if found.done() else None

    def _overlaps(self, library: Library) -> tuple[Notice, ...]:
        return overlap.overlaps(library, self.engine().encoder)

    def _learned(self, engine: Reading, version: LibraryVersion) -> Index:
        library = libraries.library(self._store, version.id)
        with self._lock:
            learned = engine.index(library)
            self._known.add(version.id)
            return learned
