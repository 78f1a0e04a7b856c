"""A library as a file: YAML (the contract), Word, Excel, Markdown. What was exported can be imported without loss."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from assist.errors import RequestError
from assist.scripts.formats import own_words, yaml_format
from assist.scripts.library import Library
from assist.texts import N_


class NoSuchFormat(RequestError):
    message = N_("There is no export to “%(kind)s”. Choose one of: %(kinds)s.")


@dataclass(frozen=True, slots=True)
class Kind:
    suffix: str
    media_type: str


KINDS = {
    "yaml": Kind("yaml", "application/yaml"),
    "docx": Kind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": Kind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "md": Kind("md", "text/markdown; charset=utf-8"),
}
_MODULES = {"docx": "word_writing", "xlsx": "sheet_writing", "md": "markdown_writing"}


def write(library: Library, kind: str, language: str | None = None) -> bytes:
    """The file; its headings are in `language`, that of the library without one.

    Raises NoSuchFormat, and TooLongForExcel for a text that no cell holds.
    """
    if kind == "yaml":
        return yaml_format.dumps(library).encode()
    if kind not in _MODULES:
        raise NoSuchFormat(kind=kind, kinds=", ".join(KINDS))
    write_it: Callable[[Library, str], bytes] = import_module(f"{__package__}.{_MODULES[kind]}").write
    return write_it(library, language or own_words.language_for(library))
