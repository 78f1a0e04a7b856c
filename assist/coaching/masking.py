"""Names taken out of what is shown of a call, so that it can be projected in front of a team. The sound keeps them."""

import re
from collections.abc import Iterator

from assist.privacy import find
from models import sound

HIDDEN = "××"

_FAMILY = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜戚谢邹喻苏潘葛范彭郎鲁韦马苗方俞任袁柳史唐费廉岑薛雷贺倪汤罗毕郝安常"
    "傅康伍余顾孟黄穆萧尹姚邵汪毛米戴宋庞熊纪项祝董梁杜阮蓝闵季贾江童郭梅林钟徐邱骆高夏蔡田樊胡凌霍万柯卢莫房丁邓单洪包左石崔龚程裴陆翁"
    "曲段侯武刘龙叶黎白蒲赖卓乔谭申冉牛尚温庄柴阎廖耿文欧聂曾关向游付肖岳齐易管洪辛殷"
)
_TITLES = "先生|女士|小姐|太太|经理|老师|老板|主任|师傅|大哥|大姐|阿姨|叔叔"
_ADDRESSED = re.compile(rf"(?:欧阳|上官|司马|诸葛|[{_FAMILY}])[一-鿿]{{0,2}}?(?={_TITLES})")
_BRIEFLY = re.compile(rf"[{_FAMILY}](?=[哥姐]|总(?![是共的计体之算要会在]))|(?<=姓)[{_FAMILY}]")
_CALLED_LITTLE = re.compile(rf"(?<=[小老阿])[{_FAMILY}](?![一-鿿]?区|时)")
_MISTER = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr)\.? +[A-Z][\w'-]*(?: [A-Z][\w'-]*)?")
_NUMBER = re.compile(r"(?:\d[\s-]?){7,}|[零〇一二三四五六七八九幺]{7,}")


def hidden(text: str, *names: str) -> str:
    """`text` without the given names (however recognition spelled them), names before a form of address, and long
    numbers."""
    spans = sorted(_spans(text, names))
    out, at = [], 0
    for start, end in spans:
        if end <= at:
            continue
        out += [text[at : max(at, start)], HIDDEN if start >= at else ""]
        at = end
    return "".join([*out, text[at:]])


def _spans(text: str, names: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    yield from ((span.start, span.end) for span in find(text))
    for pattern in (_ADDRESSED, _BRIEFLY, _CALLED_LITTLE, _MISTER, _NUMBER):
        yield from (found.span() for found in pattern.finditer(text))
    for name in names:
        yield from _named(text, name.strip())


def _named(text: str, name: str) -> Iterator[tuple[int, int]]:
    """Where a name stands, also as another word of the same sound; a name of three signs also without the family's."""
    if len(name) < 2:
        return
    yield from (found.span() for found in re.finditer(re.escape(name), text, re.IGNORECASE))
    wanted = sound.syllables(name)
    told = sound.spoken(text)
    for part in (wanted, wanted[1:]) if len(wanted) > 2 else (wanted,):
        for first in range(len(told.syllables) - len(part) + 1):
            if told.syllables[first : first + len(part)] == part and len(part) > 1:
                yield told.places[first][0], told.places[first + len(part) - 1][1]
