"""What the call came to: an agreed next step, a follow-up, a refusal, a hang-up, nobody there; with its quote."""

import re
from collections.abc import Sequence

from assist.analysis.findings import CallOutcome, ObjectionFinding, Outcome, PointFinding
from assist.analysis.floor import Floor, evidence
from assist.scripts.library import Library
from assist.transcript import Transcript, Turn
from models import asking, language

MIN_SPEECH_S = 15.0
"""Under this much speech there was no conversation to judge."""

_LAST_TURNS = 8
_TIED = {
    "zh": re.compile(
        r"约|登记|预约|定好|说定|下单|办|提交|记(?:上|下|住|好)|占|留|安排|到时候|那就|准时|见|加(?:您|你"
        r"|个)?微信|再(?:打|联系|问|跟您|给您)|回(?:您|你)?(?:个)?电话|拨(?:过来|给您)|打(?:过来|给您)"
    ),
    "en": re.compile(
        (
            r"\b(?:book|schedul|set (?:you )?up|sign|order|confirm|appointment|meet|call (?:you )?back|send|see "
            r"you)\w*"
        ),
        re.I,
    ),
}
_LATER = {
    "zh": re.compile(
        r"再(?:打|联系|跟您|给您|来个?电话|说|看|定|讲)|回(?:您|你)?(?:个)?电话|改天|回头|过[两几]天|想好"
        r"|到时候|发(?:您|你|给|到|过)|加(?:您|你|个)?微信|考虑|商量|下(?:周|个月|礼拜)"
    ),
    "en": re.compile(
        (
            r"\b(?:call (?:you |me )?back|later|another time|next (?:week|month)|think about|send|email|get back "
            r"to)\b"
        ),
        re.I,
    ),
}
_REFUSAL = {
    "zh": re.compile(
        r"不(?:要|用|需要|买|办|弄|去|参加|加|感兴趣|考虑|想要|稀罕|同意|签|听|上)(?:了)?(?!紧|着急|说|客气"
        r"|开|紧张|钱)|没(?:兴趣|必要|需要)|别(?:再)?(?:打|拨|烦|来电)|用不(?:着|上)|算了|投诉|拉黑|骚扰"
    ),
    "en": re.compile(
        (
            r"\b(?:not interested|no thank|don't (?:want|need|call)|stop calling|take me off|leave me alone"
            r"|complain)\b"
        ),
        re.I,
    ),
}
_POSTPONES = {
    "zh": re.compile(
        r"先(?:别|不|搁|缓)|没(?:拿)?定|定不(?:了|下)|再(?:讲|说|看|定)|过[两几]天|想想|考虑|琢磨|寻思|商量"
        r"|犯嘀咕|等等"
    ),
    "en": re.compile(r"\b(?:not (?:yet|sure)|think about|later|wait|hold on|let me (?:see|check))\b", re.I),
}
_CALLS_AGAIN = {
    "zh": re.compile(
        r"再(?:打|联系|跟您|给您|问您?|来个?电话|去个?电话)|(?:给|跟)您(?:去|来|回|打)个?(?:电话|通话)"
        r"|回(?:您|你)?(?:个)?电话|拨(?:过来|给您)|打(?:过来|给您)|准打|联系您"
    ),
    "en": re.compile(r"\b(?:call (?:you )?(?:back|again)|ring you|get back to you|follow up)\b", re.I),
}
_CUT_OFF = {
    "zh": re.compile(
        r"挂了|挂啦|不说了|不听了|不跟你|懒得|有病|莫名其妙|骗子|滚|烦死|气死|什么人|投诉|简直|拉黑|无聊|神经"
    ),
    "en": re.compile(r"\b(?:hanging up|goodbye\.?$|ridiculous|scam|rude|leave me|whatever)\b", re.I),
}
_NOTHING = {
    "zh": re.compile(r"不(?:要|用)(?:了)?(?:谢谢)|茶|车位|老花镜|[水饭]"),
    "en": re.compile(r"(?!)"),
}


def nobody_there(floor: Floor) -> bool:
    """Under 15 s of speech, only one side speaking, or a machine answering."""
    if floor.speech_seconds < MIN_SPEECH_S or not any(turn.text.strip() for turn in floor.transcript.turns):
        return True
    if floor.transcript.speakers_uncertain:
        return False
    customer = floor.of("customer")
    if not customer or not floor.of("agent"):
        return True
    said = sum(len(turn.text) for turn in customer)
    machine = sum(len(turn.text) for turn in customer if language.is_voicemail(turn.text, floor.language))
    return machine * 2 > said


def read(
    transcript: Transcript,
    library: Library,
    points: Sequence[PointFinding] = (),
    objections: Sequence[ObjectionFinding] = (),
    floor: Floor | None = None,
) -> Outcome:
    """The outcome of one call; `unknown` where the end of the recording tells nothing."""
    floor = floor or Floor(transcript)
    if nobody_there(floor):
        return Outcome("no-conversation", evidence(floor.turns[-1]) if floor.turns else None)
    if transcript.speakers_uncertain:
        return Outcome("unknown")
    return (
        _hung_up(floor, objections)
        or _agreed(floor, library, points, objections)
        or _follow_up(floor, objections)
        or _refused(floor, objections)
        or Outcome("unknown")
    )


def _tongue(floor: Floor) -> str:
    return language.known(floor.language)


def _last_no(floor: Floor, objections: Sequence[ObjectionFinding]) -> int:
    """Place of the last clear no: a refusal, or an objection that nobody answered; -1 where there is none."""
    places = [floor.place(found.evidence.turn) for found in objections if found.force == "refusal"]
    places += [place for place, turn in enumerate(floor.turns) if turn.speaker == "customer" and _refuses(turn, floor)]
    return max(places, default=-1)


def _refuses(turn: Turn, floor: Floor) -> bool:
    tongue = _tongue(floor)
    return bool(_REFUSAL[tongue].search(turn.text)) and not _NOTHING[tongue].search(turn.text) and "？" not in turn.text


def _hung_up(floor: Floor, objections: Sequence[ObjectionFinding]) -> Outcome | None:
    """The customer ends it in anger, or the call breaks off without a farewell after an objection."""
    tongue = _tongue(floor)
    for turn in reversed(floor.of("customer")[-2:]):
        if _CUT_OFF[tongue].search(turn.text) and not language.assents(turn.text, tongue):
            return Outcome("hung-up", evidence(turn))
    last = floor.turns[-1]
    farewell = any(language.read(turn.text, tongue).has("farewell", "thanks") for turn in floor.turns[-3:])
    spoken = floor.of("customer")
    final = spoken[-1].id if spoken else None
    open_end = [found for found in objections if found.evidence.turn == final]
    if open_end and not farewell and not language.assents(last.text, tongue):
        return Outcome("hung-up", open_end[-1].evidence)
    return None


def _agreed(
    floor: Floor, library: Library, points: Sequence[PointFinding], objections: Sequence[ObjectionFinding]
) -> Outcome | None:
    """The agent proposes or repeats a step with its time, and the customer says yes or names the time himself."""
    after = _last_no(floor, objections)
    objected = {found.evidence.turn for found in objections}
    for place in range(len(floor.turns) - 1, max(after, 0), -1):
        turn = floor.turns[place]
        if turn.speaker == "customer" and turn.id not in objected and _accepts(floor, place, library, points):
            return Outcome(_binding(floor.turns[place - 1], floor, library, points), evidence(turn))
    return None


def _binding(asked: Turn, floor: Floor, library: Library, points: Sequence[PointFinding]) -> CallOutcome:
    """Consent to another phone call alone is a follow-up; to a step of the closing stage, or to a meeting, agreed."""
    again = _CALLS_AGAIN[_tongue(floor)].search(asked.text) is not None
    following = [turn for turn in floor.after(asked.id)[1:3] if turn.speaker == "agent"]
    closes = any(_closes(turn, library, points) for turn in (asked, *following))
    return "follow-up" if again and not closes else "agreed"


def _accepts(floor: Floor, place: int, library: Library, points: Sequence[PointFinding]) -> bool:
    turn, asked = floor.turns[place], floor.turns[place - 1]
    tongue = _tongue(floor)
    if asked.speaker != "agent" or language.denies(turn.text, tongue) or _POSTPONES[tongue].search(turn.text):
        return False
    timed = language.read(asked.text, tongue).has("time") or language.read(turn.text, tongue).has("time")
    following = floor.turns[place + 1 : place + 2]
    closing = any(_closes(near, library, points) for near in (asked, *following)) or bool(
        _TIED[tongue].search(asked.text)
    )
    names_time = language.read(turn.text, tongue).has("time") and bool(asking.questions(asked.text, tongue))
    return timed and closing and (_consents(turn.text, tongue) or names_time)


def _consents(text: str, tongue: str) -> bool:
    """行啊 at the beginning, or 那成吧 at the end."""
    clauses = language.read(text, tongue).clauses
    return language.assents(text, tongue) or bool(clauses and language.assents(clauses[-1].text, tongue))


def _closes(turn: Turn, library: Library, points: Sequence[PointFinding]) -> bool:
    """Whether a point of the closing stage stands in this turn."""
    close = {point.id for stage, point in library.points() if stage == "close"}
    return any(point.evidence and point.evidence.turn == turn.id and point.id in close for point in points)


def _follow_up(floor: Floor, objections: Sequence[ObjectionFinding]) -> Outcome | None:
    """Another contact is spoken of after the last no, without a fixed time or without consent."""
    tongue = _tongue(floor)
    after = _last_no(floor, objections)
    late = floor.turns[max(after + 1, len(floor.turns) - _LAST_TURNS) :]
    welcome = after < 0 or any(turn.speaker == "customer" and language.assents(turn.text, tongue) for turn in late)
    spoken = [turn for turn in late if _LATER[tongue].search(turn.text)]
    return Outcome("follow-up", evidence(spoken[-1])) if spoken and welcome else None


def _refused(floor: Floor, objections: Sequence[ObjectionFinding]) -> Outcome | None:
    place = _last_no(floor, objections)
    if place >= 0:
        return Outcome("refused", evidence(floor.turns[min(place, len(floor.turns) - 1)]))
    late = [found for found in objections if floor.place(found.evidence.turn) >= len(floor.turns) - 4]
    return Outcome("refused", late[-1].evidence) if late else None
