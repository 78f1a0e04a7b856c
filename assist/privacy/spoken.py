"""Digits as they are said and as recognition writes them: 幺三八, 138 零零, 一百三十八, 两个八, double seven.

A run is a stretch of digits with nothing between its groups but pauses, fillers and short words of the listener; it may
go over several lines (turns). A group is a part of it that was said or written in one breath.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Way = Literal["written", "spoken", "guessed", "barrier"]


@dataclass(frozen=True, slots=True)
class Group:
    """`digits` is what it means (0–9 and X); `spoken` where it stands in words."""

    digits: str
    start: int
    end: int
    spoken: bool


@dataclass(frozen=True, slots=True)
class _Atom:
    digits: str
    start: int
    end: int
    way: Way


_HAN = dict(zip("零〇○一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖", "00012345678912123456789", strict=True))
_ALIKE = {
    "0": "灵铃令", "1": "要腰妖夭医衣", "2": "而儿尔耳", "3": "山散伞叁", "4": "是似寺死", "5": "吴无武舞午",
    "6": "流刘留溜", "7": "气期其齐起妻", "8": "吧巴爸把", "9": "酒就久旧",
}  # fmt: skip
"""Signs that sound like a digit: taken for it only in the middle of digits."""
_GUESSED = {sign: digit for digit, signs in _ALIKE.items() for sign in signs}
_RADIO = {"洞": "0", "拐": "7", "勾": "9"}
"""As soldiers and dispatchers say digits."""
_H = "".join(_HAN)
_UNITS = "十百千"
_TENS = (
    r"(?:[一二两三四五六七八九]千)?零?(?:[一二两三四五六七八九]百)?零?[一二两三四五六七八九]?十[一二三四五六七八九]?|"
    r"[一二两三四五六七八九]千(?:零?[一二两三四五六七八九]百)?(?:零[一二三四五六七八九])?|"
    r"[一二两三四五六七八九]百(?:零[一二三四五六七八九])?"
)

_MEASURE = (
    "元|块|兆|[MGKTmgkt](?![a-zA-Z])|年|月|天|日|号(?!码)|点|分|秒|小时|个|次|期|折|位|岁|人|平|米|"
    "公里|楼|层|栋|幢|单元|室|户|万|亿|倍|级|条|张|台|"
    "项|款|种|家|遍|句|样|些|下|%|％|口人|毛|角|成|季|周|星期|代|路|院|"
    "直|般|定|起|共|旦|切|边|会儿|点儿|向|致|律|度|楚|面|话不说"
)
_MEASURED = re.compile(rf"\s?(?:{_MEASURE})")

_ZH = re.compile(
    rf"""
    (?P<date>(?<!\d)\d{{2,4}}\s?年(?:\s?\d{{1,2}}\s?月)?(?:\s?\d{{1,2}}\s?[日号])?|(?<!\d)\d{{4}}(?P<sep>[-/.])\d{{1,2}}(?P=sep)\d{{1,2}}(?!\d)
        |(?<![\d:])\d{{1,2}}[:：]\d{{2}}(?:[:：]\d{{2}})?(?![\d:])|第[\d{_H}{_UNITS}]+
        |(?<![\d.])\d+\.\d+(?![\d.])|[{_H}{_UNITS}]+点[{_H}]+(?=[元块折])|\d+万|[{_H}]万[{_H}]?)
    |(?P<times>[二两三四五六七八2-8])个(?P<same>[{_H}\d])(?![{_UNITS}万个月块年天点])
    |双(?P<pair>[{_H}])
    |(?P<number>{_TENS})
    |(?P<digits>[0-9０-９]+)
    |(?P<han>(?:[{_H}](?![{_UNITS}]|个[{_H}]))+)
    |(?P<radio>[洞拐勾]{{1,8}}(?=[洞拐勾{_H}])|(?<=[洞拐勾{_H}])[洞拐勾]{{1,8}})
    |(?P<x>(?<=[\d{_H}\s，,])(?:[xXｘＸ叉]|艾克斯|埃克斯))(?![a-zA-Z])
    |(?P<alike>[{"".join(_GUESSED)}])
    """,
    re.VERBOSE,
)
_ZH_FILLER = (
    "嗯+|呃+|额|唔|啊+|哦+|噢|喔|哎|诶|欸|那个|这个|然后呢|然后|接着|再加上?|再|加上?|不对|不是|"
    "说错了|错了|后面是|后面|后边|中间|前面|前边|就是|是|的|对的|对|好的|好|行|您说|你说|"
    "您继续|你继续|继续|我记一下|我记|记一下|记下了|记了|记好了|记着|稍等|等一下|慢点|还有|四位|末尾|"
    "最后|没错|收到|可以|吗|呢|吧|呀|哈|横杠|杠|转|OK|ok"
)
_MARKS = r"\s，,、。.．…\-—–―_·•:：;；?？!！~～()（）\"“”/＊*"
_ZH_GAP = re.compile(rf"(?:[{_MARKS}]|{_ZH_FILLER})*")

_EN_DIGITS = dict(
    zip(
        "zero oh o nought one two three four five six seven eight nine".split(),
        "0 0 0 0 1 2 3 4 5 6 7 8 9".split(),
        strict=True,
    )
)
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_EN_TEENS = {word: str(10 + number) for number, word in enumerate(_TEENS)}
_TIES = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_EN_TIES = {word: str(2 + number) for number, word in enumerate(_TIES)}
_ONE_TO_NINE = "one|two|three|four|five|six|seven|eight|nine"
_EN_D = "zero|oh|o|nought|" + _ONE_TO_NINE
_EN_UNITS = (
    r"(?:pounds?|dollars?|euros?|pence|cents?|percent|per cent|months?|years?|days?|weeks?|hours?|"
    r"minutes?|seconds?|megs?|megabits?|gigs?|gigabits?|mbps|gbps|%|a\.?m|p\.?m|o'clock|times|points?|"
    r"people|lines?|gb|mb)\b"
)
_EN = re.compile(
    rf"""
    (?P<date>[£$€]\s?\d[\d,.]*|(?<![\d.])\d+\.\d+(?![\d.])|(?<!\d)\d{{1,4}}(?P<sep>[/.])\d{{1,2}}(?P=sep)\d{{2,4}}(?!\d)|(?<!\d)\d{{4}}-\d{{2}}-\d{{2}}(?!\d)|(?<![\d:])\d{{1,2}}:\d{{2}}(?![\d:]))
    |\b(?P<many>double|triple|treble)[ -](?P<same>{_EN_D}|\d)\b
    |\b(?P<ty>{"|".join(_TIES)})(?:[ -](?P<unit>{_ONE_TO_NINE}))?\b
    |\b(?P<hundred>{_ONE_TO_NINE})[ ]hundred\b
    |\b(?P<teen>{"|".join(_TEENS)})\b
    |\b(?P<word>{_EN_D})\b
    |(?P<digits>\d+)
    |(?P<x>(?<=[\d\s])[xX])(?![a-zA-Z])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_EN_FILLER = (
    r"\b(?:uh+|um+|erm?|ah|and then|then|and|yes|yeah|yep|ok|okay|right|so|that's|it's|dash|hyphen|space|"
    r"mhm|go on|got it|sure|area code)\b"
)
_EN_GAP = re.compile(rf"(?:[{_MARKS}]|{_EN_FILLER})*", re.IGNORECASE)

_LONGEST_GAP = 12
_LONGEST_GAP_OVER_LINES = 26
_MOST_LINES = 3
_LEAST_DIGITS = 5
_LONGEST_RUN = 100
"""Atoms: nobody says more digits in one go, and reading a run takes longer than its length."""


def runs(
    text: str, language: str = "zh", *, guess: bool = True, start: int = 0, end: int | None = None
) -> Iterator[tuple[Group, ...]]:
    """Runs of at least five digits between two places, in reading order. With `guess` signs that sound like digits
    count in their midst."""
    for atoms in _linked(text, _atoms(text, language, guess, start, len(text) if end is None else end), language):
        if len(atoms) == 1 and len(atoms[0].digits) < _LEAST_DIGITS:
            continue
        found = tuple(_groups(atoms))
        if sum(len(group.digits) for group in found) >= _LEAST_DIGITS:
            yield found


def _linked(text: str, atoms: Iterator[_Atom], language: str) -> Iterator[list[_Atom]]:
    """Atoms with nothing between them that ends a number."""
    gap = _EN_GAP if language == "en" else _ZH_GAP
    run: list[_Atom] = []
    for atom in atoms:
        if run and (
            len(run) >= _LONGEST_RUN or atom.way == "barrier" or not _links(text, run[-1].end, atom.start, gap)
        ):
            yield run
            run = []
        if atom.way != "barrier":
            run.append(atom)
    if run:
        yield run


def _links(text: str, start: int, end: int, gap: re.Pattern[str]) -> bool:
    if start == end:
        return True
    if end - start > _LONGEST_GAP_OVER_LINES:
        return False
    between = text[start:end]
    lines = between.count("\n")
    if lines > _MOST_LINES or (not lines and len(between) > _LONGEST_GAP):
        return False
    return gap.fullmatch(between) is not None


def _atoms(text: str, language: str, guess: bool, start: int, end: int) -> Iterator[_Atom]:
    read = _english if language == "en" else _chinese
    for found in (_EN if language == "en" else _ZH).finditer(text, start, end):
        atom = read(text, found)
        if atom is not None and (guess or atom.way != "guessed"):
            yield atom


def _chinese(text: str, found: re.Match[str]) -> _Atom | None:
    start, end = found.span()
    kind = found.lastgroup if found.lastgroup not in ("sep", "same") else ("date" if found["date"] else "times")
    if kind == "date":
        return _Atom("", start, end, "barrier")
    if kind == "times":
        return _Atom(_value(found["same"]) * int(_value(found["times"])), start, end, "spoken")
    if kind == "pair":
        return _Atom(_value(found["pair"]) * 2, start, end, "spoken")
    if kind == "number":
        way: Way = "barrier" if _MEASURED.match(text, end) else "spoken"
        return _Atom(str(_counted(found["number"])), start, end, way)
    if kind == "digits":
        return _written(text, start, end)
    if kind == "han":
        return _said(text, start, end)
    if kind == "radio":
        return _Atom("".join(_RADIO[sign] for sign in found["radio"]), start, end, "spoken")
    if kind == "x":
        return _Atom("X", start, end, "written")
    return _Atom(_GUESSED[found[0]], start, end, "guessed")


def _written(text: str, start: int, end: int) -> _Atom:
    """Digits with a measure behind them are an amount; part of a word of letters they are a product's name."""
    short = end - start <= 6
    if short and _MEASURED.match(text, end):
        return _Atom("", start, end, "barrier")
    if _in_word(text, start, end):
        return _Atom("", start, end, "barrier")
    return _Atom(text[start:end].translate(_NARROW), start, end, "written")


def _said(text: str, start: int, end: int) -> _Atom:
    """The last sign goes with a measure behind it (…五一个月); a short one is an amount as a whole."""
    if _MEASURED.match(text, end):
        if end - start <= 4:
            return _Atom("", start, end, "barrier")
        end -= 1
    return _Atom("".join(_HAN[sign] for sign in text[start:end]), start, end, "spoken")


def _in_word(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return _latin(before) or (_latin(after) and after not in "xX") or before == "_" or after == "_"


def _latin(sign: str) -> bool:
    return bool(sign) and sign.isascii() and sign.isalpha()


def _english(text: str, found: re.Match[str]) -> _Atom | None:
    start, end = found.span()
    if found["date"]:
        return _Atom("", start, end, "barrier")
    digits, way = _english_digits(found)
    measured = re.compile(r"[\s-]?" + _EN_UNITS, re.IGNORECASE).match(text, end)
    if measured or (way == "written" and digits != "X" and _in_word(text, start, end)):
        return _Atom("", start, end, "barrier")
    return _Atom(digits, start, end, way)


def _english_digits(found: re.Match[str]) -> tuple[str, Way]:
    if found["many"]:
        times = 2 if found["many"].lower() == "double" else 3
        return _english_digit(found["same"]) * times, "spoken"
    if found["ty"]:
        unit = found["unit"]
        return _EN_TIES[found["ty"].lower()] + (_english_digit(unit) if unit else "0"), "spoken"
    if found["hundred"]:
        return _english_digit(found["hundred"]) + "00", "spoken"
    if found["teen"]:
        return _EN_TEENS[found["teen"].lower()], "spoken"
    if found["word"]:
        return _english_digit(found["word"]), "spoken"
    return ("X", "written") if found["x"] else (found["digits"], "written")


def _english_digit(word: str) -> str:
    return _EN_DIGITS.get(word.lower(), word)


def _groups(atoms: list[_Atom]) -> Iterator[Group]:
    """Atoms that touch are one group. Guessed ones stand only between known ones, the few among many."""
    block: list[_Atom] = []
    for atom in atoms:
        if block and atom.start != block[-1].end:
            yield from _block(block)
            block = []
        block.append(atom)
    yield from _block(block)


def _block(block: list[_Atom]) -> Iterator[Group]:
    while block and block[-1].way == "guessed":
        block = block[:-1]
    while block and block[0].way == "guessed" and not _begins(block):
        block = block[1:]
    if not block:
        return
    guessed = sum(atom.way == "guessed" for atom in block)
    if guessed * 3 > len("".join(atom.digits for atom in block)):
        for atom in block:
            if atom.way != "guessed":
                yield _group([atom])
        return
    yield _group(block)


def _begins(block: list[_Atom]) -> bool:
    """要三八…: the first sign of a mobile number, misheard."""
    digits = "".join(atom.digits for atom in block)
    return digits[0] == "1" and len(digits) > 2 and digits[1] in "3456789" and block[1].way != "guessed"


def _group(atoms: list[_Atom]) -> Group:
    digits = "".join(atom.digits for atom in atoms)
    return Group(digits, atoms[0].start, atoms[-1].end, any(atom.way != "written" for atom in atoms))


@lru_cache(maxsize=1000)
def _counted(words: str) -> int:
    """The value of a number of words below ten thousand: 一百三十八 is 138."""
    total, digit = 0, 0
    for sign in words:
        if sign in _UNITS:
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[sign]
            digit = 0
        else:
            digit = int(_HAN[sign])
    return total + digit


def _value(sign: str) -> str:
    return _HAN.get(sign, sign)


_NARROW = str.maketrans("０１２３４５６７８９", "0123456789")
