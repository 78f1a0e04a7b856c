"""Reading the fields of a YAML file that people write, with the line in every complaint.

A `Field` is one value with its place. Its methods say what is expected there; what is not so is a `LibraryError`
that names file and line and says what to write instead.
"""

import difflib
import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TypeVar

from assist.errors import LibraryError
from assist.texts import N_

Choice = TypeVar("Choice", bound=str)


class UnknownKey(LibraryError):
    message = N_('%(file)s, line %(line)s: unknown key "%(key)s". Known here: %(known)s. Rename or remove it.')


class MistypedKey(LibraryError):
    message = N_('%(file)s, line %(line)s: unknown key "%(key)s". Did you mean "%(near)s"?')


class MissingKey(LibraryError):
    message = N_('%(file)s, line %(line)s: "%(key)s" is missing here. Add it.')


class EmptyText(LibraryError):
    message = N_('%(file)s, line %(line)s: "%(key)s" has an empty text. Write something or remove the entry.')


class EmptyList(LibraryError):
    message = N_('%(file)s, line %(line)s: "%(key)s" is empty. Add at least one entry.')


class NotAText(LibraryError):
    message = N_('%(file)s, line %(line)s: "%(key)s" must be one text. If the text holds ": ", put it in quotes.')


class NotAList(LibraryError):
    message = N_('%(file)s, line %(line)s: "%(key)s" must be a list. Start each entry on a new line with "- ".')


class NotAMapping(LibraryError):
    message = N_('%(file)s, line %(line)s: keys with values are expected here, such as "title: …".')


class FullWidthColon(LibraryError):
    message = N_(
        '%(file)s, line %(line)s: the colon in "%(text)s" is full-width. Write a half-width ":" and a blank instead.'
    )


class FullWidthComma(LibraryError):
    message = N_(
        '%(file)s, line %(line)s: "%(text)s" looks like several entries. Separate them with half-width commas ", ".'
    )


class NotAWholeNumber(LibraryError):
    message = N_('%(file)s, line %(line)s: "%(key)s" must be a whole number from %(low)s to %(high)s, not "%(text)s".')


class NotANumber(LibraryError):
    message = N_('%(file)s, line %(line)s: "%(key)s" must be a number from %(low)s to %(high)s, not "%(text)s".')


class NotYesOrNo(LibraryError):
    message = N_('%(file)s, line %(line)s: "%(key)s" must be true or false, not "%(text)s".')


class NotAChoice(LibraryError):
    message = N_('%(file)s, line %(line)s: "%(key)s" cannot be "%(text)s". Choose one of: %(choices)s.')


class BadIdentifier(LibraryError):
    message = N_(
        '%(file)s, line %(line)s: "%(text)s" cannot be an identifier. '
        "Use letters, digits and hyphens, for example confirm-identity."
    )


class DuplicateIdentifier(LibraryError):
    message = N_(
        '%(file)s, line %(line)s: the identifier "%(text)s" is already used in line %(first)s. '
        "Give one of them another."
    )


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a YAML file: `value` is a dict of fields, a list of fields, or a plain scalar.

    `text` is a scalar as it was written, so that `no` stays the customer's "no" where a text is expected. Where a file
    need not be `complete` (a draft), texts and lists may be empty.
    """

    file: str
    line: int
    key: str
    value: Any
    text: str = ""
    complete: bool = True

    def fault(self, kind: type[LibraryError], **facts: object) -> LibraryError:
        """The error `kind` at this place, to be raised."""
        return kind(**{"file": self.file, "line": self.line, "key": self.key, "text": _short(self.text), **facts})

    def mapping(self, required: Collection[str], optional: Collection[str] = ()) -> dict[str, "Field"]:
        """The fields by key; no key may be missing from `required` or be outside of both."""
        if not isinstance(self.value, dict):
            raise self.fault(FullWidthColon if "：" in self.text else NotAMapping)
        known = [*required, *optional]
        for key, field in self.value.items():
            if key not in known:
                raise field.unknown(known)
        for key in required:
            if key not in self.value:
                raise self.fault(MissingKey, key=key)
        return dict(self.value)

    def unknown(self, known: Collection[str]) -> LibraryError:
        """The error for this field's key, with the nearest known key where one is near."""
        near = difflib.get_close_matches(self.key.lower(), known, n=1, cutoff=0.6)
        if near:
            return self.fault(MistypedKey, near=near[0])
        return self.fault(UnknownKey, known=", ".join(known))

    def fields(self, at_least: int = 0) -> tuple["Field", ...]:
        """The entries of a list."""
        if not isinstance(self.value, list):
            raise self.fault(NotAList)
        if self.complete and len(self.value) < at_least:
            raise self.fault(EmptyList)
        return tuple(self.value)

    def string(self) -> str:
        """A text that is not empty, exactly as written."""
        if isinstance(self.value, dict | list):
            raise self.fault(NotAText)
        if not self.complete and (self.value is None or not self.text.strip()):
            return ""
        if self.value is None or not self.text.strip():
            raise self.fault(EmptyText)
        return self.text

    def strings(self, at_least: int = 0) -> tuple[str, ...]:
        """A list of texts, none empty."""
        return tuple(field.string() for field in self.fields(at_least))

    def names(self) -> tuple[str, ...]:
        """A list of names or terms: texts without commas or blanks around them, so that a full-width comma is no part
        of a name."""
        for field in self.fields():
            if any(mark in field.string() for mark in "，、；"):
                raise field.fault(FullWidthComma)
        return tuple(name.strip() for name in self.strings())

    def identifier(self) -> str:
        """A text fit for addresses and file names: no blanks, no slashes, at most 80 characters."""
        text = self.string()
        fit = all(char.isalnum() or char in "-_." for char in text) and not text.startswith(".")
        if not fit or not 0 < len(text) <= 80:
            raise self.fault(BadIdentifier)
        return text

    def choice(self, choices: Collection[Choice]) -> Choice:
        """One of `choices`."""
        text = self.string()
        for choice in choices:
            if choice == text:
                return choice
        raise self.fault(NotAChoice, choices=", ".join(choices))

    def whole(self, low: int, high: int) -> int:
        """A whole number in `low`…`high`."""
        if type(self.value) is not int or not low <= self.value <= high:
            raise self.fault(NotAWholeNumber, low=low, high=high)
        return self.value

    def number(self, low: float, high: float) -> float:
        """A number in `low`…`high`."""
        if type(self.value) not in (int, float) or not math.isfinite(self.value) or not low <= self.value <= high:
            raise self.fault(NotANumber, low=low, high=high)
        return float(self.value)

    def flag(self) -> bool:
        """true or false."""
        if not isinstance(self.value, bool):
            raise self.fault(NotYesOrNo)
        return self.value


def unique(fields: Collection[Field]) -> None:
    """Raise DuplicateIdentifier where two of `fields` hold the same text."""
    seen: dict[str, int] = {}
    for field in fields:
        if field.text in seen:
            raise field.fault(DuplicateIdentifier, first=seen[field.text])
        seen[field.text] = field.line


def _short(text: str, most: int = 40) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
