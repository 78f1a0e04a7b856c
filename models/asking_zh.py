"""Whether a Chinese clause asks, and how.

With its mark a clause asks unless it is rhetorical or a tag. Recognition often loses the mark and sometimes the
particle; then a clause asks by its final particle (吗, 不, 没有), by V不V, by A还是B, or by a question word that is
neither used indefinitely (什么都, 没什么, 几个) nor inside a statement (我讲讲有什么), where it stands at the end of
what is said or speaks to the customer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from models import sound
from models.language import Clause

_HAN = r"[\u4e00-\u9fff]"
_YOU = rf"您|你|咱家|家里|孩子|老板|{_HAN}(?:总|姐|哥|叔|姨|女士|先生|老师|经理|师傅|厂长|妈妈|爸爸)"
_WORD = re.compile(
    r"什么|啥|怎么|怎样|咋|多少|多大|多久|多长|多远|多高|多重|多宽|哪|谁|何时"
    r"|几(?=[点个年口岁位间室台样号家趟次月天人种成块级节套名笔层楼路时分张条件斤吨头])"
)
_INDEFINITE = re.compile(
    r"(?:没|没有|不是|也不|算不上|不)(?:什么|啥|怎么|咋|多少|几|谁|哪)"
    r"|想?[咋怎]么?[^，]{1,2}就?[咋怎]么?|(什么|啥|谁|哪|多少|几)[^，。？]{1,8}\1"
    rf"|(?:什么|啥|谁|哪{_HAN}{{0,3}}|怎么|咋|多少|几{_HAN}|多[大久长远高])[^，。？]{{0,6}}(?:都|也)(?!有|在)"
    r"|什么的|多少(?:有点|有些|会|能[^，]{0,2}一?点|得)|(?:这|那|好|十|前|头|近|后|过|再|上|下)几"
    r"|几(?:十|百|千|万|乎|何|率|个字|句话|分钟)|(?:随便|无论|不管|不论|任凭|甭管)[^，。]*"
    r"|要什么|该怎么|什么样的[^，]{0,4}都|哪怕|(?:哪|谁|什么)[^，]{0,4}(?:先别管|别管|不用管|不重要)"
)
"""Question words that ask nothing by themselves."""
_GUESS = re.compile(
    r"八成|可能|也许|估计|说不定|反正|任何时候|走到哪|有(?:什么|啥|哪)[^，]{1,5}的(?!$)|有几[^，]{4,}"
    r"|由(?:您|你)|自己决定|说了算"
)
"""Without a mark, a question word after these belongs to a statement."""

_EMBEDDING = re.compile(
    r"(?:讲|说(?!实话)|聊|看(?!重|好|中|病|得|不|到)|瞧|瞅|听(?!力|着)|介绍|告诉|解释|展示|演示|明白|知道|清楚"
    r"|晓得|想想|算算|想起|记录|登记|核对|查(?!过)|测|教(?!过|的|练))"
    r"[讲说聊看瞧瞅听算查下一您你他她咱们大家给着了]*[^，。？]{0,14}$"
)
_ASKING_FOR = re.compile(
    r"请问|问问?您|请教|打听|(?:想|先|再|问)了解|了解(?:一?下)|想知道|告诉我|跟我(?:说|讲)|给我(?:说|讲)"
    r"|您(?:看|说|觉得|琢磨|想想|知道|还记得|最?想|主要)|你(?:看|说|想)"
)
_TELLING = re.compile(r"(?:给|跟|向|为|替|帮)(?:您|你|大家)|我(?:来|先|就)?(?:给|跟|讲|说|看|查)")

_FINAL_ASK = re.compile(r"(?:吗|(?<![什那这多怎要])么|不成|否)$")
_FINAL_NOT = re.compile(
    rf"(?<![可要])(?<=..)不$|(?:[过了着得见好完]|有{_HAN}{{1,5}})(?:没|没有)$|(?<={_HAN}{{2}})没$"
    r"|(?<![都也是并还从毫就])(?<=..)没有$"
)
_MISHEARD_NOT = re.compile(
    r"有[\u4e00-\u9fff]{1,4}[美妹]$|(?<=[\u4e00-\u9fff]{3})(?<![一进跑同散地初下公分宣发抹弥修后候])[步补布]$"
)
"""不 or 没 at the end of a question, as recognition often writes it."""
_CONSENT = re.compile(
    r"(?:好|行|成|可以|方便|中|要得|同意|合适|愿意|能行|可|妥|清楚|明白|了解)(?:吗|嘛|么|不|否)$|可好$|如何$"
)
_A_NOT_A = re.compile(
    rf"(?<!爱)({_HAN}{{1,2}})不\1|(?<!爱)({_HAN})不\2{_HAN}|有没有|是不是|能不能|会不会|要不要|可不可以|方不方便"
    rf"|愿不愿意|合不合适|记不记得|清不清楚|知不知道|({_HAN}{{1,2}})没\3"
)
_NOT_ASKED = re.compile(
    r"全凭|说了不?算|由(?:您|你|他)|随(?:您|你)|看(?:您|他|情况|那边)|全看|不评论|取决|都行|都可以|自愿|照样|看完再"
    r"|再(?:定|说|看|算)$"
)
"""V不V followed by this says that it is open, and asks nothing."""
_SEEN = re.compile(r"(?:看|瞧|知道|不管|无论|敢说|问|说|查|想想|测)[^，]{0,6}$")
_TO_JUDGE = re.compile(r"(?:您|你)(?:看|说|觉得)[^，]{0,4}$")
_CHOICE_HEAD = re.compile(
    r"(?:是|要|怕|嫌|走|想|为|觉得|担心|早上?|上午|下午|晚上|傍晚|[今明后]天|周.|星期.|礼拜."
    r"|[一二三四五六七八九十\d]点半?|好)[^，]*$"
)
_SAME_SOUND = 0.25
"""Distance of syllables that recognition takes for each other (dang, dan)."""
_TAG = re.compile(
    r"(?:对|是|好|行|对不对|是不是|是不|不是|您说是|你说是|您说对|是这样|没错|知道|懂|明白|您看|哈|啊|嗯|喂|哦|真的)"
    r"(?:吧|吗|嘛|么|啊|呀|不)?"
)
_FILLING_TAG = ("好", "行", "啊", "您看", "哈", "嗯", "喂", "哦")
_ECHO = re.compile(r"(?:喂+|哦+|啊+|嗯+|是吗|真的吗?|真的假的|哎+|咦|什么|啥|谁|您好|你好|怎么)+")
_SUPPOSED = re.compile(rf"(?:{_YOU})[^，]*(?:是|有|在|没|应该|大概|还|也)[^，]*吧$|是[^，]*吧$")
_SUGGESTED = re.compile(r"(?:就|先|再|一?下|试|看|等|放心|说|讲|办|来|算|让|给|约|定|样)吧$|^(?:那|就|这|我|咱)")
_RISING = re.compile(
    rf"(?:吗|吧|呢|么|不|没|没有)$|还是|(?:{_YOU})[^，]{{0,4}}(?:是|有|在|要|叫|姓)|^(?:是|有)|^.{{1,5}}$"
)
"""What a rising statement holds, where the mark alone may be the recogniser's whim."""
_PROPOSED = re.compile(r"(?:^|，)(?:那|您看)*要不(?!要|然|是|得|了)")
"""要不我们周六见: a proposal that waits for a yes."""
_HYPOTHESIS = re.compile(r"^(?:要是|如果|万一|假如|等|只要|不管|无论|除非)")
_CONCLUDES = re.compile(r"^(?:那|所以|都|全|才|再)|^[^，]{0,8}(?:就|都|也)")
"""What follows a condition: 您啥时候不想用了，一个电话就撤."""

_RHETORICAL = re.compile(
    r"难道|岂|(?:门儿|一点儿?|一句|什么|啥)都没|何必|何苦|何况|何乐|凭什么|凭啥|至于吗|何尝"
    r"|怎么(?:会|能|可能|就|敢|好意思|还|叫|不|没有?)(?!办|样|弄)|咋(?:会|能|可能|就|还|不)"
    r"|哪(?:能|会|敢|用|有(?!什么|哪|些|几|没)(?![^，]*(?:吗|没有|呢)$)|里(?:会|能|有|是|知道)|来的"
    r"|儿(?:有|能|会)|门子|个(?:不|会|傻|骗))"
    r"|谁(?:不|会(?:看|信|要|管|稀罕|骗|嫌)|能|敢|叫|让您|怕|稀罕|想到|知道|晓得|管|看$|愿意|还|没|有空|信)"
    r"|(?<![是])不(?:是|就是|正是)[^，。？]*(?:嘛|吗|么)$|(?<!是)不是有|不还(?:是|得)"
    r"|(?:这|那|也|这样|那样)?(?:还|也)(?:能有|能坑|能骗|用问|用说|用得着|不(?:行|够|算|好)|叫|嫌|算|寻思"
    r"|想什么|说什么|要怎[么样])"
    r"|什么叫|啥叫|叫(?:什么|啥)(?!名|$|什么)|算(?:什么|啥|老几)"
    r"|有(?:什么|啥)(?:好|可|用|关系|了不起|大不了|稀奇|办法|不(?:许|能|行|可|好|对))"
    r"|(?:怕|急|慌|担心|关|图|客气)(?:什么|啥)$"
    r"|(?<!您是)(?<!你是)(?<!用来)(?<!用它)(?:干嘛|干啥|干吗|干什么|做什么|做啥)$"
    rf"|{_HAN}(?:得着|得起|得过来|得完)[^，]{{0,6}}(?:吗|么|嘛)$|多大(?:点|个)事|担(?:着|得起|待)"
    rf"|一[整个]?{_HAN}(?:吗|么)$|我(?:说|讲|哪|什么时候|啥时候|能)[^，]{{0,4}}(?:错|骗|坑|害|不)|等于"
    r"|有[^，]{1,6}还[^，]{1,8}(?:这样|那样|成这)"
)


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A clause with its surroundings. `text` lacks modal particles; `last` says that nothing follows in the turn."""

    text: str
    particle: bool
    marked: bool
    closing: bool
    last: bool
    before: str
    rest: str
    previous: str
    surely: bool


def kinds(clauses: Sequence[Clause], surely: bool = True) -> list[Literal["open", "closed"] | None]:
    """The kind of each clause, None where it asks nothing. `surely`: somebody wrote the marks, not a recogniser."""
    return [_kind(_spoken(clauses, place, surely)) for place in range(len(clauses))]


def _spoken(clauses: Sequence[Clause], place: int, surely: bool) -> _Spoken:
    clause = clauses[place]
    text = re.sub(r"(?:[呀啊呢哈呐哪啦哇嘞]|的话)+$", "", re.sub(r"[^\w]", "", clause.text))
    start, end = place, place
    while start and not clauses[start - 1].final:
        start -= 1
    while end < len(clauses) - 1 and not clauses[end].final:
        end += 1
    return _Spoken(
        text=text,
        particle=clause.text.endswith(("呢", "呀", "啊")) and len(text) > 2,
        marked=clause.mark == "?",
        closing=clause.mark == "?" and clause.final,
        last=place == len(clauses) - 1,
        before="，".join(other.text for other in clauses[start:place]),
        rest="，".join(other.text for other in clauses[place + 1 : end + 1]),
        previous=clauses[place - 1].text if place else "",
        surely=surely,
    )


def _kind(clause: _Spoken) -> Literal["open", "closed"] | None:
    if not clause.text or _ECHO.fullmatch(clause.text) or _is_tag(clause) or _RHETORICAL.search(clause.text):
        return None
    if _asks_freely(clause):
        return "open"
    return "closed" if _asks_narrowly(clause) else None


def _is_tag(clause: _Spoken) -> bool:
    """对吧, 是不是 after a statement: a filler, but a check where a fact about the customer comes before it."""
    if not _TAG.fullmatch(clause.text):
        return False
    if re.search(r"(?:好|行)(?:吗|不)$", clause.text):
        return False
    checks = clause.marked and re.search(_YOU, clause.before) and not clause.text.startswith(_FILLING_TAG)
    return not checks


def _asks_freely(clause: _Spoken) -> bool:
    """A question word in asking use."""
    bare = _INDEFINITE.sub("□", clause.text)
    match = _WORD.search(bare)
    if match is None:
        return False
    if not clause.surely and _told(clause, bare[: match.start()]):
        return False
    if clause.closing:
        return not re.search(
            r"^(?:八成|估计|说不定)|(?:有没有|是不是|能不能|要不要|会不会)[^，]{0,3}(?:什么|啥|哪|谁)", clause.text
        )
    if _embedded(bare[: match.start()]):
        return False
    if _HYPOTHESIS.search(clause.text) or _CONCLUDES.search(clause.rest) or _GUESS.search(clause.text):
        return False
    return _stands_as_question(clause, len(bare) - match.end())


def _embedded(head: str) -> bool:
    """What comes before the question word makes it part of a statement: 我给您讲讲…, 看看软件…"""
    return _EMBEDDING.search(head) is not None and (_TELLING.search(head) is not None or not _ASKING_FOR.search(head))


def _told(clause: _Spoken, head: str) -> bool:
    """A recognised question mark after 看我们的软件怎么用 or 得看您那边怎么安排 means nothing."""
    if _NOT_ASKED.search(clause.text):
        return True
    return _embedded(head) and (_TELLING.search(head) is not None or not re.search(_YOU, clause.text))


def _stands_as_question(clause: _Spoken, left: int) -> bool:
    """`left` characters follow the question word in a clause without a mark of its own."""
    to_you = re.search(_YOU, clause.text) is not None
    chosen = re.match(r"(?:是|要).*还是", clause.rest) is not None
    if clause.last or clause.particle or chosen:
        return True
    return left <= 6 and (to_you or clause.marked)


def _asks_narrowly(clause: _Spoken) -> bool:
    """A yes/no question, a choice, or a request for consent."""
    text = clause.text
    if clause.closing and (clause.surely or _RISING.search(text)):
        return True
    if _CONSENT.search(text):
        return True
    if _FINAL_ASK.search(text) or _FINAL_NOT.search(text) or (clause.last and _MISHEARD_NOT.search(text)):
        return True
    if _A_NOT_A.search(text):
        return not _left_open(clause)
    if clause.last and _sounds_a_not_a(text):
        return True
    if "还是" in text:
        return _offers_choice(clause)
    if clause.last and _PROPOSED.search(text + "，" + clause.before):
        return True
    return _SUPPOSED.search(text) is not None and len(text) >= 4 and not _SUGGESTED.search(text)


def _sounds_a_not_a(text: str) -> bool:
    """V不V near the end as recognition writes it by ear: 行步行, 当不担心."""
    for match in re.finditer(r"(?=([\u4e00-\u9fff])[不步布]([\u4e00-\u9fff]))", text[-12:]):
        first, second = sound.syllables(match.group(1)), sound.syllables(match.group(2))
        if sound.distance(first, second) <= _SAME_SOUND:
            return True
    return False


def _left_open(clause: _Spoken) -> bool:
    """V不V inside a statement: 看合不合适, 不管要不要, 能不能过…说了算."""
    match = _A_NOT_A.search(clause.text)
    if match is None or _NOT_ASKED.search(clause.text[match.end() :] + clause.rest):
        return match is not None
    head, left = clause.text[: match.start()], len(clause.text) - match.end()
    if _SEEN.search(head) and not _TO_JUDGE.search(head):
        return True
    return not clause.last and left > 6 and not re.match(r"(?:请问|那|您|你)*$", head)


def _offers_choice(clause: _Spoken) -> bool:
    """A还是B without a mark, in one clause or over two."""
    head, _, tail = clause.text.partition("还是")
    head = head or clause.previous
    if not tail or re.search(r"看(?:他|她|您)?是|不管|无论|不知道", head):
        return False
    return _CHOICE_HEAD.search(head) is not None and not re.match(r"老样|要|得|先|不错|可以|挺|那", tail)
