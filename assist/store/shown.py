"""Transcripts and analyses as they may be shown: numbers and addresses masked for everybody, names where a campaign
wants that. Judging reads them whole (`assist.store.results`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from assist.privacy import KINDS, NUMBERS, Kind, mask, veil
from assist.store import Store, results
from assist.transcript import Transcript

Names = Literal["never", "outside", "always"]


@dataclass(frozen=True, slots=True)
class Masking:
    """What a campaign masks. `names`: outside of the call's own page (in exports, meetings, searches, for editors),
    always, or never. `sound`: numbers are muted in clips."""

    numbers: bool = True
    names: Names = "outside"
    sound: bool = True

    def kinds(self, *, outside: bool = False) -> tuple[Kind, ...]:
        """What is masked on the page of a call, or outside of it."""
        named = self.names == "always" or (outside and self.names == "outside")
        if self.numbers:
            return KINDS if named else NUMBERS
        return ("name",) if named else ()


USUAL = Masking()


def masking(store: Store, campaign: str | None) -> Masking:
    """What the campaign masks; the usual where nobody said otherwise."""
    row = store.row("SELECT numbers, names, sound FROM campaign_masking WHERE campaign = ?", [campaign])
    return Masking(bool(row["numbers"]), row["names"], bool(row["sound"])) if row else USUAL


def masking_of(store: Store, call_id: int) -> Masking:
    """What the campaign of a call masks."""
    return masking(store, store.value("SELECT campaign FROM calls WHERE id = ?", [call_id]))


def transcript(store: Store, key: str | None, kinds: Sequence[Kind]) -> Transcript | None:
    """A transcript, masked."""
    found = results.transcript(store, key)
    return veil.transcript(found, kinds) if found else None


def analysis(store: Store, key: str | None, kinds: Sequence[Kind]) -> dict[str, Any] | None:
    """An `assist-analysis/1` document, masked."""
    found = results.analysis(store, key)
    return veil.report(found, kinds) if found else None


def analysis_of(store: Store, call_id: int, *, outside: bool = False) -> dict[str, Any] | None:
    """The analysis of a call that stands, masked as its campaign wants it."""
    key = store.value("SELECT analysis_key FROM calls WHERE id = ?", [call_id])
    return analysis(store, key, masking_of(store, call_id).kinds(outside=outside))


def text(store: Store, call_id: int, told: str, *, outside: bool = False) -> str:
    """A few words of a call, masked as its campaign wants it."""
    return mask(told, kinds=masking_of(store, call_id).kinds(outside=outside)) if told else told
