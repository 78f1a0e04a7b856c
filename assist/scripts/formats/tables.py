"""Tables as people make them, in Word, Excel, CSV and Markdown: which column says what, and the lines of each row."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assist.scripts.formats import stages
from assist.scripts.formats.blocks import Cell, Rows
from assist.scripts.formats.preview import Line
from assist.scripts.library import STEPS

Column = Literal[
    "stage", "point", "say", "objection", "heard", "near", "step", "answer", "forbidden", "phrase", "allowed",
    "severity", "note", "number",
]  # fmt: skip

_COLUMNS: tuple[tuple[Column, str], ...] = (
    ("number", r"^(序号|编号|no\.?|#|id)$"),
    ("severity", r"(级别|严重|程度|severity)"),
    ("allowed", r"(可以说|替换|正确说法|正确话术|改为|建议说法|instead|allowed)"),
    ("forbidden", r"(禁语|禁用|禁止|违规|不能说|不可说|红线|敏感词|forbidden|banned)"),
    ("near", r"(不是|不算|误判|not this)"),
    ("heard", r"(客户(怎么)?说|客户原话|客户话术|客户表达|客户回答|学员说|家长说|heard|customer says|customer)"),
    (
        "objection",
        r"(异议|拒绝|顾虑|抗拒|客户问|客户问题|常见问题|问题类型|学员问|家长问|objection|question|^问题$|^问$|^q$)",
    ),
    ("step", r"(^步骤类型$|应对步骤|^step$)"),
    (
        "answer",
        r"(我们说|我方|应对|回答|回复|应答|解答|处理话术|坐席说|顾问说|销售说|参考答案|^答$|^a$|answer|we say|respon)",
    ),
    ("stage", r"(阶段|环节|流程|模块|板块|stage|phase)"),
    ("note", r"(备注|注意|说明|目的|目标|提示|负责|技巧|note|remark|goal|why)"),
    ("point", r"(要点|话术点|节点|步骤|动作|标题|主题|事项|内容要求|point|topic|step)"),
    ("say", r"(话术|说法|脚本|台词|内容|例句|范例|坐席|script|say|wording|text)"),
)
_STEP_WORDS = {
    "acknowledge": r"(认同|共情|理解|acknowledge)",
    "clarify": r"(澄清|提问|了解原因|clarify)",
    "advance": r"(推进|促成|引导|advance|move on)",
    "answer": r"(回应|解释|回答|说明|answer)",
}
_STEP_LABEL = re.compile(
    r"^(认同|共情|澄清|回应|解释|推进|acknowledge|clarify|answer|advance|move on)\s*[：:]\s*", re.IGNORECASE
)
_SEVERITIES = {"critical": r"(严重|高|致命|critical)", "minor": r"(轻|低|一般|minor)", "major": r"(重要|中|major)"}
_NUMBERED = re.compile(r"^\s*(?:\d{1,2}[、.．)）]|[①-⑳]|[-•·])\s*")


@dataclass(frozen=True, slots=True)
class _Table:
    columns: tuple[Column | None, ...]
    head: int
    """The row with the names of the columns."""


def lines_of(rows: Rows) -> Iterator[Line]:
    """The lines of one table, unnumbered. A table whose columns nobody knows is not understood, cell by cell."""
    table = _understood(rows)
    if table is None:
        for row in rows:
            yield from (_line(cell, text, "unclear", sure=False) for cell in row if cell.fresh for text in cell.texts)
        return
    yield from (
        _line(cell, text, "note") for row in rows[: table.head] for cell in row if cell.fresh for text in cell.texts
    )
    held = ""
    for row in rows[table.head + 1 :]:
        for line in _row(row, table.columns, held):
            if line.role.startswith("stage/"):
                if line.text == held:
                    continue
                held = line.text
            yield line


def _understood(rows: Rows) -> _Table | None:
    """The first of the upper rows that names two columns, or one that is plainly wordings."""
    for number, row in enumerate(rows[:6]):
        columns = _with_point([_column(cell.text) for cell in row], [cell.text for cell in row])
        known = [column for column in columns if column not in (None, "note", "number")]
        if len(known) >= 2 or (len(known) == 1 and len(row) == 1 and number == 0):
            return _Table(_settled(columns), number)
    return None


def _with_point(columns: list[Column | None], names: Sequence[str]) -> tuple[Column | None, ...]:
    """Where no column names the points, what each wording is for does."""
    if "point" not in columns and "say" in columns:
        aims = (number for number, name in enumerate(names) if re.search(r"(目的|目标|任务|aim|goal)", name.lower()))
        if (aim := next(aims, None)) is not None:
            columns[aim] = "point"
    return tuple(columns)


def _column(name: str) -> Column | None:
    name = re.sub(r"\s+", "", name.strip().lower()) if not name.isascii() else name.strip().lower()
    if not name or len(name) > 20:
        return None
    return next((column for column, pattern in _COLUMNS if re.search(pattern, name)), None)


def _settled(columns: Sequence[Column | None]) -> tuple[Column | None, ...]:
    """What a name means beside the others: 话术 beside 客户说 is the answer; a second point column is the wordings."""
    found = list(columns)
    playbook = "heard" in found or "objection" in found
    if playbook and "answer" not in found and "say" in found:
        found[found.index("say")] = "answer"
    if "heard" in found and "objection" not in found:
        found[found.index("heard")] = "objection"
    if "forbidden" in found and "phrase" not in found and found.count("forbidden") > 1:
        found[len(found) - 1 - found[::-1].index("forbidden")] = "phrase"
    if "stage" in found and "say" not in found and found.count("point") > 1:
        found[len(found) - 1 - found[::-1].index("point")] = "say"
    return tuple(found)


def _row(row: Sequence[Cell], columns: Sequence[Column | None], held: str) -> Iterator[Line]:
    filled = [cell for cell in row if cell.texts]
    if len(filled) == 1 and len(row) > 2 and filled[0] is row[0] and columns[0] != "say":
        kind = stages.kind_of(filled[0].text)
        if kind and filled[0].fresh:  # a banner over the rows of a stage
            yield _line(filled[0], filled[0].text, f"stage/{kind}", sure=False)
            return
    step, facts = _step(row, columns), _facts(row, columns)
    for cell, column in sorted(zip(row, columns, strict=False), key=lambda pair: _ORDER.index(pair[1])):
        if not cell.texts or (not cell.fresh and column not in ("stage",)):
            continue
        yield from _lines(cell, column, step, facts)


_ORDER: tuple[Column | None, ...] = (
    "number", "stage", "point", "objection", "forbidden", "heard", "phrase", "say", "near", "step", "answer", "allowed",
    "severity", "note", None,
)  # fmt: skip


def _lines(cell: Cell, column: Column | None, step: str, facts: dict[str, str]) -> Iterator[Line]:
    if column == "number" or (column in ("step", "severity") and cell.texts):
        return
    if column is None or column == "note":
        yield from (_line(cell, text, "note" if column else "unclear", sure=bool(column)) for text in cell.texts)
    elif column == "stage":
        kind = stages.kind_of(cell.text)
        yield _line(cell, " ".join(cell.texts), f"stage/{kind or 'discovery'}", sure=kind is not None)
    elif column == "point":
        yield _line(cell, " ".join(cell.texts), "point")
    elif column == "objection":
        texts = [part for text in cell.texts for part in _ways(text)]
        yield _line(cell, texts[0], "objection")
        yield from (_line(cell, text, "heard") for text in texts)
    elif column == "forbidden":
        yield _line(cell, " ".join(cell.texts), "forbidden", facts=facts)
    else:
        for text in cell.texts:
            label = _STEP_LABEL.match(text) if column == "answer" else None
            role = f"answer/{step_of(label.group(1)) if label else step}" if column == "answer" else column
            for part in (
                _ways(text) if column in ("heard", "near", "phrase") else [text[label.end() :] if label else text]
            ):
                yield _line(cell, part, role)


def _ways(text: str) -> list[str]:
    """Several examples in one cell, parted by / or ；or |."""
    return [part.strip() for part in re.split(r"\s*[/／；;|｜]\s*", text) if part.strip()] or [text]


def _step(row: Sequence[Cell], columns: Sequence[Column | None]) -> str:
    told = " ".join(cell.text for cell, column in zip(row, columns, strict=False) if column == "step")
    return step_of(told)


def step_of(text: str) -> str:
    """The step a word names; answer where it names none."""
    found = next((step for step in STEPS if re.search(_STEP_WORDS[step], text.lower())), "answer")
    return str(found)


def _facts(row: Sequence[Cell], columns: Sequence[Column | None]) -> dict[str, str]:
    told = " ".join(cell.text for cell, column in zip(row, columns, strict=False) if column == "severity")
    found = next((name for name, pattern in _SEVERITIES.items() if told and re.search(pattern, told.lower())), None)
    return {"severity": found} if found else {}


def _line(cell: Cell, text: str, role: str, *, sure: bool = True, facts: dict[str, str] | None = None) -> Line:
    return Line(0, cell.place, text, _NUMBERED.sub("", text).strip(), role, sure, facts or {})
