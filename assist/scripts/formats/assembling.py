"""Lines with their roles → a library. Ids that the file does not give are taken from the library it renews, from the
built-in kinds of refusal, or made from the title."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from assist.analysis import knowledge
from assist.scripts.formats.preview import Line, Notice
from assist.scripts.library import (
    SEVERITIES,
    Entry,
    Forbidden,
    Library,
    Point,
    Stage,
    StageName,
    Step,
    StepName,
)
from assist.texts import N_

TITLE_LENGTH = 20
_ID_LENGTH = 40
_FORBIDS = re.compile(r"(?:不能|不要|不可以|不得|不许|别|禁止|严禁|切勿)(?:说|讲|提|承诺|使用)(?:是|出)?")
_QUOTED = re.compile(r"[“\"「『]([^”\"」』]+)[”\"」』]")


@dataclass(slots=True)
class _Point:
    line: Line
    title: str
    say: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Stage:
    line: Line | None
    stage: str
    title: str
    points: list[_Point] = field(default_factory=list)


@dataclass(slots=True)
class _Step:
    step: str
    title: str
    say: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Entry:
    line: Line
    title: str
    heard: list[str] = field(default_factory=list)
    near: list[str] = field(default_factory=list)
    steps: list[_Step] = field(default_factory=list)


_BETWEEN_NAMES = re.compile(r"[,，、；;\n]+")
# What Assist wrote has a line for each name, which may hold a comma of its own (Foo, Inc.), but no full-width one.
_BETWEEN_OWN_NAMES = re.compile(r"[，、；]+")


@dataclass(slots=True)
class _Forbidden:
    line: Line
    title: str
    phrases: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)


def assemble(
    lines: Sequence[Line], base: Library, *, exact: bool = False
) -> tuple[Library, tuple[Line, ...], tuple[Notice, ...]]:
    """(library, lines with their targets, what to look at).

    `base` gives campaign, title and language, the ids of what it has by the same name, and the parts (script, playbook,
    forbidden) of which the lines have nothing. An `exact` file, one that Assist wrote, is taken as it is.
    """
    making = _Making(base, exact)
    for first, *more in _groups(lines):
        making.take(replace(first, text=_together([first.text, *(line.text for line in more)])))
        if first.number in making.owner:
            making.owner |= {line.number: making.owner[first.number] for line in more}
    return making.finished(lines)


def _groups(lines: Sequence[Line]) -> list[list[Line]]:
    """Each line with those after it that go on from it."""
    groups: list[list[Line]] = []
    for line in lines:
        if line.role == "joined" and groups:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _together(texts: Sequence[str]) -> str:
    """Latin words keep a blank between them, Chinese has none."""
    made = texts[0]
    for text in texts[1:]:
        made += f" {text}" if made[-1:].isascii() and text[:1].isascii() and made and text else text
    return made


class _Making:
    """The library so far, and what the next line belongs to."""

    def __init__(self, base: Library, exact: bool) -> None:
        self.base, self.exact = base, exact
        self.facts: dict[str, list[str]] = {"title": [], "company": [], "term": []}
        self.stages: list[_Stage] = []
        self.entries: list[_Entry] = []
        self.forbidden: list[_Forbidden] = []
        self.owner: dict[int, Any] = {}
        self.notices: list[Notice] = []

    def take(self, line: Line) -> None:
        role, _, kind = line.role.partition("/")
        if role == "title":
            self.facts[role].append(line.text)
        elif role in self.facts:
            between = _BETWEEN_OWN_NAMES if self.exact else _BETWEEN_NAMES
            self.facts[role] += (name.strip() for name in between.split(line.text) if name.strip())
        elif role in _TAKES:
            _TAKES[role](self, line, kind)

    def warn(self, message: str, line: Line | None, **facts: object) -> None:
        self.notices.append(Notice(message, line.place if line else None, facts))

    def stage(self, line: Line, kind: str) -> None:
        self.stages.append(_Stage(line, kind, line.text))
        self.owner[line.number] = self.stages[-1]

    def point(self, line: Line, _: str) -> None:
        if not self.stages:
            self.stages.append(_Stage(None, "opening", self.base.title or line.text))
            self.warn(N_("This point stands before any stage. Say which stage it begins."), line)
        self.stages[-1].points.append(_Point(line, line.text))
        self.owner[line.number] = self.stages[-1].points[-1]

    def point_say(self, line: Line, _: str) -> None:
        self.point(line, "")
        made = self.stages[-1].points[-1]
        made.title, made.say = shortened(line.text), [line.text]

    def say(self, line: Line, _: str) -> None:
        if not self.stages or not self.stages[-1].points:
            self.point(replace(line, text=self.stages[-1].title if self.stages else shortened(line.text)), "")
        self.stages[-1].points[-1].say.append(line.text)
        self.owner[line.number] = self.stages[-1].points[-1]

    def objection(self, line: Line, _: str) -> None:
        self.entries.append(_Entry(line, line.text))
        self.owner[line.number] = self.entries[-1]

    def _entry(self, line: Line) -> _Entry:
        if not self.entries:
            self.objection(replace(line, text=shortened(line.text)), "")
        self.owner[line.number] = self.entries[-1]
        return self.entries[-1]

    def heard(self, line: Line, _: str) -> None:
        self._entry(line).heard.append(line.text)

    def near(self, line: Line, _: str) -> None:
        self._entry(line).near.append(line.text)

    def step(self, line: Line, kind: str) -> None:
        self._entry(line).steps.append(_Step(kind, line.text))

    def answer(self, line: Line, kind: str) -> None:
        steps = self._entry(line).steps
        if not steps or steps[-1].step != kind:
            steps.append(_Step(kind, STEP_TITLES[self.base.language == "en"][kind]))
        steps[-1].say.append(line.text)

    def forbid(self, line: Line, _: str) -> None:
        self.forbidden.append(_Forbidden(line, line.text if self.exact else shortened(line.text)))
        self.owner[line.number] = self.forbidden[-1]

    def phrase(self, line: Line, _: str) -> None:
        if not self.forbidden:
            self.forbid(line, "")
        self.forbidden[-1].phrases.append(line.text)
        self.owner[line.number] = self.forbidden[-1]

    def allow(self, line: Line, _: str) -> None:
        if self.forbidden:
            self.forbidden[-1].allowed.append(line.text)
            self.owner[line.number] = self.forbidden[-1]

    def finished(self, lines: Sequence[Line]) -> tuple[Library, tuple[Line, ...], tuple[Notice, ...]]:
        points = _Names({point.title: point.id for _, point in self.base.points()})
        entries = _Names({entry.title: entry.objection for entry in self.base.playbook} | _kinds(self.base.language))
        items = _Names({item.title: item.id for item in self.base.forbidden})
        for made in (*self._points(), *self.entries, *self.forbidden):  # ids that are given come first
            names = points if isinstance(made, _Point) else entries if isinstance(made, _Entry) else items
            names.reserve(made, self.warn)
        parts: dict[str, tuple[Any, ...]] = {
            "company": tuple(self.facts["company"]),
            "terms": tuple(self.facts["term"]),
            "script": tuple(self._stage(stage, points) for stage in self.stages),
            "playbook": tuple(self._playbook_entry(entry, entries) for entry in self.entries),
            "forbidden": tuple(self._forbidden(item, items) for item in self.forbidden),
        }
        if not any(stage.points for stage in self.stages) and not self.base.script:
            self.warn(N_("No point of a talk track was found. Say below what the lines are."), None)
        title = self.facts["title"][0] if self.facts["title"] else self.base.title
        filled: dict[str, Any] = {name: self._or_kept(name, part) for name, part in parts.items()}
        library = replace(self.base, title=title, **filled)
        return library, self._with_targets(lines, {**points.of, **entries.of, **items.of}), tuple(self.notices)

    def _or_kept(self, name: str, part: tuple[Any, ...]) -> tuple[Any, ...]:
        kept: tuple[Any, ...] = getattr(self.base, name)
        if part or self.exact or not kept:
            return part
        if message := _KEPT.get(name):
            self.warn(message, None)
        return kept

    def _points(self) -> Iterable[_Point]:
        return (point for stage in self.stages for point in stage.points)

    def _stage(self, made: _Stage, names: "_Names") -> Stage:
        if not made.points:
            self.warn(N_("There is no point in the stage “%(title)s”."), made.line, title=made.title)
        points = tuple(self._point(point, names) for point in made.points)
        return Stage(cast(StageName, made.stage), made.title, points)

    def _point(self, made: _Point, names: "_Names") -> Point:
        facts, say = made.line.facts, self._once(made.say)
        if not say:
            self.warn(N_("The point “%(title)s” has no wording yet."), made.line, title=made.title)
        if len(say) < len(made.say):
            self.warn(N_("A wording stands twice in “%(title)s”; it was taken once."), made.line, title=made.title)
        weight = facts.get("weight", "1")
        return Point(
            id=names.name(made, [made.title]),
            title=made.title,
            say=say,
            required=facts.get("required", "true") == "true",
            weight=int(weight) if weight in ("1", "2", "3") else 1,
        )

    def _playbook_entry(self, made: _Entry, names: "_Names") -> Entry:
        if not made.heard:
            self.warn(N_("“%(title)s” has no example of how customers say it; its title was taken."), made.line,
                      title=made.title)  # fmt: skip
        heard = self._once(made.heard or ([] if self.exact else [made.title]))
        if not any(step.say for step in made.steps):
            self.warn(N_("There is no answer to “%(title)s” yet."), made.line, title=made.title)
        steps = tuple(Step(cast(StepName, step.step), step.title, self._once(step.say)) for step in made.steps)
        return Entry(names.name(made, [made.title, *heard]), made.title, heard, steps, self._once(made.near))

    def _forbidden(self, made: _Forbidden, names: "_Names") -> Forbidden:
        severity = made.line.facts.get("severity", "major")
        phrases = self._once(made.phrases) or (() if self.exact else quoted_or_forbidden(made.line.text))
        return Forbidden(
            id=names.name(made, [made.title]),
            title=made.title,
            severity=severity if severity in SEVERITIES else "major",
            phrases=phrases,
            allowed=self._once(made.allowed),
        )

    def _once(self, texts: Iterable[str]) -> tuple[str, ...]:
        return tuple(texts) if self.exact else _once(texts)

    def _with_targets(self, lines: Sequence[Line], ids: dict[int, str]) -> tuple[Line, ...]:
        stages = {id(stage): f"stage:{number}" for number, stage in enumerate(self.stages)}
        targets = stages | ids
        return tuple(
            replace(line, target=targets.get(id(self.owner.get(line.number)), "") if line.number in self.owner else "")
            for line in lines
        )


_TAKES: dict[str, Callable[[_Making, Line, str], None]] = {
    "stage": _Making.stage,
    "point": _Making.point,
    "point-say": _Making.point_say,
    "say": _Making.say,
    "objection": _Making.objection,
    "heard": _Making.heard,
    "near": _Making.near,
    "step": _Making.step,
    "answer": _Making.answer,
    "forbidden": _Making.forbid,
    "phrase": _Making.phrase,
    "allowed": _Making.allow,
}

_KEPT = {
    "script": N_("The file has no talk track; the present one was kept."),
    "playbook": N_("The file has no objections; the present ones were kept."),
    "forbidden": N_("The file has no forbidden phrases; the present ones were kept."),
}

STEP_TITLES: tuple[dict[str, str], dict[str, str]] = (
    {"acknowledge": "认同", "clarify": "澄清", "answer": "回应", "advance": "推进"},
    {"acknowledge": "Acknowledge", "clarify": "Clarify", "answer": "Answer", "advance": "Move on"},
)
"""Titles of steps that the file does not name, Chinese and English: content of the library, in its language."""


class _Names:
    """Ids of one kind: each once, the same for the same title as before."""

    def __init__(self, known: dict[str, str]) -> None:
        self.known = {_plain(title): name for title, name in known.items()}
        self.taken: dict[str, Line] = {}
        self.given: dict[int, str] = {}
        self.of: dict[int, str] = {}

    def reserve(self, made: Any, warn: Callable[..., None]) -> None:
        wanted = made.line.facts.get("id", "")
        if not wanted:
            return
        if wanted in self.taken or identifier(wanted) != wanted:
            warn(N_("The id “%(id)s” is used twice or cannot be one; another was made."), made.line, id=wanted)
            return
        self.taken[wanted] = made.line
        self.given[id(made)] = wanted

    def name(self, made: Any, titles: Sequence[str]) -> str:
        """The id of a thing, made from the first of its titles that is known, else from its title."""
        kind = {"_Point": "point", "_Entry": "entry", "_Forbidden": "forbidden"}[type(made).__name__]
        found = self.given.get(id(made)) or self._free([self.known.get(_plain(title), "") for title in titles], titles)
        self.taken.setdefault(found, made.line)
        self.of[id(made)] = f"{kind}:{found}"
        return found

    def _free(self, known: Sequence[str], titles: Sequence[str]) -> str:
        wished = next((name for name in known if name and name not in self.taken), "")
        made = wished or identifier(titles[0]) or "item"
        numbers = (made if number == 1 else f"{made}-{number}" for number in range(1, 10_000))
        return next(name for name in numbers if name not in self.taken)


def identifier(text: str) -> str:
    """A text as an id: letters (Chinese too), digits and single hyphens."""
    kept = re.sub(r"[^\w.-]+|_", "-", text.strip().lower()) if not _fit(text) else text
    return re.sub(r"-{2,}", "-", kept)[:_ID_LENGTH].strip("-.") if kept is not text else text


def shortened(text: str) -> str:
    """A title made of a wording: its first clause."""
    clause = re.split(r"[，,。！!？?；;、\n]", text.strip(), maxsplit=1)[0] or text.strip()
    return clause if len(clause) <= TITLE_LENGTH else clause[: TITLE_LENGTH - 1] + "…"


def quoted_or_forbidden(text: str) -> tuple[str, ...]:
    """What a remark such as 不要说“甲公司” or 不能说我们有简历 forbids to say; else the remark itself."""
    quotes = [quote.strip() for quote in _QUOTED.findall(text)]
    if quotes:
        return _once(quotes)
    clauses = [re.split(_FORBIDS, clause, maxsplit=1) for clause in re.split(r"[，,。！!；;]", text)]
    named = [parts[1].strip() for parts in clauses if len(parts) == 2 and len(parts[1].strip()) > 1]
    return _once(named) or ((text,) if text else ())


def _fit(text: str) -> bool:
    fit = all(char.isalnum() or char in "-_." for char in text) and not text.startswith(".")
    return fit and 0 < len(text) <= 80


def _kinds(language: str) -> dict[str, str]:
    """Ids of the built-in kinds of refusal by their titles and ways, so that a new entry takes their examples over."""
    found: dict[str, str] = {}
    for kind in knowledge.objections(language):
        if kind.objection:
            found |= dict.fromkeys((*kind.ways, kind.title), kind.id)
    return found


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
