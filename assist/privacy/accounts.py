"""What else tells who somebody is and is no long number: mail, messengers, number plates, passports, day of birth."""

import re
from collections.abc import Iterator

from assist.privacy.kinds import Kind, Span

_D = "0-9零〇一二三四五六七八九幺两"
_AT = r"(?:@|＠|\s?(?:艾特|爱特|圈[aAａ]|\bat\b)\s?)"
_DOT = r"(?:\s?(?:[.．。]|点|\bdot\b)\s?)"
_TOP = "com|cn|net|org|edu|gov|io|co|uk|de|example|test|invalid"
_EMAIL = re.compile(
    rf"(?:[A-Za-z0-9][A-Za-z0-9._%+-]{{0,63}}|[{_D}A-Za-z_]{{3,20}}){_AT}(?:[A-Za-z0-9-]{{1,63}}|扣扣|"
    rf"一[六二][三六]|新浪|搜狐)"
    rf"(?:{_DOT}[A-Za-z0-9-]{{1,63}}){{0,4}}{_DOT}(?:{_TOP}|康姆?|抗姆?|靠姆)(?![A-Za-z])",
    re.IGNORECASE,
)
_MAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,24}")
_MESSENGER = re.compile(
    r"(?:微信|[Vv][Xx]|V信|[Qq]{2}|扣扣|抖音|支付宝|[Ww]e[Cc]hat|[Ss]kype|[Tt]elegram)(?:账?号|ID|id|"
    r"\s+(?:ID|id|number))?"
    r"[\s，,]*(?:就是|是|叫|：|:|is|加一?下|搜一?下)?[\s：:，,]*(?P<id>[A-Za-z][A-Za-z0-9_-]{4,19}|"
    r"\d{5,11})(?![A-Za-z0-9@])"
)
_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = re.compile(
    rf"(?:[{_PROVINCE}]\s?[A-HJ-NP-Z][\s·・.-]?(?:[A-HJ-NP-Z{_D}][\s-]?){{4,5}}[A-HJ-NP-Z{_D}挂学警](?![A-Za-z0-9]))"
)
_PASSPORT = re.compile(r"(?<![A-Za-z0-9])(?:[EG]\d{8}|E[A-HJ-NP-Z]\d{7}|[DSP][ED]?\d{7})(?![A-Za-z0-9])")
_PASSPORT_CUE = re.compile(r"(?:护照|通行证|[Pp]assport)[^，。,.\n]{0,8}?(?P<id>[A-Z]{1,2}\s?\d{6,9})(?!\d)")
_YEAR = rf"(?:(?:19|20)?\d{{2}}|[{_D}]{{2,4}})\s?年"
_DAY = rf"(?:阴历|农历)?[{_D}十正腊冬]{{1,3}}\s?月(?:\s?初?[{_D}十]{{1,3}}\s?[日号]?)?"
_DATE = rf"(?:{_YEAR}(?:的?\s?{_DAY})?|{_DAY}|(?:19|20)\d{{2}}[-/.]\d{{1,2}}[-/.]\d{{1,2}})"
_BORN_AFTER = re.compile(
    rf"(?:出生日期|出生年月|出生于|出生在|出生|生日|生于|生辰)[^。？?！!\n\d{_D}]{{0,8}}?(?P<date>{_DATE})"
)
_BORN_BEFORE = re.compile(rf"(?P<date>{_DATE})(?:的?生日|出生|生的|生人)")
_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_EN_DATE = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH},? \d{{4}}|{_MONTH} \d{{1,2}}(?:st|nd|rd|"
    rf"th)?,? \d{{4}}|\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}})"
)
_EN_BORN = re.compile(rf"\b(?:born|birthday|date of birth|DOB)\b[^.?!\n\d]{{0,16}}?(?P<date>{_EN_DATE})", re.IGNORECASE)


def find(text: str) -> Iterator[Span]:
    """In whatever language: they are written alike."""
    if "@" in text or "＠" in text or "特" in text or " at " in text or "圈" in text:
        yield from _all("email", _EMAIL, text)
        yield from _all("email", _MAIL, text)
    yield from _all("account", _MESSENGER, text, "id")
    yield from _all("plate", _PLATE, text)
    yield from _all("passport", _PASSPORT, text)
    yield from _all("passport", _PASSPORT_CUE, text, "id")
    if "生" in text:
        yield from _all("birth", _BORN_AFTER, text, "date")
        yield from _all("birth", _BORN_BEFORE, text, "date")
    yield from _all("birth", _EN_BORN, text, "date")


def _all(kind: Kind, pattern: re.Pattern[str], text: str, group: int | str = 0) -> Iterator[Span]:
    for found in pattern.finditer(text):
        yield Span(kind, *found.span(group))
