"""A ready transcript as a JSON file: `{"turns": [{"speaker", "start", "end", "text"}]}`.

Other keys are left unread, so that the `turns` of an analysis can be judged again.
"""

import json
import math
from typing import Any, NoReturn

from assist.errors import LibraryError
from assist.scripts.formats import yamldoc
from assist.texts import N_
from assist.transcript import Speaker, Transcript, Turn

MAX_BYTES = 20 * 1024 * 1024
_SPEAKERS: tuple[Speaker, ...] = ("agent", "customer", "unknown")
_LONGEST = 24 * 3600.0


class NotJson(LibraryError):
    message = N_("%(file)s, line %(line)s: this is not valid JSON. Check commas, quotation marks and brackets there.")


class NoTurns(LibraryError):
    message = N_('%(file)s: a transcript must be {"turns": [{"speaker", "start", "end", "text"}, …]}.')


class IncompleteTurn(LibraryError):
    message = N_('%(file)s, turn %(turn)s: "%(key)s" is missing. Each turn needs speaker, start, end and text.')


class BadSpeaker(LibraryError):
    message = N_('%(file)s, turn %(turn)s: the speaker must be agent, customer or unknown, not "%(text)s".')


class BadTime(LibraryError):
    message = N_('%(file)s, turn %(turn)s: "%(key)s" must be seconds from the start, from 0 to 86400, not "%(text)s".')


class EndsBeforeStart(LibraryError):
    message = N_("%(file)s, turn %(turn)s: it ends (%(end)s) before it starts (%(start)s). Correct one of the two.")


class BadTurnText(LibraryError):
    message = N_('%(file)s, turn %(turn)s: "text" must be a text in quotation marks.')


def loads(source: bytes, name: str, language: str) -> Transcript:
    """The transcript in `source`, in order of the turns' starts and numbered anew; `language` is the library's.

    Turns without any text are left out. Raises LibraryError.
    """
    turns = [turn for number, row in enumerate(_rows(source, name)) if (turn := _turn(row, number, name)).text]
    turns.sort(key=lambda turn: turn.start)
    return Transcript(
        turns=tuple(_numbered(turn, number) for number, turn in enumerate(turns)),
        language=language,
        layout="text",
        channels=0,
        seconds=max((turn.end for turn in turns), default=0.0),
        speech_seconds=round(sum(turn.seconds for turn in turns), 2),
        speakers_confidence=_known_share(turns),
    )


def _rows(source: bytes, name: str) -> list[Any]:
    text = yamldoc.decoded(source, name, MAX_BYTES)
    if not text.strip():
        raise yamldoc.EmptyFile(file=name)
    try:
        document = json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise NotJson(file=name, line=error.lineno) from error
    except (RecursionError, ValueError) as error:
        raise NoTurns(file=name) from error
    rows = document.get("turns") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise NoTurns(file=name)
    return rows


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _turn(row: object, number: int, name: str) -> Turn:
    place = {"file": name, "turn": number}
    if not isinstance(row, dict):
        raise NoTurns(file=name)
    for key in ("speaker", "start", "end", "text"):
        if key not in row:
            raise IncompleteTurn(**place, key=key)
    start, end = (_time(row[key], key, place) for key in ("start", "end"))
    if end < start:
        raise EndsBeforeStart(**place, start=start, end=end)
    return Turn(
        id=number,
        speaker=_speaker(row["speaker"], place),
        start=start,
        end=end,
        text=_text(row["text"], place),
        confidence=_confidence(row.get("confidence")),
        unintelligible=row.get("unintelligible") is True,
        backchannel=row.get("backchannel") is True,
    )


def _time(value: object, key: str, place: dict[str, object]) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _LONGEST:
        return float(value)
    raise BadTime(**place, key=key, text=_short(value))


def _speaker(value: object, place: dict[str, object]) -> Speaker:
    for speaker in _SPEAKERS:
        if value == speaker:
            return speaker
    raise BadSpeaker(**place, text=_short(value))


def _text(value: object, place: dict[str, object]) -> str:
    if not isinstance(value, str):
        raise BadTurnText(**place)
    return " ".join(value.encode("utf-8", "replace").decode().split())


def _confidence(value: object) -> float:
    if isinstance(value, int | float) and math.isfinite(value):
        return min(1.0, max(0.0, float(value)))
    return 1.0


def _numbered(turn: Turn, number: int) -> Turn:
    return Turn(
        number,
        turn.speaker,
        turn.start,
        turn.end,
        turn.text,
        turn.confidence,
        unintelligible=turn.unintelligible,
        backchannel=turn.backchannel,
    )


def _known_share(turns: list[Turn]) -> float:
    """The share of the text whose speaker is known: where most is not, findings about who spoke abstain."""
    everything = sum(len(turn.text) for turn in turns)
    known = sum(len(turn.text) for turn in turns if turn.speaker != "unknown")
    return round(known / everything, 3) if everything else 1.0


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 30 else text[:29] + "…"
