"""Pieces of several voices → turns in order: joined while nobody else takes the floor, back-channels set apart."""

import re
from collections.abc import Mapping, Sequence

from assist.calls.pieces import Piece
from assist.transcript import Speaker, Turn, Word

_SAME_TURN_PAUSE = 2.5
_LONGEST_BACKCHANNEL = 1.6
# The other voice goes on within this many seconds, so the floor was never given up.
_FLOOR_KEPT = 0.8
_BACKCHANNEL = re.compile(
    r"^(嗯|恩|唔|哦|噢|喔|啊|哎|诶|欸|呃|对|是|好|行|成|中|好的|好吧|行吧|是的|是啊|对啊|对呀|对对|明白|知道了?|了解|可以|没错|这样啊?|"
    r"uh[- ]?huh|mm[- ]?hmm?|mhm|hmm+|yeah|yes|yep|okay|ok|right|sure|i see|oh|ah)+$",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[，。？！；：、….,?!\s]+")


def is_backchannel_text(text: str) -> bool:
    """Whether the words only say "I am listening" (嗯, 对, 好的)."""
    bare = _MARKS.sub("", text)
    return len(bare) <= 12 and bool(_BACKCHANNEL.match(bare))


def make(pieces: Sequence[Piece], speakers: Mapping[int, Speaker]) -> tuple[Turn, ...]:
    """Turns in order of their start; `speakers` says who each voice is."""
    ordered = sorted((piece for piece in pieces if piece.text), key=lambda piece: (piece.start, piece.voice))
    aside = {id(piece) for i, piece in enumerate(ordered) if _is_backchannel(i, ordered)}
    groups = _grouped(ordered, aside)
    groups.sort(key=lambda group: (group[0].start, group[0].voice))
    return tuple(
        _turn(number, group, speakers.get(group[0].voice, "unknown"), id(group[0]) in aside)
        for number, group in enumerate(groups)
    )


def _grouped(ordered: Sequence[Piece], aside: set[int]) -> list[list[Piece]]:
    groups: list[list[Piece]] = []
    floor: list[Piece] | None = None
    for piece in ordered:
        if id(piece) in aside:
            groups.append([piece])
        elif floor is not None and _goes_on(floor[-1], piece):
            floor.append(piece)
        else:
            floor = [piece]
            groups.append(floor)
    return groups


def _goes_on(last: Piece, piece: Piece) -> bool:
    return (
        last.voice == piece.voice
        and last.unintelligible == piece.unintelligible
        and piece.start - last.end < _SAME_TURN_PAUSE
    )


def _is_backchannel(index: int, ordered: Sequence[Piece]) -> bool:
    """A listener's word during the other's speech: the other spoke before it and goes on speaking after it."""
    piece = ordered[index]
    if piece.seconds > _LONGEST_BACKCHANNEL or not is_backchannel_text(piece.text):
        return False
    others = [other for other in ordered if other.voice != piece.voice]
    if any(other.start < piece.start and other.end > piece.end - 0.1 for other in others):
        return True
    before = any(0 <= piece.start - other.end < _FLOOR_KEPT for other in others)
    after = any(0 <= other.start - piece.end < _FLOOR_KEPT for other in others)
    own_next = next((other for other in ordered[index + 1 :] if other.voice == piece.voice), None)
    alone = own_next is None or own_next.start - piece.end > _FLOOR_KEPT
    return before and after and alone and not _answers(index, ordered)


def _answers(index: int, ordered: Sequence[Piece]) -> bool:
    """Whether the word replies to a question of the other voice."""
    before = [other for other in ordered[:index] if other.voice != ordered[index].voice]
    return bool(before) and before[-1].text.endswith(("？", "?"))


def _turn(number: int, group: Sequence[Piece], speaker: Speaker, backchannel: bool) -> Turn:
    words = tuple(word for piece in group for word in piece.words)
    return Turn(
        id=number,
        speaker=speaker,
        start=round(group[0].start, 2),
        end=round(max(piece.end for piece in group), 2),
        text="".join(word.text for word in words).strip(),
        confidence=round(_confidence(group), 3),
        words=tuple(_rounded(word) for word in words),
        heard=_heard(group),
        unintelligible=all(piece.unintelligible for piece in group),
        backchannel=backchannel,
    )


def _confidence(group: Sequence[Piece]) -> float:
    weight = sum(max(len(piece.text), 1) for piece in group)
    return sum(piece.confidence * max(len(piece.text), 1) for piece in group) / weight


def _heard(group: Sequence[Piece]) -> str | None:
    if all(piece.heard is None for piece in group):
        return None
    return "".join(piece.text if piece.heard is None else piece.heard for piece in group)


def _rounded(word: Word) -> Word:
    return Word(word.text, round(word.start, 2), round(word.end, 2), round(word.probability, 3))
