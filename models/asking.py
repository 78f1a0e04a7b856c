"""Whether a sentence asks, and how: open (什么, 怎么, 多少) or closed (吗, 是不是, A还是B), marked or not.

Reads marks where there are any. Without them, Chinese still asks by a final particle, by V不V, or by a question word
that is not used indefinitely (什么都, 没什么, 几个) nor inside a statement (讲讲有什么). Rhetorical questions and tags
ask nothing.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from models import asking_en
from models.language import Clause, known, read

Kind = Literal["open", "closed"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question inside a text: its kind, and its clause's character offsets."""

    kind: Kind
    start: int
    end: int
    text: str


@lru_cache(maxsize=16384)
def questions(text: str, language: str = "zh") -> tuple[Asked, ...]:
    """The questions that a text really asks, clause by clause."""
    clauses = read(text, language).clauses
    if known(language) == "en":
        kinds = [asking_en.kind(clause) for clause in clauses]
    else:
        kinds = [_kind(clause, _before(clauses, i), _rest(clauses, i)) for i, clause in enumerate(clauses)]
    return tuple(Asked(kind, c.start, c.end, c.text) for c, kind in zip(clauses, kinds, strict=True) if kind)


def most_open(asked: tuple[Asked, ...]) -> Kind | None:
    """The kind of a turn with several questions: the most open one."""
    kinds = {question.kind for question in asked}
    return "open" if "open" in kinds else "closed" if kinds else None


def _before(clauses: tuple[Clause, ...], i: int) -> str:
    """The earlier clauses of the same sentence, nearest last."""
    start = i
    while start and not clauses[start - 1].final:
        start -= 1
    return "，".join(clause.text for clause in clauses[start:i])


def _rest(clauses: tuple[Clause, ...], i: int) -> str:
    """The later clauses of the same sentence."""
    end = i
    while end < len(clauses) - 1 and not clauses[end].final:
        end += 1
    return "，".join(clause.text for clause in clauses[i + 1 : end + 1])


# --- Chinese -------------------------------------------------------------------------------------------------------

_YOU = r"您|你|咱家|家里|孩子|老板|[\u4e00-\u9fff](?:总|姐|哥|叔|姨|女士|先生|老师|经理|师傅|厂长|妈妈|爸爸)"
_WH = (
    r"什么|啥|怎么|怎样|咋|为何|多少|多大|多久|多长|多远|多高|多重|多宽|哪|谁|何时"
    r"|几(?=[点个年口岁位间室台样号家趟次月天人种成块级节套名笔层楼路口时分套张条件斤吨头])"
)
_WH_USE = re.compile(_WH)
_INDEFINITE = re.compile(
    r"(?:没|没有|不是|也不|算不上|不)(?:什么|啥|怎么|咋|多少|几|谁|哪)"  # 没什么, 不怎么
    r"|(?:什么|啥|谁|哪[\u4e00-\u9fff]{0,3}|怎么|咋|多少|几[\u4e00-\u9fff]"
    r"|多[大久长远高])[^，。？]{0,6}(?:都|也)(?!有哪|有什么|有啥)"
    r"|什么的|多少(?:有点|有些|会|能[^，]{0,2}一?点|得)|(?:这|那|好|十|前|头|近|后|过|有|没|再|上|下)几"
    r"|几(?:十|百|千|万|乎|何|率|个字|句话|分钟)"
    r"|(?:随便|无论|不管|不论|任凭|甭管)[^，。]*"
    r"|想[咋怎]|[咋怎]么?[^，。]{1,2}[咋怎]|(什么|啥|谁|哪|多少|几)[^，。？]{1,8}\1"
    r"|(?:要什么|该怎么|有什么[^，]{0,4}有什么|哪怕|什么样的[^，]{0,4}都)"
)
_EMBEDDING = re.compile(
    r"(?:讲|说|聊|看|瞧|瞅|听|介绍|告诉|解释|展示|演示|明白|知道|清楚|晓得|想想|算算|想起|记得|记录|登记"
    r"|核对|查|测|教|瞧清楚)"
    r"[讲说聊看瞧瞅听算查下一您你他她咱们大家给着了]*[^，。？]{0,14}$"
)
_ASKING_FOR = re.compile(
    r"(?:请问|问|问问|请教|打听|了解|想知道|方便问|告诉我|跟我说说|给我讲讲|说说|讲讲|聊聊|您看|您说"
    r"|您觉得|您琢磨|您想想|你看)[^，]{0,10}$"
)
_FINAL_ASK = re.compile(r"(?:吗|[^什那这多]么|不成)$")
_FINAL_NOT = re.compile(
    r"(?<![可要])不$|(?:[过了着得见好完]|有[\u4e00-\u9fff]{1,5})(?:没|没有)$|(?<=[\u4e00-\u9fff]{2})没$"
    r"|(?<![都也是并还从毫就])没有$"
)
_CONSENT = re.compile(
    r"(?:好|行|成|可以|方便|中|要得|同意|合适|愿意|能行|可|妥|清楚|明白|了解|这样可以|您看)(?:吗|嘛|么|不"
    r"|吧|否)$|可好$|如何$"
)
_A_NOT_A = re.compile(
    r"([\u4e00-\u9fff]{1,2})不\1|([\u4e00-\u9fff])不\2[\u4e00-\u9fff]|有没有|是不是|能不能|会不会|要不要"
    r"|可不可以|方不方便|愿不愿意|合不合适|记不记得|清不清楚|知不知道|([\u4e00-\u9fff])没\3"
)
_CHOICE = re.compile(r"[\u4e00-\u9fff\d]{1,}还是[\u4e00-\u9fff\d]{1,}")
_BA = re.compile(r"吧$")
_TAG = re.compile(
    r"^(?:对|是|好|行|对不对|是不是|是不|不是|您说是|你说是|您说对|是这样|没错|知道|懂|明白|您看|哈|啊|嗯|喂"
    r"|哦|真的|是)(?:吧|吗|嘛|么|啊|呀|不)?$"
)
_ECHO = re.compile(r"^(?:喂+|哦+|啊+|嗯+|是吗|真的吗?|真的假的|哎+|咦|什么|啥|谁|您好|你好|怎么)$")

_RHETORICAL = re.compile(
    r"难道|岂|何必|何苦|何况|何乐|凭什么|凭啥|至于吗|何尝"
    r"|怎么(?:会|能|可能|就|敢|好意思|还|叫|不|没有?)(?!办|样|弄)|咋(?:会|能|可能|就|还|不)"
    r"|哪(?:能|会|敢|用|有(?!什么|哪|些|几|没)(?![^，]*(?:吗|没有|呢)$)|里(?:会|能|有|是|知道)|来的"
    r"|儿(?:有|能|会)|门子|个(?:不|会|傻|骗))"
    r"|谁(?:不|会|能|敢|叫|让您|怕|稀罕|想到|知道|晓得|管|看(?:啊|呀)|愿意|还|没|有空|信)"
    r"|不(?:是|就是|正是)[^，。？]*(?:嘛|吗|么)$|不是有"
    r"|(?:这|那|也|这样|那样)?(?:还|也)(?:能有|能坑|能骗|用问|用说|用得着|不(?:行|够|算|好)|叫|嫌|算|寻思"
    r"|想什么|说什么|要怎[么样])"
    r"|(?:什么|啥)(?:叫)|叫(?:什么|啥)(?!名|呀?$|什么)|算(?:什么|啥|老几)|有(?:什么|啥)(?:好|可|用|关系"
    r"|了不起|大不了|稀奇|办法|不(?:许|能|行|可|好|对|放心的吗?))"
    r"|(?:怕|急|慌|担心|关|图|客气)(?:什么|啥)(?:呀|呢|啊|嘛)?$"
    r"|(?<!您是)(?<!你是)(?<!用来)(?<!用它)(?:干嘛|干啥|干吗|干什么|做什么|做啥)(?:呀|呢|啊)?$"
    r"|[\u4e00-\u9fff](?:得着|得起|得过来|得完)[^，]{0,6}(?:吗|么|嘛)$|多大(?:点|个)事|担(?:着|得起|待)"
    r"|一[整个]?[\u4e00-\u9fff](?:吗|么)$|我(?:说|讲|哪|什么时候|啥时候|能)[^，]{0,4}(?:错|骗|坑|害|不)|等于|总得给"
    r"|有[^，]{1,6}还[^，]{1,8}(?:这样|那样|成这)|(?:这|那)样?想不更"
)
_HYPOTHESIS = re.compile(r"^(?:要是|如果|万一|假如|等|只要|不管|无论|除非)")
_FURTHER = re.compile(
    r"^(?:得|要)?(?:看|由|全凭|取决|说了算|再说|都|也|就|才|才能)|说了算|看完再|您看了算|再(?:定|说|看|算)$"
)


def _kind(clause: Clause, before: str, rest: str) -> Kind | None:
    """The kind of one Chinese clause, None where it asks nothing."""
    text = re.sub(r"[^\w]", "", re.sub(r"(?:[呀啊呢哈哦呐哪啦哇嘞]|的话)+$", "", clause.text))
    if not text or _ECHO.match(text) or _is_tag(text, clause, before):
        return None
    if _rhetorical(clause.text.rstrip("呀啊哈"), clause, before):
        return None
    if _asks_word(text, clause, rest):
        return "open"
    return "closed" if _asks_choice(text, clause, before, rest) else None


def _is_tag(text: str, clause: Clause, before: str) -> bool:
    """对吧, 是不是 after a statement: a filler, but a check of a fact about the customer where 您 comes before it."""
    if not _TAG.match(text):
        return False
    checks = (
        clause.mark == "?" and re.search(_YOU, before) is not None and not text.startswith(("好", "行", "啊", "您看"))
    )
    return not checks


def _rhetorical(text: str, clause: Clause, before: str) -> bool:
    return _RHETORICAL.search(text) is not None


def _asks_word(text: str, clause: Clause, rest: str) -> bool:
    """A question word in asking use."""
    bare = _INDEFINITE.sub("□", text)
    match = _WH_USE.search(bare)
    if match is None:
        return False
    if clause.mark == "?" and clause.final:
        return not re.search(r"(?:有没有|是不是|能不能|要不要|会不会)[^，]{0,3}(?:什么|啥|哪|谁)", text)
    if _EMBEDDING.search(bare[: match.start()]) and not _ASKING_FOR.search(bare[: match.start()]):
        return False
    return _addressed(text, clause, rest, bare, match.end())


def _addressed(text: str, clause: Clause, rest: str, bare: str, after: int) -> bool:
    """Without a mark of its own: a question to the customer, or one that ends in its question word or particle."""
    if re.search(r"^(?:那|所以|就|也|都|全|才|再|的话)", rest) or _HYPOTHESIS.search(text):
        return False
    particle = clause.text.endswith(("呢", "呀", "啊"))
    to_you = re.search(_YOU, text) is not None
    late = len(bare) - after <= 6
    if clause.mark == "?":
        return to_you or particle or late
    return (to_you and late) or particle


def _asks_choice(text: str, clause: Clause, before: str, rest: str) -> bool:
    """A yes/no question, a choice, or a request for consent."""
    if clause.mark == "?" and clause.final:
        return not re.fullmatch(r"(?:喂|您好|你好)+", text)
    if _CONSENT.search(text) and not re.search(r"吧$", text):
        return True
    if _FINAL_ASK.search(text) or _FINAL_NOT.search(text):
        return not re.search(r"要么|那么|这么|什么|多么|怎么$", text[-2:])
    if _A_NOT_A.search(text):
        return not _FURTHER.search(text[-6:]) and not _FURTHER.search(rest) and not _quoted(text)
    if _CHOICE.search(text):
        return _named_choice(text, before)
    return _supposes(text)


def _quoted(text: str) -> bool:
    """V不V inside a statement: 看合不合适, 不管要不要, 能不能过…说了算."""
    match = _A_NOT_A.search(text)
    if match is None:
        return False
    if re.search(r"(?:看|瞧|知道|不管|无论|敢说|问|说|查|想想|测)[^，]{0,6}$", text[: match.start()]) and not re.search(
        r"(?:您|你)(?:看|说)[^，]{0,4}$", text[: match.start()]
    ):
        return True
    return len(text) - match.end() > 8 and not re.match(r"(?:请问|那)?(?:您|你)", text)


def _named_choice(text: str, before: str) -> bool:
    return (
        re.search(
            (
                r"是[^，]*还是|(?:您|你|要|怕|嫌|走|想|为|早上?|上午|下午|晚上|周."
                r"|[一二三四五六七八九十]点半?)[^，]*还是"
            ),
            text,
        )
        is not None
    )


def _supposes(text: str) -> bool:
    """您是李女士吧: a supposition about the customer, no suggestion (您先看看吧)."""
    if not _BA.search(text) or len(text) < 4:
        return False
    return re.search(
        rf"(?:{_YOU})[^，]*(?:是|有|在|没|应该|大概|还|也)|是[^，]*(?:吧)$", text
    ) is not None and not re.search(
        r"(?:就|先|再|一?下|试|看|等|放心|说|讲|办|来|算|让|给|约|定|样)吧$|^(?:那|就|这|我|咱)", text
    )
