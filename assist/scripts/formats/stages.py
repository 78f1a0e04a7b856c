"""Which stage of a call a heading speaks of."""

import re

from assist.scripts.library import STAGES, StageName

_WORDS: dict[StageName, str] = {
    "opening": (
        r"(开场|破冰|自我介绍|自报家门|介绍身份|确认身份|核实身份|身份确认|确认接听|问候|寒暄"
        r"|opening|introduction|greeting)"
    ),
    "close": (r"(促成|逼单|成交|邀约|缔结|签单|下单|收单|办理|预约上门|试听邀请|转化|closing|\bclose\b|commit)"),
    "ending": r"(结束|收尾|结尾|道别|告别|挂机|再见|ending|wrap|farewell|goodbye)",
    "pitch": (
        r"(产品介绍|介绍|方案|卖点|价值|优势|讲解|模式|权益|收费|价格|报价|资费|案例|保障"
        r"|pitch|presentation|product|offer)"
    ),
    "discovery": (
        r"(需求|了解|提问|探寻|挖掘|摸底|核实|确认|询问|情况|期望|信息收集|discovery|needs|question|qualify)"
    ),
}
_CHAPTER = re.compile(r"^\s*(第[一二三四五六七八九十\d]+[部分步阶段章节环]+|[一二三四五六七八九十]+[、.．])")
_NUMBER = re.compile(
    r"^\s*(第[一二三四五六七八九十\d]+[部分步阶段章节环]+|[一二三四五六七八九十]+(?=[、.．])|\d{1,2}(?=[、.．)）])"
    r"|[（(][一二三四五六七八九十\d]+[)）]|[①-⑳])\s*[：:、.．)）]?\s*"
)


def kind_of(title: str) -> StageName | None:
    """None where the words tell nothing."""
    found = kinds_of(title)
    return found[0] if found else None


def kinds_of(title: str) -> list[StageName]:
    """All stages the title names, in the order of a call; pitch and discovery only where nothing stronger is said, or
    beside it (介绍 + 促成)."""
    hits = {stage: [match.span() for match in re.finditer(words, title.lower())] for stage, words in _WORDS.items()}
    strong = [span for stage in ("opening", "close", "ending") for span in hits[stage]]
    for weak in ("pitch", "discovery"):
        hits[weak] = [span for span in hits[weak] if not any(a < span[1] and span[0] < b for a, b in strong)]
    found = [stage for stage in STAGES if hits[stage]]
    if "pitch" in found and "discovery" in found:
        found.remove("pitch" if re.search(r"(了解|需求|提问)", title) else "discovery")
    return found


def strong_kind(title: str) -> StageName | None:
    """The stage of a point whose title leaves no doubt, whatever stage it stands in."""
    found = [stage for stage in kinds_of(title) if stage in ("opening", "close", "ending")]
    return found[0] if len(found) == 1 else None


def is_chapter(title: str) -> bool:
    """第一部分 …, 二、…"""
    return bool(_CHAPTER.match(title))


def without_number(title: str) -> str:
    """The title without 第一部分：, ①, 1. before it."""
    bare = _NUMBER.sub("", title)
    return bare.strip() or title.strip()
