"""Corrected turns as the call page shows them, also while the new judgement is still to come."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from api import words
from assist.calls import calls, corrections, unmasking
from assist.calls.calls import Call
from assist.calls.corrections import Correction
from assist.people import access
from assist.people.users import User
from assist.privacy import Kind, mask
from assist.store import Store
from assist.transcript import Speaker


@dataclass(frozen=True, slots=True)
class CorrectedTurn:
    """What a turn says now. `standing` is the correction that holds, None where all were taken back."""

    text: str
    speaker: Speaker
    heard: str
    heard_speaker: Speaker
    standing: Correction | None


def around(store: Store, user: User, call: Call) -> dict[str, object]:
    """What the call page must know of corrections."""
    return {
        "corrections": corrected_turns(store, call, whole=unmasking.until(store, user, call.id) is not None),
        "may_correct": access.allows(user, "call.correct") and call.transcript_key is not None,
        "rejudging": call.state in words.PROCESSING,
    }


def corrected_turns(store: Store, call: Call, *, whole: bool = False) -> dict[int, CorrectedTurn]:
    """By turn, masked unless somebody may see it `whole`. One whose corrections were all taken back counts until the
    call is judged anew."""
    standing = corrections.standing(store, call.id)
    history = corrections.history(store, call.id)
    shown = history if call.state != "ready" else list(standing.values())
    hidden = calls.hidden_in(store, call, whole=whole)
    return {one.turn: _masked(_turn(one, standing.get(one.turn)), hidden) for one in shown}


def _masked(turn: CorrectedTurn, hidden: Sequence[Kind]) -> CorrectedTurn:
    if not hidden:
        return turn
    standing = turn.standing
    standing = corrections.masked(standing, hidden) if standing else None
    return replace(turn, text=mask(turn.text, kinds=hidden), heard=mask(turn.heard, kinds=hidden), standing=standing)


def _turn(any_one: Correction, standing: Correction | None) -> CorrectedTurn:
    heard, heard_speaker = any_one.heard_text, any_one.heard_speaker
    if standing is None:
        return CorrectedTurn(heard, heard_speaker, heard, heard_speaker, None)
    return CorrectedTurn(standing.new_text, standing.new_speaker, heard, heard_speaker, standing)
