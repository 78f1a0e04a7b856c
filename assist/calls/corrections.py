"""Corrections of transcripts by people: what was heard wrong, who put it right and when. Rows are only ever added or
marked as reverted; the heard transcript itself never changes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast, get_args

from assist.calls.calls import Call
from assist.calls.corrected import VERSION, Change, corrected
from assist.errors import Conflict, NotFound, RequestError
from assist.people import access, audit
from assist.people.users import User
from assist.privacy import Kind, mask, veil
from assist.privacy.masking import LABEL
from assist.store import Store, results, shown
from assist.store.clock import moment, stamp
from assist.store.results import key_of
from assist.texts import N_
from assist.transcript import Speaker, Transcript, Turn

LONGEST = 2000


class NotHeardYet(Conflict):
    message = N_("This call has no transcript yet. Wait until it was transcribed, then correct it.")


class CorrectionTooLong(RequestError):
    message = N_("A turn's text may have at most %(most)s characters. Shorten it.")


class UnknownSpeaker(RequestError):
    message = N_("The speaker of a turn is agent, customer or unknown, not “%(speaker)s”.")


class LabelsChanged(RequestError):
    message = N_(
        "A masked place was moved, added or taken away. Leave the labels where they are, or see the call unmasked "
        "first."
    )


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction of one turn. `heard_…` is what recognition made of it, `old_…` what stood there before.

    `reverted_by` and `reverted_at` are None while it stands; a later one of the same turn takes precedence.
    """

    id: int
    call_id: int
    turn: int
    heard_text: str
    heard_speaker: Speaker
    old_text: str
    old_speaker: Speaker
    new_text: str
    new_speaker: Speaker
    corrected_by: str
    corrected_at: datetime
    reverted_by: str | None
    reverted_at: datetime | None


_SELECT = """
    SELECT r.id, r.call_id, r.turn, r.heard_text, r.heard_speaker, r.old_text, r.old_speaker, r.new_text, r.new_speaker,
           u.name AS corrected_by, r.corrected_at, b.name AS reverted_by, r.reverted_at
    FROM corrections r JOIN users u ON u.id = r.corrected_by LEFT JOIN users b ON b.id = r.reverted_by
"""


def add(
    store: Store, user: User, call: Call, turn: int, text: str | None = None, speaker: str | None = None
) -> Correction | None:
    """Puts a turn of the call right; None where that is what stands there already. What is not given stays.

    Raises AccessDenied, NotHeardYet, NotFound (no such turn), CorrectionTooLong, UnknownSpeaker,
    LabelsChanged.
    """
    access.require(user, "call.correct")
    with store.write() as db:
        heard_key, heard = _heard(store, call, turn)
        before = standing(store, call.id).get(turn)
        old = Change(before.new_text, before.new_speaker) if before else Change(heard.text, heard.speaker)
        new = Change(
            old.text if text is None else _unmasked(store, user, call, _clean(text), old.text),
            _speaker(speaker) if speaker else old.speaker,
        )
        if new == old:
            return None
        values = {
            "call_id": call.id,
            "heard_key": heard_key,
            "turn": turn,
            "heard_text": heard.text,
            "heard_speaker": heard.speaker,
            "old_text": old.text,
            "old_speaker": old.speaker,
            "new_text": new.text,
            "new_speaker": new.speaker,
            "corrected_by": user.id,
            "corrected_at": stamp(),
        }
        identity = int(str(db.table("corrections").insert(values).last_pk))
        audit.record(store, user, "call.correct", f"call:{call.id}", turn=turn, correction=identity)
        return _one(store, call.id, identity)


def _unmasked(store: Store, user: User, call: Call, text: str, whole: str) -> str:
    """What somebody wrote who saw labels in place of numbers, with the numbers. Raises LabelsChanged."""
    if not LABEL.search(text):
        return text
    kinds = shown.masking(store, call.campaign).kinds()
    for language in ("zh", "en"):
        if (found := veil.restored(text, whole, language, kinds)) is not None:
            return found
    raise LabelsChanged


def revert(store: Store, user: User, call: Call, correction_id: int) -> bool:
    """Takes a correction back: what stood there before it holds again. False where it was taken back before.

    Raises AccessDenied, NotFound.
    """
    access.require(user, "call.correct")
    with store.write() as db:
        if _one(store, call.id, correction_id).reverted_at:
            return False
        values = {"reverted_by": user.id, "reverted_at": stamp()}
        db.table("corrections").update(correction_id, values)
        audit.record(store, user, "call.correct.revert", f"call:{call.id}", correction=correction_id)
        return True


def history(store: Store, call_id: int) -> list[Correction]:
    """All corrections of a call, also those taken back, the latest first."""
    return [_correction(row) for row in store.rows(_SELECT + "WHERE r.call_id = ? ORDER BY r.id DESC", [call_id])]


def masked(one: Correction, kinds: Sequence[Kind]) -> Correction:
    """A correction as somebody reads it who may not see everything."""
    heard, old, new = (mask(text, kinds=kinds) for text in (one.heard_text, one.old_text, one.new_text))
    return replace(one, heard_text=heard, old_text=old, new_text=new)


def standing(store: Store, call_id: int) -> dict[int, Correction]:
    """What holds now: for each corrected turn the latest correction that was not taken back."""
    rows = store.rows(_SELECT + "WHERE r.call_id = ? AND r.reverted_at IS NULL ORDER BY r.turn, r.id", [call_id])
    return {row["turn"]: _correction(row) for row in rows}


def heard_key(store: Store, call_id: int) -> str | None:
    """The heard transcript that a call's corrections are about, None without any.

    A corrected call keeps it under a newer model too: people's work is worth more than another hearing.
    """
    found: str | None = store.value(
        "SELECT heard_key FROM corrections WHERE call_id = ? AND reverted_at IS NULL ORDER BY id DESC", [call_id]
    )
    return found


def applied(heard_key: str, found: Mapping[int, Correction]) -> str:
    """The key of the transcript that these corrections make of a heard one."""
    if not found:
        return heard_key
    changes = [[turn, one.new_speaker, one.new_text] for turn, one in sorted(found.items())]
    return key_of("corrected", VERSION, heard_key, json.dumps(changes, ensure_ascii=False))


def apply(heard: Transcript, found: Mapping[int, Correction]) -> Transcript:
    return corrected(heard, {turn: Change(one.new_text, one.new_speaker) for turn, one in found.items()})


def _heard(store: Store, call: Call, turn: int) -> tuple[str, Turn]:
    key = heard_key(store, call.id) or results.heard_key(store, call.transcript_key)
    transcript = results.transcript(store, key)
    if key is None or transcript is None:
        raise NotHeardYet
    found = next((one for one in transcript.turns if one.id == turn), None)
    if found is None:
        raise NotFound
    return key, found


def _clean(text: str) -> str:
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if len(plain) > LONGEST:
        raise CorrectionTooLong(most=LONGEST)
    return plain


def _speaker(text: str) -> Speaker:
    if text not in get_args(Speaker):
        raise UnknownSpeaker(speaker=text[:30])
    return cast(Speaker, text)


def _one(store: Store, call_id: int, correction_id: int) -> Correction:
    row = store.row(_SELECT + "WHERE r.id = ? AND r.call_id = ?", [correction_id, call_id])
    if row is None:
        raise NotFound
    return _correction(row)


def _correction(row: dict[str, Any]) -> Correction:
    reverted = moment(row["reverted_at"]) if row["reverted_at"] else None
    return Correction(**row | {"corrected_at": moment(row["corrected_at"]), "reverted_at": reverted})
