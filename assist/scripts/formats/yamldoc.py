"""A YAML file that people write → one `Field` with the line of every value.

Only the plain part of YAML is taken: one document of texts, numbers, lists and keys. Anchors and aliases, own tags and
repeated keys are refused, and so are files too large or too deeply nested to be written by a person, before anything
is built from them.
"""

from typing import Any

import yaml
from yaml.events import AliasEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from assist.errors import LibraryError
from assist.scripts.formats.fields import Field, FullWidthColon
from assist.texts import N_

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 16

_TYPED = {f"tag:yaml.org,2002:{kind}" for kind in ("int", "float", "bool", "null")}


class FileTooBig(LibraryError):
    message = N_(
        "%(file)s is larger than %(most)s MB. A library, rubric or transcript is a small text file: choose another."
    )


class NotUtf8(LibraryError):
    message = N_("%(file)s, line %(line)s: the file is not UTF-8. Save it with the encoding UTF-8 and try again.")


class NotText(LibraryError):
    message = N_("%(file)s, line %(line)s: there is a character that no text file holds. Choose a YAML text file.")


class EmptyFile(LibraryError):
    message = N_("%(file)s is empty. Choose another file or fill it in.")


class Alias(LibraryError):
    message = N_(
        "%(file)s, line %(line)s: anchors (&) and aliases (*) are not allowed. Write the text out or put it in quotes."
    )


class OwnTag(LibraryError):
    message = N_("%(file)s, line %(line)s: tags (!) are not allowed. Remove it or put the text in quotes.")


class TooDeep(LibraryError):
    message = N_("%(file)s, line %(line)s: nested too deeply. Check the brackets and the indentation.")


class RepeatedKey(LibraryError):
    message = N_('%(file)s, line %(line)s: the key "%(key)s" is already in line %(first)s. Remove one or join them.')


class OddKey(LibraryError):
    message = N_("%(file)s, line %(line)s: a key must be a plain word. Check the colons and brackets.")


class SeveralDocuments(LibraryError):
    message = N_('%(file)s, line %(line)s: a second document starts with "---". Keep one document per file.')


class TabIndent(LibraryError):
    message = N_("%(file)s, line %(line)s: a tab stands where YAML wants blanks. Indent with blanks only.")


class StrayColon(LibraryError):
    message = N_(
        '%(file)s, line %(line)s: a ": " stands where YAML expects none. '
        "Put a text that holds it in quotes, or check the indentation of this line."
    )


class OddBeginning(LibraryError):
    message = N_("%(file)s, line %(line)s: a text cannot begin with this character. Put the text in quotes.")


class OpenQuote(LibraryError):
    message = N_("%(file)s, line %(line)s: a quotation mark or bracket is not closed. Close it.")


class BadYaml(LibraryError):
    message = N_(
        "%(file)s, line %(line)s: this is not valid YAML. "
        "Check that entries of one list begin at the same column and that each key ends with a colon and a blank."
    )


def load(source: str | bytes, name: str, *, complete: bool = True) -> Field:
    """The document of `source`; `name` is the file's name in errors. Raises LibraryError."""
    text = decoded(source, name)
    try:
        return _read(_Loader(text, name, complete))
    except yaml.reader.ReaderError as error:
        raise NotText(file=name, line=text.count("\n", 0, error.position) + 1) from error
    except yaml.MarkedYAMLError as error:
        raise _explained(error, name, text) from error


def _read(loader: "_Loader") -> Field:
    root = loader.get_single_node()
    if root is None:
        raise EmptyFile(file=loader.file)
    return loader.field("", root, _line(root))


def decoded(source: str | bytes, name: str, most: int = MAX_BYTES) -> str:
    """The text of a file of at most `most` bytes in UTF-8. Raises FileTooBig, NotUtf8."""
    if len(source) > most:
        raise FileTooBig(file=name, most=most // 1024 // 1024)
    if isinstance(source, str):
        return source.removeprefix("\ufeff")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotUtf8(file=name, line=source.count(b"\n", 0, error.start) + 1) from error


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader, stopped after its nodes, with the checks of this module made while they are composed."""

    def __init__(self, text: str, name: str, complete: bool) -> None:
        super().__init__(text)
        self.file = name
        self.complete = complete
        self.depth = 0

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        place = {"file": self.file, "line": event.start_mark.line + 1}
        if isinstance(event, AliasEvent) or event.anchor is not None:
            raise Alias(**place)
        if event.tag is not None:
            raise OwnTag(**place)
        if self.depth >= MAX_DEPTH:
            raise TooDeep(**place)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def field(self, key: str, node: Node, line: int) -> Field:
        """`node` and what is in it as fields; `line` is that of the key, or of the list entry."""
        if isinstance(node, MappingNode):
            return self._made(line, key, self._keys(node))
        if isinstance(node, SequenceNode):
            return self._made(line, key, [self.field(key, item, _line(item)) for item in node.value])
        return self._made(line, key, self._scalar(node), node.value)

    def _made(self, line: int, key: str, value: object, text: str = "") -> Field:
        return Field(self.file, line, key, value, text, self.complete)

    def _scalar(self, node: Node) -> object:
        try:
            return self.construct_object(node) if node.tag in _TYPED else node.value
        except ValueError:  # more digits than a number may have
            return node.value

    def _keys(self, node: MappingNode) -> dict[str, Field]:
        fields: dict[str, Field] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                raise OddKey(file=self.file, line=_line(key))
            if key.value in fields:
                first = fields[key.value].line
                raise RepeatedKey(file=self.file, line=_line(key), key=key.value, first=first)
            fields[key.value] = self.field(key.value, value, _line(key))
        return fields


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


_REASONS: tuple[tuple[str, type[LibraryError]], ...] = (
    ("'\\t'", TabIndent),
    ("cannot start any token", OddBeginning),
    ("mapping values are not allowed", StrayColon),
    ("found unexpected end of stream", OpenQuote),
    ("expected ',' or", OpenQuote),
    ("but found another document", SeveralDocuments),
    ("undefined alias", Alias),
    ("expected alphabetic or numeric character", Alias),
)


def _explained(error: yaml.MarkedYAMLError, name: str, text: str) -> LibraryError:
    """The error in our words. PyYAML notices an open quote or a missing colon only later: there the context's line
    is where to look."""
    problem = f"{error.problem}"
    kind = next((kind for sign, kind in _REASONS if sign in problem), BadYaml)
    late = kind is OpenQuote or "could not find expected ':'" in problem
    mark = error.context_mark if late and error.context_mark else error.problem_mark
    line = mark.line if mark else 0
    written = "".join(text.split("\n")[line : line + 1]).strip()
    if kind is BadYaml and "：" in written and ":" not in written:
        return FullWidthColon(file=name, line=line + 1, text=written[:40])
    return kind(file=name, line=line + 1)
