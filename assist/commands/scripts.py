"""`assist library compare|import|export`: talk tracks as files, with and without the store."""

import re
from pathlib import Path, PurePath

import click

from assist import files
from assist.commands.common import acting, opened, say
from assist.console import language, printable
from assist.errors import NotFound
from assist.scripts.compare import Comparison, FieldDiff, ItemDiff, Row, compare
from assist.scripts.formats import containers, exporting, importing
from assist.scripts.formats.preview import ROLES, Preview
from assist.scripts.library import Library
from assist.store import Store, drafts, libraries
from assist.texts import N_, translate

_MARKS = {"same": "%s", "out": "[-%s-]", "in": "{+%s+}"}
_CHANGES = {"added": "+", "removed": "-", "changed": "~", "same": " "}


@click.command("compare")
@click.argument("old")
@click.argument("new")
def compare_libraries(old: str, new: str) -> None:
    """Show what changed from OLD to NEW, in words. Each is a file, or CAMPAIGN@NUMBER for a published version."""
    found = compare(_library(old), _library(new))
    if found.same:
        say(N_("There is no difference."))
    for line in _told(found):
        click.echo(line)


@click.command("export")
@click.argument("campaign")
@click.argument("output")
@click.option("--number", type=int, help="Number of the version. Default: the one in force.")
def export(campaign: str, output: str, number: int | None) -> None:
    """Write the library of CAMPAIGN to OUTPUT: .yaml, .docx, .xlsx or .md by its suffix, - for YAML on the terminal."""
    with opened() as store:
        version = _version(store, campaign, number)
        kind = "yaml" if output == "-" else PurePath(output).suffix.lstrip(".").lower() or "yaml"
        if kind in ("yaml", "yml"):  # letter by letter as it was published
            content = libraries.source(store, version.id).encode()
        else:
            content = exporting.write(libraries.library(store, version.id), kind)
    files.write(content, output)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--campaign", help="The campaign whose library it renews. Default: a new one, named by the file.")
@click.option("--output", help="Write what was understood to this file (.yaml, .docx, .xlsx, .md).")
@click.option("--draft", "name", help="Keep what was understood as a draft of this name, to be mended in the browser.")
@click.option("--user", "login", help="Sign-in name of the person whose draft it is. Default: the first admin.")
def import_file(file: Path, campaign: str | None, output: str | None, name: str | None, login: str | None) -> None:
    """Read FILE (Word, Excel, CSV, Markdown, text or YAML) and show line by line what was understood.

    Nothing is saved without --output or --draft.
    """
    content = files.read(file, containers.MOST_BYTES)
    if campaign is None and name is None:
        preview = importing.read(content, file.name)
        _show(preview)
    else:
        with opened() as store:
            preview = importing.read(content, file.name, _present(store, campaign))
            _show(preview)
            if name is not None:
                made = drafts.create(store, acting(store, login), preview.library, name)
                say(N_("Kept as draft %(number)s of %(campaign)s."), number=made.id, campaign=made.campaign)
    if output is not None:
        kind = PurePath(output).suffix.lstrip(".").lower()
        files.write(exporting.write(preview.library, {"yml": "yaml", "": "yaml"}.get(kind, kind)), output)


def _present(store: Store, campaign: str | None) -> Library | None:
    version = libraries.in_force(store, campaign) if campaign else None
    if campaign and version is None:
        raise NotFound
    return libraries.library(store, version.id) if version else None


def _library(name: str) -> Library:
    found = re.fullmatch(r"(.+)@(\d+)", name)
    if found and not Path(name).exists():
        with opened() as store:
            return libraries.library(store, _version(store, found.group(1), int(found.group(2))).id)
    return importing.read(files.read(Path(name), containers.MOST_BYTES), PurePath(name).name).library


def _version(store: Store, campaign: str, number: int | None) -> libraries.LibraryVersion:
    """The version of that number, the one in force without one. Raises NotFound."""
    if number is None:
        found = libraries.in_force(store, campaign)
    else:
        found = next((one for one in libraries.versions(store, campaign) if one.number == number), None)
    if found is None:
        raise NotFound
    return found


def _show(preview: Preview) -> None:
    for line in preview.lines:
        mark = " " if line.sure else "?"
        place, role = line.place.text(language()), translate(ROLES[line.role], language())
        click.echo(f"{mark} {printable(place, 40)}\t{role}\t{printable(line.text, 100)}")
    for notice in preview.warnings:
        place = notice.place.text(language()) + ": " if notice.place else ""
        click.echo(f"! {place}{notice.text(language())}", err=True)
    library = preview.library
    say(
        N_("%(points)s points, %(entries)s objections and %(forbidden)s forbidden items were understood."),
        points=len(library.points()),
        entries=len(library.playbook),
        forbidden=len(library.forbidden),
    )


def _told(found: Comparison) -> list[str]:
    lines = [line for field in found.facts for line in _field(field, "")]
    for stage in found.stages:
        inside = [line for item in stage.points for line in _item(item)]
        inside = [line for field in stage.fields for line in _field(field, "  ")] + inside
        if inside or stage.change != "same" or stage.moved:
            lines += [f"{_CHANGES[stage.change]} {stage.title} ({stage.stage})", *inside]
    return lines + [line for item in (*found.playbook, *found.forbidden) for line in _item(item)]


def _item(item: ItemDiff) -> list[str]:
    if item.change == "same" and not item.moved:
        return []
    moved = f" ← {item.was_in}" if item.was_in else " ↕" if item.moved else ""
    head = f"  {_CHANGES[item.change]} {item.title} [{item.id}]{moved}"
    return [head, *(line for field in item.fields for line in _field(field, "      "))]


def _field(field: FieldDiff, indent: str) -> list[str]:
    return [f"{indent}{field.name}: {_row(row)}" for row in field.rows if row.change != "same"]


def _row(row: Row) -> str:
    return printable("".join(_MARKS[part.op] % part.text for part in row.words), 500)
