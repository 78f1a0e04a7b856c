"""What the lines of a document are, guessed from headings, labels and the way things are put. Guesses say so."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from assist.scripts.formats import stages, tables
from assist.scripts.formats.blocks import Block
from assist.scripts.formats.preview import Line, numbered

Section = Literal["none", "script", "playbook", "forbidden", "company"]

_PLAYBOOK = re.compile(
    r"(异议|拒绝|抗拒|顾虑|答疑|问答|常见问题|追问|faq|q\s*&\s*a|objection|rejection)", re.IGNORECASE
)
_FORBIDDEN = re.compile(r"(禁语|禁用|违规|红线|禁忌|不能说|不可说|禁止|forbidden|never say)", re.IGNORECASE)
_COMPANY = re.compile(r"(公司|企业|品牌|机构)(信息|介绍|简介|背景|资料|文化)|about (us|the company)", re.IGNORECASE)
_LABEL = re.compile(r"^([^：:，,。！!？?→]{1,14})[：:]\s*(\S.*)$", re.DOTALL)
_NAMES = re.compile(r"(公司全称|公司名称|公司简称|全称|简称|自称|品牌名?)")
_SAYS = re.compile(
    r"(话术|说法|我们说|我方|坐席|客服|顾问|销售|业务员|收尾|开场|结束语|提问|^我$|^问$|agent|say)", re.IGNORECASE
)
_NOTES = re.compile(
    r"(注意|备注|说明|目标|目的|条件|提示|案例|重点|要求|技巧|原则|适用|场景|时机|核心|^若|^如果|note|goal|tip)",
    re.IGNORECASE,
)
_CUSTOMER = re.compile(r"^(客户|学员|家长|用户|对方|customer|client)(问|说|追问|原话)?$", re.IGNORECASE)
_ASKS = re.compile(
    r"^\s*(?:Q\d*|问|客户问|客户说|客户|学员|家长|异议[一二三四五六七八九十\d]*)\s*[：:.、．]\s*(\S.*)$", re.IGNORECASE
)
_ANSWERS = re.compile(
    r"^\s*(?:A\d*|答|回答|回复|应对|应答|我们说?|我方|话术|坐席|顾问|销售|客服)\s*[：:.、．]\s*(\S.*)$", re.IGNORECASE
)
_SPEAKS = re.compile(r"[您你我咱]|请|吗|呢|吧|[？?]|\b(you|your|we|i|i'm|may|please)\b", re.IGNORECASE)
_ASKING = re.compile(r"[？?]|吗[。]?$|呢[。]?$")
_FORBIDS = re.compile(r"(不能|不要|不可以|不得|别|禁止|严禁|切勿)(说|讲|提到|承诺)")
_ARROW = re.compile(r"\s*(?:→|->|=>|⇒|——>)\s*")
_ALLOWED = re.compile(r"(可以说|例外|允许|替换|正确|all right|allowed|instead)", re.IGNORECASE)
_ONE_ENTRY = 2
"""Rows of a table that is about one objection: its columns' names and what is said."""
_REMARK = re.compile(r"^(若|[（(]|如果[^？?]*$)")
_OPTIONAL = re.compile(r"\s*[（(【\[](可选|选讲|选问|备选|非必[须讲问填]|optional)[)）】\]]", re.IGNORECASE)
_MARKS = re.compile(r"^[\s⚠️❌✅✗✘×❗!！★☆●○▶►·•*-]+")
_ASIDE = re.compile(r"[（(]([^（()）]*)[)）]")


def guess(blocks: Sequence[Block]) -> tuple[Line, ...]:
    """One or more lines a block, in order, numbered."""
    return numbered(_Guessing(blocks).lines())


class _Guessing:
    """Goes through a document once and keeps in mind under which heading it stands."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.section: Section = "none"
        self.section_level = 0
        self.kind = self.default = ""
        self.stage_title = ""
        self.in_point = self.by_heading = self.in_entry = self.in_item = False
        self.title_at = self._title()
        self.chapter = self._chapter_level()

    def lines(self) -> Iterator[Line]:
        for number, block in enumerate(self.blocks):
            if block.kind == "heading":
                yield from self._heading(number, block)
            elif block.kind == "table":
                yield from self._table(block)
            else:
                yield from self._body(block)

    def _title(self) -> int | None:
        """The one highest heading at the beginning, where others follow below it."""
        heads = [number for number, block in enumerate(self.blocks) if block.kind == "heading"]
        if len(heads) < 2:
            return None
        first = self.blocks[heads[0]]
        alone = all(self.blocks[number].level > first.level for number in heads[1:])
        return heads[0] if alone and not stages.is_chapter(first.text) else None

    def _chapter_level(self) -> int:
        """The level of the headings that are stages."""
        heads = [b for n, b in enumerate(self.blocks) if b.kind == "heading" and n != self.title_at]
        plain = [b for b in heads if not _special(b.text)]
        telling = [b.level for b in plain if stages.is_chapter(b.text) or stages.kind_of(b.text)]
        return min(telling or [b.level for b in plain] or [1])

    def _heading(self, number: int, block: Block) -> Iterator[Line]:
        text = stages.without_number(block.text)
        if number == self.title_at:
            yield _line(block, text, "title")
            return
        inside = self.section in ("playbook", "forbidden", "company") and block.level > self.section_level
        if inside and not (_PLAYBOOK.search(text) and self._talks(number)):
            yield from self._heading_inside(number, block, text)
            return
        section = self._section(number, text)
        if section != "script":
            self.section, self.section_level = section, block.level
            self.by_heading = self.in_entry = self.in_item = False
            yield _line(block, text, "note")
        elif block.level <= self.chapter or not self.stage_title:
            yield from self._stage(number, block, text)
        else:
            yield from self._point(block, text)

    def _heading_inside(self, number: int, block: Block, text: str) -> Iterator[Line]:
        below = self.blocks[number + 1] if number + 1 < len(self.blocks) else block
        if self.section == "playbook" and below.kind == "table" and len(below.rows) > _ONE_ENTRY:
            self.by_heading = False  # the heading of a group; each row of its table is an objection
            yield _line(block, text, "note")
        elif self.section == "playbook":
            self.by_heading = self.in_entry = True
            asked = _ASKS.match(text)
            yield _line(block, asked.group(1) if asked else text, "objection")
        else:
            self.in_item = self.section == "forbidden"
            yield _line(block, text, "forbidden" if self.in_item else "note")

    def _section(self, number: int, text: str) -> Section:
        if _COMPANY.search(text):
            return "company"
        if _FORBIDDEN.search(text) and not _PLAYBOOK.search(text):
            return "forbidden"
        return "playbook" if _PLAYBOOK.search(text) and self._talks(number) else "script"

    def _talks(self, number: int) -> bool:
        """Whether customers speak under a heading: questions, tables, several headings that are objections."""
        head = self.blocks[number]
        below = []
        for block in self.blocks[number + 1 :]:
            if block.kind == "heading" and block.level <= head.level:
                break
            below.append(block)
        asked = any(
            block.kind == "table" or _ASKS.match(block.text) or (block.kind == "item" and block.level)
            for block in below
        )
        titled = sum(block.kind == "heading" for block in below) >= 2
        return asked or titled or any(block.bold and _ASKING.search(block.text) for block in below)

    def _stage(self, number: int, block: Block, text: str) -> Iterator[Line]:
        kinds = stages.kinds_of(text)
        self.default = kinds[0] if kinds else (self.kind or "opening")
        self.section, self.stage_title, self.in_point = "script", text, False
        self.kind = self._first_kind(number, block.level) or self.default
        yield _line(block, text, f"stage/{self.kind}", sure=kinds == [self.kind])

    def _first_kind(self, number: int, level: int) -> str:
        """The stage of the first point below, where its title leaves no doubt."""
        below = self.blocks[number + 1 : number + 2] if number + 1 < len(self.blocks) else []
        return next((stages.strong_kind(b.text) or "" for b in below if b.kind == "heading" and b.level > level), "")

    def _point(self, block: Block, text: str) -> Iterator[Line]:
        wanted = stages.strong_kind(text) or self.default
        if wanted != self.kind or self.section != "script":
            self.kind, self.section = wanted, "script"
            yield Line(0, block.place, self.stage_title, self.stage_title, f"stage/{wanted}", sure=False)
        self.in_point = True
        point = _line(block, _OPTIONAL.sub("", text) or text, "point")
        yield replace(point, facts={"required": "false"}) if _OPTIONAL.search(text) else point

    def _table(self, block: Block) -> Iterator[Line]:
        for line in tables.lines_of(block.rows):
            if line.role == "objection" and self.by_heading:  # the heading above is its title
                continue
            self.in_entry = self.in_entry or line.role == "objection"
            yield line

    def _body(self, block: Block) -> Iterator[Line]:
        for line in self._by_section(block):
            aside = next((found for found in _ASIDE.findall(line.text) if _FORBIDS.search(found)), "")
            if aside and line.role != "forbidden":
                line = replace(line, text=_ASIDE.sub("", line.text).strip())
                yield from [line] if line.text else []
                yield replace(line, text=aside, role="forbidden", sure=False)
            else:
                yield line

    def _by_section(self, block: Block) -> Iterator[Line]:
        text = _MARKS.sub("", block.text).strip()
        if not text:
            return iter(())
        label = _LABEL.match(text)
        told = label.group(2) if label and _NOTES.search(label.group(1)) else text
        named = block.kind == "quote" or not label or (told is not text and "“" in told)
        if self.section != "forbidden" and _FORBIDS.search(told) and named:
            return iter([_line(block, told, "forbidden", sure=False)])
        ways = {"playbook": self._reply, "forbidden": self._ban, "company": self._fact, "script": self._speech}
        way = ways.get(self.section)
        return way(block, text) if way else iter([_line(block, text, "note")])

    def _fact(self, block: Block, text: str) -> Iterator[Line]:
        label = _LABEL.match(text)
        named = label is not None and bool(_NAMES.search(label.group(1)))
        yield _line(block, label.group(2) if label and named else text, "company" if named else "note")

    def _ban(self, block: Block, text: str) -> Iterator[Line]:
        label = _LABEL.match(text)
        if label and self.in_item and _ALLOWED.search(label.group(1)):
            yield _line(block, label.group(2), "allowed")
            return
        if label is None or self.in_item:
            yield _line(block, text, "phrase" if self.in_item else "forbidden")
            return
        yield _line(block, label.group(1), "forbidden")
        for phrase in re.split(r"[、；;/]", label.group(2)):
            if phrase.strip():
                yield _line(block, phrase.strip(' “”"。'), "phrase")

    def _reply(self, block: Block, text: str) -> Iterator[Line]:
        asked, answered = _ASKS.match(text), _ANSWERS.match(text)
        label = _LABEL.match(text)
        if asked or (block.bold and _ASKING.search(text)):
            yield from self._asked(block, asked.group(1) if asked else text)
        elif answered:
            yield _line(block, answered.group(1), "answer/answer")
        elif block.ordered and not block.level and not self.by_heading:
            yield from self._asked(block, text)
        elif not self.in_entry:
            yield _line(block, text, "note", sure=False)
        elif label and tables.step_of(label.group(1)) != "answer":
            yield _line(block, label.group(2), f"answer/{tables.step_of(label.group(1))}")
        elif block.kind == "quote":
            yield _line(block, label.group(2) if label else text, "answer/answer" if label else "note", sure=False)
        else:
            yield _line(block, text, "answer/answer", sure=bool(_SPEAKS.search(text)))

    def _asked(self, block: Block, text: str) -> Iterator[Line]:
        asides = [aside for aside in _ASIDE.findall(text) if aside.strip()]
        bare = _ASIDE.sub("", text).strip()
        if self.by_heading:
            yield from (_line(block, way, "heard") for way in (bare, *asides) if way)
            return
        self.in_entry = True
        yield _line(block, bare or asides[0], "objection", sure=bool(bare))
        for way in (bare, *(aside for aside in asides if _ASKING.search(aside))):
            if way:
                yield _line(block, way, "heard")

    def _speech(self, block: Block, text: str) -> Iterator[Line]:
        """A line of the talk track: a wording, or a remark about it."""
        label, arrow = _LABEL.match(text), _ARROW.split(text, maxsplit=1)
        if label and (_CUSTOMER.match(label.group(1)) or _NOTES.search(label.group(1))):
            yield _line(block, text, "note")
        elif label and _SAYS.search(label.group(1)):
            yield from self._say(block, label.group(2), sure=True)
        elif len(arrow) == 2:
            asking = bool(_ASKING.search(arrow[1]))
            yield _line(block, arrow[1] if asking else text, "say" if asking else "note", sure=False)
        elif block.kind == "quote" or _REMARK.match(text):
            yield _line(block, text, "note", sure=block.kind == "quote")
        elif block.level and block.kind == "item":
            yield _line(block, text, "say" if _ASKING.search(text) else "note", sure=False)
        elif label and not self.in_point and len(label.group(2)) > len(label.group(1)):
            yield _line(block, label.group(1), "point")
            yield _line(block, label.group(2), "say", sure=bool(_SPEAKS.search(label.group(2))))
        else:
            yield from self._say(block, label.group(2) if label and self.in_point and label.group(2) else text)

    def _say(self, block: Block, text: str, *, sure: bool | None = None) -> Iterator[Line]:
        own = block.ordered and not block.level and not self.in_point
        known = bool(_SPEAKS.search(text)) if sure is None else sure
        yield _line(block, text, "point-say" if own else "say", sure=known)


def _special(text: str) -> bool:
    return bool(_COMPANY.search(text) or _FORBIDDEN.search(text) or _PLAYBOOK.search(text))


def _line(block: Block, text: str, role: str, *, sure: bool = True) -> Line:
    return Line(0, block.place, block.text, text, role, sure)
