"""Phone, identity card, bank card and other long numbers, written, spoken or in both ways."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assist.privacy import checks
from assist.privacy.kinds import Kind, Span
from assist.privacy.spoken import Group, runs

_CUES: dict[str, tuple[tuple[Kind, re.Pattern[str]], ...]] = {
    "zh": (
        ("id-card", re.compile("身份证|证件|身份号|身份信息")),
        ("bank-card", re.compile("卡号|银行卡|储蓄卡|信用卡|借记卡|银行账[户号]|[这那]张卡|我的卡")),
        ("account", re.compile("微信|[Qq]{2}|扣扣|企鹅号|VX|vx|V信|支付宝")),
        ("passport", re.compile("护照")),
        (
            "phone",
            re.compile(
                "手机|电话|号码|联系方式|座机|固话|打给|拨打?|打我|我的号|本人号|新号|旧号|老号|"
                "尾号前|留个号|记个号|报一?下号|[的打]号是"
            ),
        ),
    ),
    "en": (
        (
            "id-card",
            re.compile(r"social security|national insurance|identity (?:card|number)|\bID number|\bSSN\b", re.I),
        ),
        ("bank-card", re.compile(r"\bcard\b", re.I)),
        ("passport", re.compile(r"passport", re.I)),
        (
            "phone",
            re.compile(r"\b(?:phone|mobile|cell|telephone|number|reach me|call me|ring me|text me|landline)\b", re.I),
        ),
    ),
}
_NOT_PERSONAL = {
    "zh": re.compile(
        "订单|单号|流水|编号|编码|工号|序列|型号|版本|工单|受理|合同号|批次|快递|运单|端口|IP|设备号|"
        "宽带账|热线|客服|官方|投诉电?话?|服务电话|"
        "公司电话|我们的?电话|咱们的?电话|总机|验证码|邮编|兑换码|优惠码"
    ),
    "en": re.compile(
        r"\b(?:order|reference|ref|ticket|invoice|tracking|case|model|version|hotline|helpline|code|serial)\b", re.I
    ),
}
_AFTER = re.compile(
    "[，,。\\s]{0,2}(?:就?是|这就?是|这个是)?[^，。？?\n]{0,4}?(?:(?P<phone>手机|电话|号码|座机|固话|"
    "打给我|打我)|(?P<id_card>身份证)|(?P<bank_card>银行卡|[这那]张卡))"
)
_CORRECTED = re.compile("不对|不是|说错了|错了")
_LOOK_BACK = 14
_LOOK_BACK_OVER_LINES = 24
_LENGTHS: dict[Kind, tuple[int, int]] = {
    "id-card": (14, 19), "bank-card": (12, 20), "account": (5, 12), "passport": (7, 9), "phone": (7, 16),
}  # fmt: skip
_LEAST = 5
_MOST_GROUPS = 24
_MOST_DIGITS = 22
_LEAST_ECHO = 3


@dataclass(frozen=True, slots=True)
class Number:
    """A personal number: its kind, what it means and where its groups stand (over lines they are apart)."""

    kind: Kind
    digits: str
    spans: tuple[Span, ...]


def find(text: str, language: str = "zh") -> tuple[Number, ...]:
    """All long personal numbers of a text. Lines are turns: a number may go over several."""
    found: list[Number] = []
    for run in runs(text, language):
        told = list(_read(text, run, language))
        if not told and language != "en" and sum(len(group.digits) for group in run) > _LEAST:
            for part in runs(text, language, guess=False, start=run[0].start, end=run[-1].end):
                told += _read(text, part, language)
        found += told
    return tuple(found)


def digits_of(text: str, language: str = "zh") -> tuple[str, ...]:
    """The personal numbers of a text as plain digits, mobile numbers without the country."""
    return tuple(dict.fromkeys(plain(number.digits) for number in find(text, language)))


def plain(digits: str) -> str:
    """A number as it is compared: without the country's prefix."""
    return digits[-11:] if checks.is_mobile(digits) else digits


def _read(text: str, run: tuple[Group, ...], language: str) -> Iterator[Number]:
    """What a run holds: the longest number first, then what is left and right of it."""
    if not run or sum(len(group.digits) for group in run) < _LEAST:
        return
    known = _known(text, run, language)
    if known is None:
        yield from _by_cue(text, run, language)
        return
    kind, first, last, chosen = known
    if kind is None:  # a company's own
        yield from _read(text, run[:first], language)
        yield from _read(text, run[last:], language)
        return
    digits = "".join(group.digits for group in chosen)
    first, last = _echoed(text, run, first, last, digits)
    yield from _read(text, run[:first], language)
    yield Number(kind, digits, tuple(_spans(text, run[first:last], kind)))
    yield from _read(text, run[last:], language)


_Known = tuple[Kind | None, int, int, Sequence[Group]]


def _known(text: str, run: Sequence[Group], language: str) -> _Known | None:
    """The longest stretch of groups that is a number by its own digits: kind, from, to, the groups that count."""
    best: tuple[int, int, _Known] | None = None
    for first in range(len(run)):
        for last, chosen in _stretches(text, run, first):
            digits = "".join(group.digits for group in chosen)
            half = len(digits) // 2
            if not 7 <= len(digits) <= _MOST_DIGITS or (len(digits) > 9 and digits[:half] == digits[half:]):
                continue  # too short, too long, or a short number said twice
            told, kind = _kind(text, run[first], digits, any(group.spoken for group in chosen), language)
            if told and (best is None or (len(digits), -first) > best[:2]):
                best = (len(digits), -first, (kind, first, last, chosen))
    return best[2] if best else None


def _stretches(text: str, run: Sequence[Group], first: int) -> Iterator[tuple[int, list[Group]]]:
    """Stretches of groups from one on, with their ends: as they are, and without what the other side repeated."""
    plainly: list[Group] = []
    once: list[Group] = []
    total = 0
    for last in range(first, min(len(run), first + _MOST_GROUPS)):
        group = run[last]
        plainly.append(group)
        total += len(group.digits)
        if total <= _MOST_DIGITS:
            yield last + 1, list(plainly)
        if not (once and _is_echo(text, once, group)):
            once.append(group)
        if len(once) < len(plainly) and sum(len(one.digits) for one in once) <= _MOST_DIGITS:
            yield last + 1, list(once)


def _is_echo(text: str, said: Sequence[Group], group: Group) -> bool:
    """Whether a group only repeats the end of what was said in a line before."""
    if "\n" not in text[said[-1].end : group.start]:
        return False
    return "".join(one.digits for one in said).endswith(group.digits) and len(group.digits) >= 2


def _kind(text: str, first: Group, digits: str, spoken: bool, language: str) -> tuple[bool, Kind | None]:
    """(told, kind): whether the digits alone tell, and what; a company's number is told and of no kind."""
    if len(digits) in (15, 18) and _identity(text, first, digits, spoken, language):
        return True, "id-card"
    if checks.is_card(digits):
        return (True, "bank-card") if not _before(text, first, _NOT_PERSONAL[language]) else (True, None)
    if not digits.isdecimal():
        return False, None
    if checks.is_mobile(digits) or checks.is_landline(digits):
        return True, "phone"
    if checks.is_hotline(digits, language) and len(digits) >= 7:
        return True, None
    if language == "en" and checks.is_english_phone(digits):
        return (True, None) if _before(text, first, _NOT_PERSONAL["en"]) else (True, "phone")
    return False, None


def _identity(text: str, first: Group, digits: str, spoken: bool, language: str) -> bool:
    if language == "en":
        return checks.is_identity(digits) and len(digits) == 18
    if _before(text, first, _NOT_PERSONAL[language]):
        return False
    known = checks.is_identity(digits) if not spoken else checks.looks_like_identity(digits)
    if len(digits) == 15:
        return known and (spoken or _before(text, first, _CUES["zh"][0][1]))
    return known


def _by_cue(text: str, run: Sequence[Group], language: str) -> Iterator[Number]:
    """Digits that no rule knows, told by the words before them: a number that was misheard or has no check digit."""
    digits = "".join(group.digits for group in run)
    kind = _cue(text, run[0], language) or _told_after(text, run[-1].end)
    if kind is None and _nearly_mobile(run, digits) and not _before(text, run[0], _NOT_PERSONAL[language]):
        kind = "phone"
    if kind is None:
        yield from _written_short(text, run, language)
        return
    least, most = _LENGTHS[kind]
    if not digits.isdecimal() and kind != "id-card":
        return
    if least <= len(digits) <= most and not (kind == "phone" and _amounts(run)):
        yield Number(kind, digits, tuple(_spans(text, run, kind)))


def _written_short(text: str, run: Sequence[Group], language: str) -> Iterator[Number]:
    """555-0142: only English writes short numbers so that they can be told."""
    if language != "en":
        return
    for one, two in zip(run, run[1:], strict=False):
        if (len(one.digits), len(two.digits)) == (3, 4) and text[one.end : two.start] == "-":
            yield Number("phone", one.digits + two.digits, (Span("phone", one.start, two.end),))


def _amounts(run: Sequence[Group]) -> bool:
    """Groups that begin with no digit of a number but are values one after the other: 100 200 300."""
    return len(run) > 2 and all(len(group.digits) in (3, 4) and group.digits.endswith("00") for group in run)


def _nearly_mobile(run: Sequence[Group], digits: str) -> bool:
    """A spoken mobile number of which recognition lost or doubled a digit."""
    if not (10 <= len(digits) <= 12 and digits[0] == "1" and digits[1] in "3456789" and digits.isdecimal()):
        return False
    return all(group.spoken for group in run)


def _cue(text: str, first: Group, language: str) -> Kind | None:
    """The nearest cue before a group, unless something else stands nearer."""
    before = _context(text, first.start)
    best: tuple[int, Kind | None] = (-1, None)
    for kind, pattern in _CUES[language]:
        for found in pattern.finditer(before):
            best = max(best, (found.end(), kind), key=lambda one: one[0])
    for found in _NOT_PERSONAL[language].finditer(before):
        best = max(best, (found.end(), None), key=lambda one: one[0])
    return best[1]


def _told_after(text: str, end: int) -> Kind | None:
    """…，是我家的座机: what a number is, said after it."""
    found = _AFTER.match(text, end)
    return next((kind for kind in ("phone", "id-card", "bank-card") if found and found[kind.replace("-", "_")]), None)


def _before(text: str, first: Group, pattern: re.Pattern[str]) -> bool:
    return pattern.search(_context(text, first.start)) is not None


def _context(text: str, at: int) -> str:
    """The words before a place: of its own line, and where it begins the line, of the line before."""
    begins = text.rfind("\n", 0, at) + 1
    if at - begins <= 6:
        return text[max(0, at - _LOOK_BACK_OVER_LINES) : at].rpartition("］")[2]
    return text[max(begins, at - _LOOK_BACK) : at].rpartition("］")[2]


def _echoed(text: str, run: Sequence[Group], first: int, last: int, digits: str) -> tuple[int, int]:
    """Grows a stretch over neighbours in other lines that repeat part of it, and over what was said to correct it."""

    def repeats(one: Group, start: int, end: int) -> bool:
        return len(one.digits) >= _LEAST_ECHO and one.digits in digits and "\n" in text[start:end]

    if _CORRECTED.search(text[run[first].start : run[-1].end]):
        last = len(run)
    while first and repeats(run[first - 1], run[first - 1].end, run[first].start):
        first -= 1
    while last < len(run) and repeats(run[last], run[last - 1].end, run[last].start):
        last += 1
    return first, last


def _spans(text: str, groups: Sequence[Group], kind: Kind) -> Iterator[Span]:
    """One span a line; a sign for the country goes with the first."""
    start, end = groups[0].start, groups[0].end
    if text[start - 1 : start] in ("+", "＋"):
        start -= 1
    elif text[max(0, start - 5) : start].lower() == "plus ":
        start -= 5
    if text[start - 1 : start] in ("(", "（") and re.search("[)）]", text[end : groups[-1].end]):
        start -= 1
    for group in groups[1:]:
        if "\n" in text[end : group.start]:
            yield Span(kind, start, end)
            start = group.start
        end = group.end
    yield Span(kind, start, end)
