"""The questions of the agent: open or closed, stacked, answered by himself, taking up what the customer just said."""

import re

from assist.analysis.findings import QuestionFinding
from assist.analysis.floor import Floor, evidence
from assist.transcript import Transcript, Turn
from models import asking, language

WAIT_S = 1.5
"""Who goes on within this many seconds after his own question has not waited for the answer."""

_ANSWER = {
    "zh": re.compile(
        r"因为|就是|其实|说白了|无非|当然|肯定|一般(?:都|是|来说)|通常|不就|答案|大概(?:就)?是|应该是|是不是(?:就是|因为)"
    ),
    "en": re.compile(r"(?:because|it's because|obviously|of course|basically|usually|the answer|well, it's)\b", re.I),
}
"""How somebody begins who answers his own question."""
_EMPTY_WORDS = frozenset(
    "的 了 是 我 你 您 他 她 它 我们 你们 您这 咱 咱们 就 都 也 还 在 有 没 没有 不 这 那 这个 那个 嗯 "
    "啊 呢 吧 吗 呀 嘛 哦 对 好 好的 行 一 个 一个 "
    "说 要 会 能 去 来 到 和 跟 给 把 被 让 上 下 里 什么 怎么 多少 几 哪 谁 啥 咋 现在 今天 就是 然后 可以 知道 觉得 "
    "the a an i you he she it we they is are was were do does did be to of in on at and or but that this not no yes so "
    "what how when where why who have has had my your our me for with".split()
)


def find(transcript: Transcript, floor: Floor | None = None) -> tuple[QuestionFinding, ...]:
    """Every question in a turn of the agent, in order. Unintelligible turns and unknown speakers ask nothing."""
    floor = floor or Floor(transcript)
    found: list[QuestionFinding] = []
    for turn in floor.of("agent"):
        found += _of_turn(turn, floor)
    return tuple(found)


def _of_turn(turn: Turn, floor: Floor) -> list[QuestionFinding]:
    asked = asking.questions(turn.text, floor.language, floor.transcript.layout == "text")
    sentences = _separate(asked, turn.text)
    heard = _heard_just_before(turn, floor)
    return [
        QuestionFinding(
            evidence(turn, question.start, question.end + 1),
            question.kind,
            follow_up=_takes_up(turn.text, heard, floor.language),
            stacked=sentences >= 2,
            self_answered=question is asked[-1] and _answers_himself(turn, question.end, floor),
        )
        for question in asked
    ]


def _separate(asked: tuple[asking.Asked, ...], text: str) -> int:
    """How many separate questions: a choice spread over clauses or a closing 好吗 is one with what it belongs to."""
    count = 0
    for before, question in zip((None, *asked), asked, strict=False):
        joined = before is not None and not re.search(r"[？?。！!]", text[before.end : question.start])
        count += not joined
    return count


def _heard_just_before(turn: Turn, floor: Floor) -> str:
    """What the customer said since the agent's last turn."""
    words: list[str] = []
    for earlier in reversed(floor.before(turn.id)):
        if earlier.speaker == "agent":
            break
        words.append(earlier.text)
    return " ".join(words)


def _takes_up(text: str, heard: str, tongue: str) -> bool:
    """Whether the agent uses a telling word of what was just said to him."""
    ours = {word.lower() for word in language.read(text, tongue).words} - _EMPTY_WORDS
    theirs = {word.lower() for word in language.read(heard, tongue).words} - _EMPTY_WORDS
    return any(language.length(word) and (len(word) > 1 or word.isdigit()) for word in ours & theirs)


def _answers_himself(turn: Turn, offset: int, floor: Floor) -> bool:
    """The agent gives the answer himself, in the turn or in a next one of his without a pause for the customer."""
    rest = turn.text[offset:]
    if language.length(rest) >= 4:
        return _ANSWER[language.known(floor.language)].match(rest.lstrip("？?，, ")) is not None
    following = floor.after(turn.id)[:1]
    if not following or following[0].speaker != "agent" or not turn.seconds:
        return False
    soon = turn.end <= following[0].start <= turn.end + WAIT_S
    return soon and _ANSWER[language.known(floor.language)].match(following[0].text) is not None
