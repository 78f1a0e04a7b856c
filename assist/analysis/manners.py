"""Manners of the agent, built in: vulgar, insulting or contemptuous words."""

import re

from assist.analysis.findings import Evidence
from assist.analysis.floor import Floor, evidence
from models.language import known

_WORDS = {
    "zh": re.compile(
        r"他妈的?|妈的|操你|傻[逼叉]|混蛋|王八蛋|放屁|去死|滚(?:蛋|开|远点)|闭嘴|神经病|脑子有(?:病|问题|坑)|有病吧"
        r"|白痴|蠢货|废物|穷(?:鬼|光蛋)|没(?:文化|素质|教养|见过世面)|见识(?:少|短)|没福气|(?:买|掏)不起就"
        r"|(?:听|看)不懂(?:人话|中国话)|亏您?还是|爱(?:买|信|要|听|办)不\w|别(?:回头)?找我哭|哭都(?:没地方|来不及)"
        r"|您?要求可真低|连这(?:个|点)都(?:不懂|分不清|不知道)|谁怕谁|投诉去(?:呗|吧|啊)|随(?:您|你)(?:的)?便"
    ),
    "en": re.compile(
        r"\b(?:shut up|idiot|stupid|moron|damn you|go to hell|screw you|what(?:'s| is) wrong with you|are you deaf"
        r"|you people|can't you (?:read|understand)|your loss|suit yourself|don't come crying)\b",
        re.I,
    ),
}


def find(floor: Floor) -> tuple[Evidence, ...]:
    """Where the agent said such words, first one per turn."""
    pattern = _WORDS[known(floor.language)]
    matches = ((turn, pattern.search(turn.text)) for turn in floor.of("agent"))
    return tuple(evidence(turn, match.start(), match.end()) for turn, match in matches if match)
