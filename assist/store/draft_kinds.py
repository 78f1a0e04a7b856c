"""What a draft can be of: how its text is read and checked, and where its versions are."""

from functools import lru_cache
from typing import Protocol

from assist.analysis import rubric as rubric_format
from assist.errors import LibraryError
from assist.scripts.formats import yaml_format, yamldoc
from assist.scripts.library import Library
from assist.store import Store, libraries, rubrics
from assist.texts import N_


class OtherCampaign(LibraryError):
    message = N_(
        "This text is of the campaign %(other)s, the draft of %(campaign)s. A draft stays with its campaign: "
        "make a new draft for the other one."
    )


class Kind(Protocol):
    def read(self, source: str | bytes | Library, about: str | None = None) -> tuple[str, str]:
        """(text, what it is about). Raises LibraryError for what is no draft, or not one of `about`."""
        ...

    def check(self, text: str) -> None:
        """Raises LibraryError for what cannot be published yet."""
        ...

    def newest(self, store: Store, about: str) -> int | None:
        """The id of the newest version that was not withdrawn."""
        ...

    def source(self, store: Store, version: int) -> str: ...


class LibraryKind:
    """Versions by their ids in `assist.store.libraries`. A draft may have empty lists and titles."""

    def read(self, source: str | bytes | Library, about: str | None = None) -> tuple[str, str]:
        text = yaml_format.dumps(source) if isinstance(source, Library) else yamldoc.decoded(source, "library.yaml")
        found = f"library:{self.parsed(text).campaign}"
        if about not in (None, found):
            raise OtherCampaign(other=found.partition(":")[2], campaign=str(about).partition(":")[2])
        return text, found

    def parsed(self, text: str) -> Library:
        return _parsed(text)

    def check(self, text: str) -> None:
        yaml_format.loads(text)

    def newest(self, store: Store, about: str) -> int | None:
        known = libraries.versions(store, about.partition(":")[2])
        return next((version.id for version in known if not version.withdrawn_at), None)

    def source(self, store: Store, version: int) -> str:
        return libraries.source(store, version)


class RubricKind:
    """Versions by their numbers in `assist.store.rubrics`. A rubric is always complete."""

    def read(self, source: str | bytes | Library, about: str | None = None) -> tuple[str, str]:
        if isinstance(source, Library):
            raise TypeError("a rubric is given as text")
        text = yamldoc.decoded(source, "rubric.yaml")
        self.check(text)
        return text, "rubric"

    def check(self, text: str) -> None:
        rubric_format.load(text)

    def newest(self, store: Store, about: str) -> int | None:
        return rubrics.newest(store)

    def source(self, store: Store, version: int) -> str:
        return rubrics.source(store, version)


LIBRARY = LibraryKind()
RUBRIC = RubricKind()
KINDS: dict[str, Kind] = {"library": LIBRARY, "rubric": RUBRIC}


def of(about: str) -> Kind:
    return KINDS[about.partition(":")[0]]


@lru_cache(maxsize=32)
def _parsed(text: str) -> Library:
    return yaml_format.loads(text, complete=False)
