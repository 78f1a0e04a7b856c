"""Where somebody lives: a road with its number, a building with its unit and room. A town or a district alone tells
nobody apart and stays."""

import re
from collections.abc import Iterator

from assist.privacy.kinds import Span

_SIGN = r"[^\W\d_a-zA-Z是在到去住的了您你我他她说寄送搬这那就叫吗呢吧啊哪给找从往们请把被让跟]"
_D = "[0-9０-９零〇一二三四五六七八九十百千幺两]"
_NUM = rf"{_D}{{1,8}}(?:[-—－]{_D}{{1,6}}){{0,3}}"
_PLAIN = _SIGN.replace("[^", "[^省市区县旗镇乡", 1)
"""No sign that ends the name of an area: there is one way only to read a chain of them."""
_AREA = rf"(?:{_PLAIN}{{1,8}}+(?:省|市|区|县|旗|镇|乡|(?<=街)道|特别行政区)[，,\s]?)"
_ROAD = (
    rf"(?:{_SIGN}{{1,8}}?(?<![线网电套思渠频通管铁走马])(?:大街|大道|路|街|道|巷|"
    rf"胡同)(?:[东南西北中]?[段路]|{_D}段)?)"
)
_ESTATE = (
    rf"(?:{_SIGN}{{1,9}}?(?:小区|花园|花苑|家园|嘉园|苑|公寓|新村|社区|大厦|广场|城|府|庭|园|湾|里|村|"
    rf"公馆|名邸|中心|家属院|大院|宿舍|楼|居|轩|邸|郡|墅))"
)
_LETTER = r"(?:[A-Za-z甲乙丙丁东南西北])"
_BUILDING = rf"(?:(?:{_NUM}|{_LETTER})(?:号院|号楼|栋|幢|座|号门))"
_PHASE = rf"(?:{_NUM}(?:期|区|组团))"
_UNIT = rf"(?:{_NUM}\s?(?:单元|门(?!店)|号楼))"
_FLOOR = rf"(?:{_D}{{1,4}}\s?(?:楼|层))"
_ROOM = (
    rf"(?:{_NUM}\s?(?:室|户|房|号房|号(?!码|线|之前|以前|前|后|晚))|"
    rf"{_D}{{3,5}}(?![{_D[1:-1]}元块兆年月天个万MG%]))"
)
_PART = rf"(?:[，,\s]?(?:{_BUILDING}|{_UNIT}|{_FLOOR}|{_ROOM}))"
_NUMBERED = rf"(?:{_NUM}\s?(?:号院|号楼|弄|号(?!码|线|路|口))(?:[附之]{_D}{{1,3}}号?)?)"

_BY_ROAD = re.compile(rf"{_AREA}{{0,4}}{_ROAD}[，,\s]?{_NUMBERED}(?:[，,\s]?{_ESTATE}(?={_PART}))?{_PART}{{0,4}}")
_BY_ESTATE = re.compile(
    rf"{_AREA}{{0,4}}(?:{_ROAD}[，,\s]?)?{_ESTATE}[，,\s]?{_PHASE}?(?:{_BUILDING}|{_UNIT}|{_NUM}号(?!码|线|之前|"
    rf"以前|前|后|晚|到)|{_D}{{1,3}}(?=[-—－]?{_D}{{0,4}}单元)){_PART}{{0,4}}"
)
_BY_PARTS = re.compile(rf"(?:{_BUILDING}|{_UNIT}){_PART}{{1,4}}")
_BY_VILLAGE = re.compile(rf"{_AREA}{{1,4}}{_SIGN}{{1,6}}村(?:{_D}{{1,3}}(?:组|队|社))?(?:{_NUM}号)?")
_LIVES = re.compile(
    rf"(?:住在|家住|住|家在|家是|地址是|地址|小区是|小区叫|小区名是|搬到|寄到|送到|装在|位于|"
    rf"人在)[：:，,\s]?(?:[^，。？\n]{{0,5}}的)?"
    rf"(?P<place>{_AREA}{{0,4}}(?:{_SIGN}{{2,8}}?(?:小区|花园|花苑|苑|家园|公寓|新村|家属院|嘉园|"
    rf"公馆|胡同|新城|名邸|大厦|宿舍)|{_SIGN}{{2,7}}(?:村|路|街|巷)(?=[，。！？,.?!\s]|$|那|这|上|"
    rf"边)))"
)
_PREFIX = re.compile(
    "^(?:.{0,6}?(?:地址|住址|上门|家里|位置|快递|装机|安装|收货|师傅|门牌号?|家(?!园|属|乐)|单位|"
    "公司|我们|咱们|咱|[新老]房子?))?[：:，,\\s]*(?:家(?!园|属|乐)(?=\\S{3}))?"
)
_NOT_PLACES = re.compile(
    "^(?:网络|高速|一条|这条|那条|全|整个|本|同|每|哪|附近|隔壁|旁边|周边|我们|咱们|另外|其他|所有|很多|有些)"
)
_STREET = (
    "Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Court|Ct|Way|Place|Pl|Boulevard|Blvd|Crescent|"
    "Terrace|Gardens|Square|Grove|Hill|Park"
)
_EN_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    "seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|oh|and"
)
_EN_FLAT = r"(?:[Aa]partment|[Aa]pt\.?|[Ff]lat|[Uu]nit|[Ss]uite|[Rr]oom)\s#?[\w-]+"
_POSTCODE = r"(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]{2} \d{5}(?:-\d{4})?)"
_ENGLISH = re.compile(
    rf"(?:{_EN_FLAT},? )?(?<![\w$£€])(?:\d{{1,5}}[A-Za-z]?|"
    rf"(?:(?:{_EN_WORDS})[ -])+),? ?(?:[A-Z][\w'.-]* ){{1,3}}(?:{_STREET})\b\.?(?:,? {_EN_FLAT})?"
    rf"(?:,? (?:[A-Z][a-z]+ ?){{1,2}},? {_POSTCODE})?"
)


def find(text: str, language: str = "zh") -> Iterator[Span]:
    """Spans of whole addresses, from the widest part that stands before to the room."""
    if language == "en":
        for found in _ENGLISH.finditer(text):
            yield Span("address", *found.span())
        return
    for pattern in (_BY_ROAD, _BY_ESTATE, _BY_VILLAGE):
        for found in pattern.finditer(text):
            yield from _trimmed(text, *found.span())
    for found in _BY_PARTS.finditer(text):
        yield Span("address", *found.span())
    for found in _LIVES.finditer(text):
        yield from _trimmed(text, *found.span("place"))


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    """Without the words before the place that belong to the sentence."""
    prefix = _PREFIX.match(text[start:end])
    first = start + (prefix.end() if prefix else 0)
    if end - first >= 3 and not _NOT_PLACES.match(text[first:end]):
        yield Span("address", first, end)
