"""What was said and found, as it may be shown: transcripts and analyses without what is personal. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from assist.privacy.conversation import Line, find_all, numbers_of, words_masked
from assist.privacy.kinds import KINDS, Kind, Span
from assist.privacy.masking import LABEL, find, mask, replaced
from assist.transcript import Transcript, Turn

_OWN_WORDS = frozenset(
    "title say id name sha256 format engine speaker status kind severity rule value focus outcome "
    "layout language state steps "
    "turn answer_turns evidence weight said".split()
)
"""Parts of an analysis that hold the library's and the program's words, never the customer's."""
_SHORTEST_COPY = 4
"""A shorter piece of a number is not looked for where nobody says it."""


def transcript(told: Transcript, kinds: Sequence[Kind]) -> Transcript:
    """The transcript with labels in its turns and words."""
    if not kinds:
        return told
    spans = find_all([Line(turn.speaker, turn.text) for turn in told.turns], told.language, kinds)
    heard = _heard(told, kinds)
    turns = (_turn(turn, here, heard.get(turn.id), told.language) for turn, here in zip(told.turns, spans, strict=True))
    return replace(told, turns=tuple(turns))


def report(analysis: Mapping[str, Any], kinds: Sequence[Kind]) -> dict[str, Any]:
    """An `assist-analysis/1` document with labels in its turns, and wherever it quotes them."""
    if not kinds:
        return dict(analysis)
    language, turns = str(analysis.get("language", "zh")), analysis.get("turns", ())
    lines = [Line(turn["speaker"], turn["text"]) for turn in turns]
    spans = find_all(lines, language, kinds)
    shown = [
        {**turn, "text": replaced(turn["text"], here, language)}
        | ({"heard": mask(turn["heard"], language, kinds)} if turn.get("heard") else {})
        for turn, here in zip(turns, spans, strict=True)
    ]
    raw = _copies([(turn["text"], here) for turn, here in zip(turns, spans, strict=True)], language)
    return {
        name: shown if name == "turns" else _through(value, name, raw, language, kinds)
        for name, value in analysis.items()
    }


def numbers(analysis: Mapping[str, Any]) -> tuple[str, ...]:
    """The personal numbers that are said, as plain digits."""
    lines = [Line(turn["speaker"], turn["text"]) for turn in analysis.get("turns", ())]
    return numbers_of(lines, str(analysis.get("language", "zh")))


def restored(shown: str, whole: str, language: str = "zh", kinds: Sequence[Kind] = KINDS) -> str | None:
    """A text that somebody changed with labels in it, with what the labels stand for; None where labels were added,
    taken away or put into another order."""
    spans = find(whole, language, kinds=kinds)
    wanted = [
        replaced(whole[span.start : span.end], [Span(span.kind, 0, span.end - span.start)], language) for span in spans
    ]
    if LABEL.findall(shown) != wanted:
        return None
    behind = iter(whole[span.start : span.end] for span in spans)
    return LABEL.sub(lambda _: next(behind), shown)


def _heard(told: Transcript, kinds: Sequence[Kind]) -> dict[int, str]:
    """What recognition wrote before it was put right, masked among the turns around it."""
    if not any(turn.heard for turn in told.turns):
        return {}
    spans = find_all([Line(turn.speaker, turn.heard or turn.text) for turn in told.turns], told.language, kinds)
    return {
        turn.id: replaced(turn.heard, here, told.language)
        for turn, here in zip(told.turns, spans, strict=True)
        if turn.heard is not None
    }


def _turn(turn: Turn, spans: Sequence[Span], heard: str | None, language: str) -> Turn:
    if not spans:
        return turn if heard == turn.heard else replace(turn, heard=heard)
    return replace(
        turn, text=replaced(turn.text, spans, language), words=words_masked(turn, spans, language), heard=heard
    )


def _copies(turns: Sequence[tuple[str, Sequence[Span]]], language: str) -> list[tuple[str, str]]:
    """What was masked, the longest first, with its label."""
    found = {
        text[span.start : span.end]: replaced("x", [Span(span.kind, 0, 1)], language)
        for text, here in turns
        for span in here
    }
    return sorted(
        ((raw, label) for raw, label in found.items() if len(raw) >= _SHORTEST_COPY), key=lambda one: -len(one[0])
    )


def _through(value: Any, name: str, raw: Sequence[tuple[str, str]], language: str, kinds: Sequence[Kind]) -> Any:
    if name in _OWN_WORDS and not isinstance(value, Mapping):
        return value
    if isinstance(value, str):
        for told, label in raw:
            value = value.replace(told, label)
        return mask(value, language, kinds)
    if isinstance(value, Mapping):
        return {key: _through(each, key, raw, language, kinds) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_through(each, name, raw, language, kinds) for each in value]
    return value
