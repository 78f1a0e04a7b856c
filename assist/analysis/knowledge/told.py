"""Invented calls of many trades, marked turn by turn: what the general heads learn from beside the lists of wordings.

`practice/CAMPAIGN/` holds a library and calls as `assist evaluate` takes them. No real call is among them.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from assist.analysis.knowledge import tag

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Said:
    """One turn of an invented call. `deals` says that an agent's turn takes up an objection; `broken` names what it
    says that is forbidden there, as `CAMPAIGN/ID`."""

    campaign: str
    who: str
    text: str
    objection: str | None
    deals: bool
    steps: tuple[str, ...]
    broken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Practice:
    """`turns` of all calls, and the forbidden wordings of their libraries as (`CAMPAIGN/ID`, wording)."""

    turns: tuple[Said, ...]
    forbidden: tuple[tuple[str, str], ...]


@cache
def practice(language: str, without: frozenset[str] = frozenset()) -> Practice:
    """Everything for one language; `without` leaves campaigns out, to measure what the others teach."""
    turns: list[Said] = []
    forbidden: list[tuple[str, str]] = []
    for folder in _campaigns():
        library = _read(folder.joinpath("library.yaml"))
        name = library["campaign"]
        if name in without or library.get("language", "zh") != tag(language):
            continue
        forbidden += [(f"{name}/{f['id']}", way) for f in library.get("forbidden", ()) for way in f["phrases"]]
        for file in sorted(folder.joinpath("calls").iterdir(), key=lambda one: one.name):
            turns += [_said(name, turn) for turn in _read(file)["turns"]]
    return Practice(tuple(turns), tuple(forbidden))


def digest() -> str:
    """Hash of all the files, without reading what they say."""
    found = hashlib.sha256()
    for file in _files(files(__package__)):
        found.update(file.name.encode() + b"\0" + file.read_bytes())
    return found.hexdigest()


def _files(folder: Traversable) -> Iterator[Traversable]:
    for one in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if one.is_dir():
            yield from _files(one)
        elif one.name.endswith(".yaml"):
            yield one


def _campaigns() -> list[Traversable]:
    folders = [one for one in files(__package__).joinpath("practice").iterdir() if one.is_dir()]
    return sorted(folders, key=lambda one: one.name)


def _read(file: Traversable) -> dict[str, Any]:
    return dict(yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER))  # noqa: S506  (a safe loader, in C)


def _said(campaign: str, turn: dict[str, Any]) -> Said:
    return Said(
        campaign, turn["who"], turn["text"], turn.get("objection"), "answers" in turn,
        tuple(turn.get("steps", ())), tuple(f"{campaign}/{name}" for name in turn.get("forbidden", ())),
    )  # fmt: skip
