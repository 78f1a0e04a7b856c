"""The library file `assist-library/1`: YAML in and out, nothing lost either way."""

from typing import Any

import yaml

from assist.scripts.formats import yamldoc
from assist.scripts.formats.fields import Field, unique
from assist.scripts.library import (
    SEVERITIES,
    STAGES,
    STEPS,
    Entry,
    Forbidden,
    Library,
    Point,
    Stage,
    Step,
)

FORMAT = "assist-library/1"
LANGUAGES = ("zh", "en")


def loads(source: str | bytes, name: str = "library.yaml", *, complete: bool = True) -> Library:
    """The library written in `source`; `name` is the file's name in errors. A draft need not be `complete`: titles and
    lists may be empty there.

    Raises LibraryError with file, line and what to do; nothing is taken by halves.
    """
    keys = yamldoc.load(source, name, complete=complete).mapping(
        required=("campaign", "title", "script"),
        optional=("format", "language", "company", "terms", "playbook", "forbidden"),
    )
    if "format" in keys:
        keys["format"].choice((FORMAT,))
    return Library(
        campaign=keys["campaign"].identifier(),
        title=keys["title"].string(),
        language=_language(keys["language"]) if "language" in keys else "zh",
        company=keys["company"].names() if "company" in keys else (),
        terms=keys["terms"].names() if "terms" in keys else (),
        script=_script(keys["script"]),
        playbook=_playbook(keys["playbook"]) if "playbook" in keys else (),
        forbidden=_forbidden(keys["forbidden"]) if "forbidden" in keys else (),
    )


def dumps(library: Library) -> str:
    """`library` as YAML text; `loads` gives an equal library back."""
    return yaml.dump(
        _plain(library), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100_000, default_flow_style=False
    )


def _language(field: Field) -> str:
    tag = field.text.lower().replace("_", "-").partition("-")[0]
    return tag if tag in LANGUAGES else field.choice(LANGUAGES)


def _script(field: Field) -> tuple[Stage, ...]:
    stages = [stage.mapping(required=("stage", "title", "points")) for stage in field.fields(at_least=1)]
    points = [
        [point.mapping(("id", "title", "say"), ("required", "weight")) for point in keys["points"].fields(at_least=1)]
        for keys in stages
    ]
    unique([keys["id"] for stage in points for keys in stage])
    return tuple(
        Stage(keys["stage"].choice(STAGES), keys["title"].string(), tuple(map(_point, inside)))
        for keys, inside in zip(stages, points, strict=True)
    )


def _point(keys: dict[str, Field]) -> Point:
    return Point(
        id=keys["id"].identifier(),
        title=keys["title"].string(),
        say=keys["say"].strings(at_least=1),
        required=keys["required"].flag() if "required" in keys else True,
        weight=keys["weight"].whole(1, 3) if "weight" in keys else 1,
    )


def _playbook(field: Field) -> tuple[Entry, ...]:
    entries = [entry.mapping(("objection", "title", "heard_as", "respond"), ("not_this",)) for entry in field.fields()]
    unique([keys["objection"] for keys in entries])
    return tuple(map(_entry, entries))


def _entry(keys: dict[str, Field]) -> Entry:
    return Entry(
        objection=keys["objection"].identifier(),
        title=keys["title"].string(),
        heard_as=keys["heard_as"].strings(at_least=1),
        respond=tuple(map(_step, keys["respond"].fields(at_least=1))),
        not_this=keys["not_this"].strings() if "not_this" in keys else (),
    )


def _step(field: Field) -> Step:
    keys = field.mapping(required=("step", "title", "say"))
    return Step(keys["step"].choice(STEPS), keys["title"].string(), keys["say"].strings(at_least=1))


def _forbidden(field: Field) -> tuple[Forbidden, ...]:
    items = [item.mapping(("id", "title", "severity", "phrases"), ("allowed",)) for item in field.fields()]
    unique([keys["id"] for keys in items])
    return tuple(
        Forbidden(
            id=keys["id"].identifier(),
            title=keys["title"].string(),
            severity=keys["severity"].choice(SEVERITIES),
            phrases=keys["phrases"].strings(at_least=1),
            allowed=keys["allowed"].strings() if "allowed" in keys else (),
        )
        for keys in items
    )


class _Row(list[str]):
    """A list that is written on one line."""


class _Dumper(yaml.SafeDumper):
    """Block style with indented list entries, as people write it by hand."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _represent_row(dumper: yaml.SafeDumper, row: _Row) -> yaml.SequenceNode:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", row, flow_style=True)


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """Line breaks that YAML reads as another one are written as escapes."""
    style = '"' if set(text) & set("\r\x85\u2028\u2029") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(_Row, _represent_row)
_Dumper.add_representer(str, _represent_text)


def _plain(library: Library) -> dict[str, Any]:
    return {
        "campaign": library.campaign,
        "title": library.title,
        "language": library.language,
        "company": _Row(library.company),
        "terms": _Row(library.terms),
        "script": [
            {"stage": stage.stage, "title": stage.title, "points": list(map(_plain_point, stage.points))}
            for stage in library.script
        ],
        "playbook": list(map(_plain_entry, library.playbook)),
        "forbidden": list(map(_plain_forbidden, library.forbidden)),
    }


def _plain_point(point: Point) -> dict[str, Any]:
    return {
        "id": point.id,
        "title": point.title,
        "required": point.required,
        "weight": point.weight,
        "say": list(point.say),
    }


def _plain_entry(entry: Entry) -> dict[str, Any]:
    plain: dict[str, Any] = {"objection": entry.objection, "title": entry.title, "heard_as": list(entry.heard_as)}
    if entry.not_this:
        plain["not_this"] = list(entry.not_this)
    plain["respond"] = [{"step": step.step, "title": step.title, "say": list(step.say)} for step in entry.respond]
    return plain


def _plain_forbidden(item: Forbidden) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "id": item.id,
        "title": item.title,
        "severity": item.severity,
        "phrases": list(item.phrases),
    }
    if item.allowed:
        plain["allowed"] = list(item.allowed)
    return plain
