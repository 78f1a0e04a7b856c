"""What was understood of a file, as the preview page shows it and sends it back."""

from typing import Any

from assist.scripts.formats import importing
from assist.scripts.formats.preview import ROLES, Line, Preview
from assist.scripts.library import Library
from assist.texts import N_

_GROUPS = (
    (N_("Script"), ("stage/", "point", "say")),
    (N_("Objections"), ("objection", "heard", "near", "step/", "answer/")),
    (N_("Never say"), ("forbidden", "phrase", "allowed")),
    (N_("About the library"), ("title", "company", "term")),
    (N_("Not taken over"), ("note", "unclear")),
)


def roles() -> list[tuple[str, list[tuple[str, str]]]]:
    """The roles of lines in groups: (group, (role, name))."""
    grouped = [
        (title, [(role, name) for role, name in ROLES.items() if role.startswith(starts)]) for title, starts in _GROUPS
    ]
    known = {role for _, found in grouped for role, _ in found}
    left = [(role, name) for role, name in ROLES.items() if role not in known]
    return grouped if not left else [*grouped, (N_("Other"), left)]


def mended(found: Preview, typed: dict[str, str], like: Library | None) -> Preview:
    """With the roles, texts and facts of the form; a line without a text is left out. Raises NoSuchRole."""
    texts = {line.number: text for line in found.lines if (text := _typed(typed, line)) != line.text}
    chosen = {line.number: typed.get(f"role:{line.number}", line.role) for line in found.lines}
    chosen |= {number: "note" for number, text in texts.items() if not text.strip()}
    changed = {line.number: chosen[line.number] for line in found.lines if chosen[line.number] != line.role}
    facts = {name: typed[name].strip() or None for name in ("campaign", "title", "language") if name in typed}
    if not found.lines:
        return found
    return importing.mend(found, changed, {n: text for n, text in texts.items() if text.strip()}, like, **facts)


def _typed(typed: dict[str, str], line: Line) -> str:
    return typed.get(f"text:{line.number}", line.text).replace("\r\n", "\n")


def summary(found: Preview) -> dict[str, Any]:
    """How much was understood, and what is worth a look."""
    library = found.library
    return {
        "stages": len(library.script),
        "points": len(library.points()),
        "entries": len(library.playbook),
        "forbidden": len(library.forbidden),
        "unsure": sum(not line.sure for line in found.lines),
        "left_out": len(found.left_out),
    }
