"""The tables of an export: `assist-export/1`. Columns are only ever added, at the end; `docs/export.md` lists them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from assist.analysis.findings import SKILLS

FORMAT = "assist-export/1"

What = Literal["calls", "points", "objections", "questions", "forbidden", "scores", "flags", "removed"]
WHATS: tuple[What, ...] = get_args(What)
Kind = Literal["text", "integer", "number", "yes-no", "moment"]

Row = dict[str, Any]
Report = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """`moment` is ISO 8601 in UTC; every kind may be missing."""

    name: str
    kind: Kind
    about: str


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` makes a call's rows of its `assist-analysis/1` document; None where they are the call's own columns."""

    about: str
    columns: tuple[Column, ...]
    rows: Callable[[Report], Iterator[Row]] | None = None


_KEY = (
    Column("call_id", "integer", "the call"),
    Column("change", "integer", "number of the call's last change; rows of earlier changes count no more"),
)
_PLACE = (
    Column("turn", "integer", "the turn it is in"),
    Column("start", "number", "seconds from the beginning of the call"),
    Column("quote", "text", "the words, without personal data"),
)
_NUMBER = Column("number", "integer", "counts from 0 within the call")
_CONFIDENCE = Column("confidence", "number", "0 to 1")


def _points(report: Report) -> Iterator[Row]:
    for one in report.get("points", ()):
        yield {"point": one["id"], **_some(one, "status", "confidence", "uncertain", "turn", "start", "quote")}


def _objections(report: Report) -> Iterator[Row]:
    for number, one in enumerate(report.get("objections", ())):
        facts = _some(one, "force", "answered", "outcome", "confidence", "turn", "start", "quote")
        yield {"number": number, "objection": one["id"], "steps": " ".join(one["steps"]), **facts}


def _questions(report: Report) -> Iterator[Row]:
    for number, one in enumerate(report.get("questions", ())):
        facts = _some(one, "kind", "follow_up", "stacked", "self_answered", "turn", "start", "quote")
        yield {"number": number, **facts}


def _forbidden(report: Report) -> Iterator[Row]:
    for number, one in enumerate(report.get("forbidden", ())):
        facts = _some(one, "severity", "confidence", "turn", "start", "quote")
        yield {"number": number, "forbidden": one["id"], **facts}


def _scores(report: Report) -> Iterator[Row]:
    for skill in (*SKILLS, "overall"):
        score = report["scores"][skill]
        yield {"skill": skill, "criterion": "", "value": score["value"], "weight": None, "why": score.get("why", "")}
        for line in score.get("criteria", ()):
            yield {"skill": skill, "criterion": line["id"], **_some(line, "value", "weight", "why")}


def _flags(report: Report) -> Iterator[Row]:
    for number, one in enumerate(report.get("flags", ())):
        turn = next(iter(one.get("turns", ())), None)
        yield {"number": number, "turn": turn, **_some(one, "rule", "severity", "reason")}


def _some(found: Mapping[str, Any], *names: str) -> Row:
    return {name: found.get(name) for name in names}


TABLES: dict[What, Table] = {
    "calls": Table(
        "One row a call that was judged; it comes again whenever it changes.",
        (
            *_KEY,
            Column("state", "text", "ready; failed or cancelled where judging it again came to nothing"),
            Column("campaign", "text", "the campaign's id"),
            Column("library_version", "integer", "number of the talk track's version it was judged by"),
            Column("agent_id", "integer", "the agent; names are under /api/people"),
            Column("team_id", "integer", "the agent's team at that time"),
            Column("called_at", "moment", "when the call was made"),
            Column("ready_at", "moment", "when it was judged last"),
            Column("direction", "text", "outbound or inbound"),
            Column("seconds", "number", "how long it lasted"),
            Column("layout", "text", "stereo, stereo-swapped, mono"),
            Column("outcome", "text", "agreed, follow-up, refused, hung-up, no-conversation, unknown"),
            Column("opening", "integer", "score, 0 to 100; missing where there was no occasion"),
            Column("questioning", "integer", "the same"),
            Column("rejection_handling", "integer", "the same"),
            Column("overall", "integer", "the same"),
            Column("focus", "text", "what to coach first"),
            Column("priority", "integer", "0 to 100, how much it is worth a lead's time"),
            Column("flags", "integer", "how many flags it has"),
            Column("severity", "integer", "of the worst flag: 0 none, 1 minor, 2 major, 3 critical"),
        ),
    ),
    "points": Table(
        "One row a point of the talk track.",
        (
            *_KEY,
            Column("point", "text", "the point's id"),
            Column("status", "text", "said, partial, missed"),
            _CONFIDENCE,
            Column("uncertain", "yes-no", "hearing was too poor to tell: count it neither way"),
            *_PLACE,
        ),
        _points,
    ),
    "objections": Table(
        "One row each time a customer objects.",
        (
            *_KEY,
            _NUMBER,
            Column("objection", "text", "the playbook's entry, or a kind of refusal it has none for"),
            Column("force", "text", "brush-off, objection, refusal"),
            Column("answered", "yes-no", "whether the agent answered it"),
            Column("steps", "text", "steps taken, with blanks between: acknowledge clarify answer advance"),
            Column("outcome", "text", "resolved, repeated, unanswered, ended"),
            _CONFIDENCE,
            *_PLACE,
        ),
        _objections,
    ),
    "questions": Table(
        "One row a question of the agent.",
        (
            *_KEY,
            _NUMBER,
            Column("kind", "text", "open or closed"),
            Column("follow_up", "yes-no", "takes up what the customer just said"),
            Column("stacked", "yes-no", "asked together with another"),
            Column("self_answered", "yes-no", "answered by the agent"),
            *_PLACE,
        ),
        _questions,
    ),
    "forbidden": Table(
        "One row a forbidden phrase.",
        (
            *_KEY,
            _NUMBER,
            Column("forbidden", "text", "the id in the library"),
            Column("severity", "text", "critical, major, minor"),
            _CONFIDENCE,
            *_PLACE,
        ),
        _forbidden,
    ),
    "scores": Table(
        "One row a skill (its criterion is empty) and one a criterion.",
        (
            *_KEY,
            Column("skill", "text", "opening, questioning, rejection_handling, overall"),
            Column("criterion", "text", "the criterion's id, empty for the whole skill"),
            Column("value", "number", "a skill 0 to 100, a criterion 0 to 1; missing where there was no occasion"),
            Column("weight", "number", "the criterion's weight"),
            Column("why", "text", "the reason in words, without personal data"),
        ),
        _scores,
    ),
    "flags": Table(
        "One row a reason why a person should look at the call.",
        (
            *_KEY,
            _NUMBER,
            Column("rule", "text", "the rule's id"),
            Column("severity", "text", "critical, major, minor"),
            Column("turn", "integer", "the first turn it is about"),
            Column("reason", "text", "in words, without personal data"),
        ),
        _flags,
    ),
    "removed": Table("One row a call that was deleted: delete its rows everywhere.", _KEY),
}
