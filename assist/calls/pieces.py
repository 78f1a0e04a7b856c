"""What recognition hands to the making of turns: stretches of words of one voice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assist.transcript import Word


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that one voice says without a long pause. Seconds from the start of the recording.

    `voice` is a channel, or a voice told apart by sound. `heard` is the text before library terms and
    homophones were put right.
    """

    voice: int
    start: float
    end: float
    words: tuple[Word, ...]
    unintelligible: bool = False
    heard: str | None = None

    @property
    def text(self) -> str:
        return "".join(word.text for word in self.words).strip()

    @property
    def seconds(self) -> float:
        return self.end - self.start

    @property
    def confidence(self) -> float:
        """Mean probability of the characters, 0 where nothing could be understood."""
        weight = sum(len(word.text.strip()) for word in self.words)
        if self.unintelligible or not weight:
            return 0.0
        return sum(word.probability * len(word.text.strip()) for word in self.words) / weight

    def with_words(self, words: tuple[Word, ...]) -> "Piece":
        return replace(self, words=words)


def rewritten(words: Sequence[Word], text: str) -> tuple[Word, ...]:
    """The characters of `text` in the places of the old ones, one for one, so times stay."""
    rows: list[Word] = []
    place = 0
    for word in words:
        rows.append(replace(word, text=text[place : place + len(word.text)]))
        place += len(word.text)
    return tuple(rows)
