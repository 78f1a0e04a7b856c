"""A library as Markdown, to be read anywhere and to be pasted into a chat; headings are stages and points."""

import re
from collections.abc import Iterator

from assist.scripts.formats import own_words
from assist.scripts.library import Entry, Library


def write(library: Library, language: str) -> bytes:
    return ("\n".join(_lines(library, language)) + "\n").encode()


def _lines(library: Library, language: str) -> Iterator[str]:
    def word(name: str) -> str:
        return own_words.say(name, language)

    yield f"# {_text(library.title)}"
    for name, texts in (("company", library.company), ("terms", library.terms)):
        if texts:
            yield from ("", f"**{word(name)}**: " + ", ".join(map(_text, texts)))
    for stage in library.script:
        yield from ("", f"## {_text(stage.title)}")
        for point in stage.points:
            note = "" if point.required else f" ({word('optional')})"
            yield from ("", f"### {_text(point.title)}{note}", "", *(f"- {_text(text)}" for text in point.say))
    if library.playbook:
        yield from ("", f"## {word('playbook')}")
    for entry in library.playbook:
        yield from ("", f"### {_text(entry.title)}", "", *_entry(entry, language))
    if library.forbidden:
        yield from ("", f"## {word('forbidden')}")
    for item in library.forbidden:
        yield from ("", f"### {_text(item.title)} ({word(item.severity)})", "")
        yield from (f"- {_text(text)}" for text in item.phrases)
        yield from (f"- {word('allowed')}: {_text(text)}" for text in item.allowed)


def _entry(entry: Entry, language: str) -> Iterator[str]:
    yield f"| {own_words.say('customer', language)} | {own_words.say('we', language)} |"
    yield "| --- | --- |"
    heard = "<br>".join(map(_cell, entry.heard_as))
    said = "<br>".join(
        f"{own_words.say(step.step, language)}: {_cell(text)}" for step in entry.respond for text in step.say
    )
    yield f"| {heard} | {said} |"


def _cell(text: str) -> str:
    return _text(text).replace("|", "\\|")


def _text(text: str) -> str:
    """On one line, with what Markdown would take for its own marked as text."""
    return re.sub(r"([\\`*_\[\]<>#])", r"\\\1", " ".join(text.split()))
