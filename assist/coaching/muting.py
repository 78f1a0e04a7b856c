"""What a clip keeps silent."""

from assist.calls import calls
from assist.coaching.clips import Clip
from assist.privacy import KINDS, NUMBERS
from assist.privacy.conversation import muted
from assist.store import Store, results, shown


def silent(store: Store, clip: Clip) -> tuple[tuple[float, float], ...]:
    """The seconds of a recording in which somebody says a number or where they live; names too where the clip hides
    them. None where the campaign wants the sound as it is."""
    call = calls.load(store, clip.call_id)
    if not shown.masking(store, call.campaign).sound:
        return ()
    transcript = results.transcript(store, call.transcript_key)
    return muted(transcript, KINDS if clip.hide_names else NUMBERS) if transcript else ()
