"""How the call was spoken: shares, pace, pauses, interruptions, fillers. Definitions in docs/metrics follow these."""

from statistics import median

from assist.analysis.findings import Delivery
from assist.analysis.floor import Floor, span_seconds, spoken_seconds
from assist.analysis.stumbles import stumbles
from assist.transcript import Transcript, Turn
from models import language

INTERRUPTION_S = 0.5
"""Overlap from which starting to speak inside the other's turn is an interruption."""

LEFT_S = 0.8
"""The customer must have had this much left to say: who starts on the last syllable interrupts nobody."""


def measure(transcript: Transcript, floor: Floor | None = None) -> Delivery:
    """The metrics of `assist-analysis/1`; None where there is nothing to measure."""
    floor = floor or Floor(transcript)
    agent = floor.of("agent")
    spoken = sum(spoken_seconds(turn) for turn in agent)
    heard = sum(spoken_seconds(turn) for turn in floor.of("customer"))
    return Delivery(
        talk_share=spoken / (spoken + heard) if spoken + heard else None,
        characters_per_minute=pace(agent),
        longest_monologue_s=longest_run(floor, "agent"),
        median_response_s=_median(response_gaps(floor)),
        interruptions=len(interruptions(floor)),
        fillers_per_minute=_fillers(agent, floor.language) / spoken * 60 if spoken else None,
        stumbles=sum(stumbles(turn.text, floor.language) for turn in agent),
        longest_silence_s=_longest_silence(transcript),
    )


def pace(turns: tuple[Turn, ...]) -> float | None:
    """Characters (Latin words count one) per minute of speaking, punctuation left out."""
    timed = [turn for turn in turns if turn.seconds > 0]
    seconds = sum(turn.seconds for turn in timed)
    return sum(language.length(turn.text) for turn in timed) / seconds * 60 if seconds else None


def longest_run(floor: Floor, speaker: str) -> float:
    """Seconds of the longest stretch of one speaker; back-channels of the other do not end it."""
    return max((span_seconds(run) for run in floor.runs() if run[0].speaker == speaker), default=0.0)


def response_gaps(floor: Floor) -> dict[int, float]:
    """Agent turn id → seconds since the customer stopped. Starting before that is overlap, no pause: left out."""
    pairs = zip(floor.turns, floor.turns[1:], strict=False)
    return {
        after.id: after.start - before.end
        for before, after in pairs
        if before.speaker == "customer" and after.speaker == "agent" and after.start >= before.end > 0
    }


def interruptions(floor: Floor) -> tuple[int, ...]:
    """Agent turns that start inside a turn of the customer who had not finished."""
    found: list[int] = []
    speaking: list[Turn] = []
    for turn in floor.turns:
        speaking = [other for other in speaking if other.end > turn.start]
        if turn.speaker == "customer":
            speaking.append(turn)
        elif any(_cuts_in(turn, other) for other in speaking):
            found.append(turn.id)
    return tuple(found)


def _cuts_in(turn: Turn, other: Turn) -> bool:
    overlap = min(turn.end, other.end) - turn.start
    return other.start < turn.start < other.end and overlap >= INTERRUPTION_S and other.end - turn.start >= LEFT_S


def _fillers(turns: tuple[Turn, ...], tongue: str) -> int:
    return sum(language.read(turn.text, tongue).count("filler") for turn in turns)


def _median(gaps: dict[int, float]) -> float | None:
    return median(gaps.values()) if gaps else None


def _longest_silence(transcript: Transcript) -> float:
    """The longest time between the first and the last word in which nobody spoke."""
    end, longest = None, 0.0
    for turn in sorted(transcript.turns, key=lambda turn: turn.start):
        if end is not None:
            longest = max(longest, turn.start - end)
        end = max(turn.end, end or 0.0)
    return longest
