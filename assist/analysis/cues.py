"""Plain signs in a text that features are made of: does it ask, deny, quote."""

import math
import re

_ASKS = re.compile(
    r"[?？吗么呢]|什么|怎么|怎样|多少|多大|多久|哪|几[个口年岁点位台家号楼]|谁|为啥|啥|"
    r"[行成好对是有能可][不没](?:[行成好对是有能可])?[，。？?!]?$|有没有|是不是|能不能|可不可以|方不方便|还是|"
    r"\b(?:what|how|when|where|who|why|which|do you|are you|can i|could|would|is it)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"不[能敢会可是保]|不可能|没(?:法|办法|有|人|谁|哪)|没[^，。]{0,4}(?:保证|承诺)|无法|别(?:信|听|以为)|谈不上|未必|不一定|说不准|不好说|并非|哪[有能敢]|"
    r"禁止|不允许|不让|违规|骗人的|假的|\b(?:not|never|no|cannot|can't|won't|don't|nobody)\b",
    re.IGNORECASE,
)
_QUOTES = re.compile(
    r"您(?:刚才|刚刚|是)?(?:说|讲|问|提)|有(?:的)?人(?:说|讲|跟您)|别人|人家|他们(?:说|讲)|如果|要是|假如|网上|听说|"
    r"凡是|谁(?:要是|跟您)|\b(?:you said|they say|if (?:any|some)one|people say)\b",
    re.IGNORECASE,
)


_PROMISES = re.compile(
    r"保证|保过|保本|包(?:过|会|治|赔|退|您|你|赚)|肯定|绝对|百分之?百|打包票|打保票|担保|一定能|稳(?:赚|过|拿)|铁定|板上钉钉|永久|永远|终身|一辈子|"
    r"全(?:额|款|部)?(?:退|赔|免|包)|一分(?:钱)?(?:都|也)?不|零风险|没有?(?:任何)?风险|最后(?:一|两|几)|就剩|只剩|今天(?:必须|不)|"
    r"官方|国家|政府|总部|银行(?:要求|规定)|指定|内部|别家|他们家|那家|返现|回扣|红包|不(?:用|必)管|随便(?:填|写)|别(?:写|说|告诉)|"
    r"\b(?:guarantee\w*|promise\w*|always|never|forever|for life|100\s?%|risk[- ]free|last one|official\w*)\b",
    re.IGNORECASE,
)


def promises(text: str) -> bool:
    """Whether the text holds a word that forbidden promises, claims and pressure of any trade are made with."""
    return bool(_PROMISES.search(text))


def asks(text: str) -> bool:
    """Whether the text holds a sign of a question."""
    return bool(_ASKS.search(text))


def denies(text: str) -> bool:
    return bool(_DENIES.search(text))


def quotes(text: str) -> bool:
    """Whether what is said is put into somebody else's mouth, or into a condition."""
    return bool(_QUOTES.search(text))


_DISCLAIMS = re.compile(
    r"不(?:承诺|保证|打包票|担保)|从来?不(?:说|讲|承诺|保证)|"
    r"(?:不[能敢会好]|没法|无法|不可能|没有?(?:谁|人|哪家)|谁(?:也|都|能|敢)|哪[能敢有]|从不|决不|绝不)[^，,。！？]{0,8}"
    r"(?:保证|承诺|打包票|包票|夸口|答应|吹|许诺|包过|担保|打保票)|"
    r"(?:没有|不是|并非|别信|哪有)[^，,。！？]{0,10}(?:好事|这回事|这种事|那种事|终身|永久|一辈子|强制|白送|百分之?百|稳赚)|"
    r"(?:百分之?百|万无一失|绝对|稳赚|终身免费)[^，,。！？]{0,6}(?:不敢|不能|做不到|没有|不存在)|"
    r"\b(?:can(?:'t|not)|won't|never|nobody can|don't)\b.{0,20}\b(?:guarantee|promise|commit)|"
    r"\bnot (?:free|guaranteed|for life)\b",
    re.IGNORECASE,
)


def disclaims(text: str) -> bool:
    """Whether the text says that something may not, or cannot, be promised."""
    return bool(_DISCLAIMS.search(text))


_WORD = re.compile(r"[A-Za-z']+ ?")


def length(text: str) -> float:
    """How much is said, on a logarithmic scale of Chinese characters: a word in Latin letters counts as two."""
    return math.log(1 + len(_WORD.sub("··", text)))
