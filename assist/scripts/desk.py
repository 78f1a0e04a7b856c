"""What do I say when the customer says …: playbook entries for a sentence in the customer's words, by meaning."""

from dataclasses import dataclass

import numpy as np

from assist.analysis import naming
from assist.analysis.heads import read
from assist.ports import Encoder
from assist.scripts.index import NONE, OTHER, Index
from assist.scripts.library import Entry

_LEAST = 0.2
_BESIDE = 0.35
"""How well another entry has to fit, beside the best one, to be worth a look."""
_MOST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Suggested:
    """One entry, the example it was known by, and how well it fits (0–1, the best first)."""

    entry: Entry
    example: str
    fit: float


def ask(index: Index, encoder: Encoder, sentence: str, most: int = 3) -> tuple[Suggested, ...]:
    """The entries that a customer's sentence calls for; none where it is no objection the playbook knows.

    What the sentence means to the built-in knowledge counts beside the examples of the entries.
    """
    text = " ".join(sentence.split())[:_MOST_TEXT]
    if not text or not index.library.playbook:
        return ()
    given = read([text], encoder, index.grams)
    scores = index.general.refusals.score(given)
    by_kind = naming.entry_scores(index, scores)[0]
    none = float(scores[0, index.general.refusals.classes.index(NONE)])
    found = []
    for number, (entry, wordings) in enumerate(zip(index.library.playbook, index.heard, strict=True)):
        near = np.asarray(wordings.given.vectors @ given.vectors[0])
        best = int(near.argmax())
        fit = float(by_kind[number]) + max(0.0, float(near[best]) - 0.5)
        found.append(Suggested(entry, wordings.given.texts[best], round(min(1.0, max(0.0, fit)), 3)))
    other = float(by_kind[naming.names_of(index).index(OTHER)])
    least = max(_LEAST, none / 2, other / 2)
    least = max(least, _BESIDE * max(one.fit for one in found))
    fitting = [one for one in found if one.fit >= least]
    return tuple(sorted(fitting, key=lambda one: (-one.fit, one.entry.objection))[:most])
