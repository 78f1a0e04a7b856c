"""What recognition on the telephone makes of a text, learned from recordings whose words are known.

Each heard transcript is aligned with what was said: how often every character is lost or taken for which other, how
errors come in runs and in bad turns, which marks are left. Only such counts are kept, no wording. Invented calls are
then damaged alike; what stands for a character is drawn by what fits its neighbours in ordinary talk.
"""

import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from assist.calls import wording
from assist.comparison import Labelled
from assist.evaluate import calls
from assist.transcript import Transcript, Word
from models import asking, sound

_MARKS = '，。？！；：、,.?!…“”" '
_PRIOR, _LOST, _SAME, _NEAR = 8.0, 0.09, 0.31, 0.30
"""Weight of the mean rate for a rare character; of characters without counts, the shares that are lost, written by the
same sound and by a sound that is often taken for it. The rest becomes any common character."""
_AFTER_ERROR, _AFTER_NONE = 1.9, 0.8
_NO_HAN = 0.4

Sign = tuple[str, str]
"""A character and the mark behind it; $ in the mark ends the turn."""


@dataclass
class Counts:
    said: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    marks: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    rates: list[float] = field(default_factory=list)

    @property
    def mean(self) -> float:
        return sum(map(Counter.total, self.wrong.values())) / max(1, self.said.total())


def counted(folders: Iterable[Path], heard: Path) -> Counts:
    """From labelled campaigns and the heard transcripts of their calls, `heard`/ID.json."""
    counts = Counts()
    for folder in folders:
        for call, _ in calls(folder):
            path = heard / f"{call.id}.json"
            if path.is_file():
                turns = json.loads(path.read_text(encoding="utf-8"))["turns"]
                for who in ("agent", "customer"):
                    _count(counts, call, [t for t in turns if t["speaker"] == who], who)
    return counts


def _count(counts: Counts, call: Labelled, heard: Sequence[dict], who: str) -> None:
    said: list[Sign] = []
    turn_of: list[int] = []
    for number, turn in enumerate(t for t in sorted(call.spoken, key=lambda t: t["start"]) if t["who"] == who):
        said += signs(turn["text"])
        turn_of += [number] * (len(said) - len(turn_of))
    wrote = [one for turn in sorted(heard, key=lambda t: t["start"]) for one in signs(_own_marks(turn["text"]))]
    errors: dict[int, list[bool]] = defaultdict(list)
    for (character, mark), other, number in zip(said, _aligned(said, wrote), turn_of, strict=True):
        counts.said[character] += 1
        counts.marks[mark][other[1]] += 1
        errors[number].append(other[0] != character)
        if other[0] != character:
            counts.wrong[character][other[0]] += 1
    if who == "agent":
        counts.rates += [sum(row) / len(row) for row in errors.values()]


def signs(text: str) -> list[Sign]:
    found: list[list[str]] = []
    for character in text:
        if character not in _MARKS:
            found.append([character, ""])
        elif found and (not found[-1][1] or character in "？。！"):
            found[-1][1] = character
    if found:
        found[-1][1] = (found[-1][1] or "。") + "$"
    return [(character, mark) for character, mark in found]


def _own_marks(text: str) -> str:
    """Without the question marks that were put in after recognition."""
    bare = text.replace("？", "。")
    asked = {question.end for question in asking.questions(bare, surely=False)}
    return "".join(bare[i] if i in asked else character for i, character in enumerate(text))


def _aligned(said: Sequence[Sign], wrote: Sequence[Sign]) -> list[Sign]:
    """For each sign said the one written for it; ("", "") where none was."""
    found: list[Sign] = [("", "")] * len(said)
    codes = Levenshtein.opcodes([one for one, _ in said], [one for one, _ in wrote])
    for code in codes:
        if code.tag in ("equal", "replace"):
            found[code.src_start : code.src_end] = wrote[code.dest_start : code.dest_end]
    return found


class Channel:
    """Damages texts. `ordinary` is talk to draw plausible characters from."""

    def __init__(self, counts: Counts, ordinary: Iterable[str]) -> None:
        texts = list(ordinary)
        self._counts = counts
        self._one = Counter(c for text in texts for c in text if "一" <= c <= "鿿")
        self._two = Counter(text[i : i + 2] for text in texts for i in range(len(text) - 1))
        self._common, self._often = zip(*((c, n**0.7) for c, n in self._one.most_common(1200)), strict=True)
        self._sounding: dict[str, list[str]] = defaultdict(list)
        for character, count in self._one.items():
            if count >= 3:
                self._sounding[sound.syllables(character)[0]].append(character)
        self._taken_for = self._sounds()

    def _sounds(self) -> dict[str, Counter[str]]:
        """Which syllables were written for each."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for character, others in self._counts.wrong.items():
            for other, count in others.items():
                if other and sound.syllables(character) and sound.syllables(other):
                    found[sound.syllables(character)[0]][sound.syllables(other)[0]] += count
        return found

    def misheard(self, transcript: Transcript, seed: str) -> Transcript:
        """Every turn damaged, with question marks where the product would put them."""
        turns = []
        for number, turn in enumerate(transcript.turns):
            heard, _ = self.damaged(turn.text, f"{seed} {number}")
            marked = wording.asked([Word(one, turn.start, turn.end, 1.0) for one in heard], transcript.language)
            turns.append(replace(turn, text="".join(word.text for word in marked) or turn.text))
        return replace(transcript, turns=tuple(turns))

    def damaged(self, text: str, seed: str) -> tuple[str, list[int]]:
        """The text as it might be heard, and for each of its characters the place of the one it was said for."""
        dice = random.Random(seed)  # noqa: S311
        said = signs(text)
        places = [place for place, character in enumerate(text) if character not in _MARKS]
        bad = dice.choice(self._counts.rates) / self._counts.mean
        wrote: list[tuple[str, str, int]] = []
        wrong = False
        for number, (character, mark) in enumerate(said):
            wrong = dice.random() < self._chance(character) * bad * (_AFTER_ERROR if wrong else _AFTER_NONE)
            before = wrote[-1][0] if wrote else ""
            after = said[number + 1][0] if number + 1 < len(said) else ""
            new = self._instead(character, before, after, dice) if wrong else character
            left = self._mark(mark, dice)
            if new:
                wrote.append((new, left, places[number]))
            elif left and wrote and not wrote[-1][1]:
                wrote[-1] = (wrote[-1][0], left, wrote[-1][2])
        if not wrote:
            return text, list(range(len(text)))
        heard = "".join(one + mark for one, mark, _ in wrote)
        return heard, [place for one, mark, place in wrote for _ in one + mark]

    def _chance(self, character: str) -> float:
        counts = self._counts
        rate = (counts.wrong[character].total() + _PRIOR * counts.mean) / (counts.said[character] + _PRIOR)
        return rate if "一" <= character <= "鿿" else rate * _NO_HAN

    def _mark(self, mark: str, dice: random.Random) -> str:
        table = self._counts.marks.get(mark) or self._counts.marks[""]
        return dice.choices(list(table), list(table.values()))[0].replace("$", "").replace(".", "")

    def _instead(self, character: str, before: str, after: str, dice: random.Random) -> str:
        seen = self._counts.wrong.get(character, Counter())
        if dice.random() < seen.total() / (seen.total() + _PRIOR / 2):
            return dice.choices(list(seen), list(seen.values()))[0]
        lot = dice.random()
        if lot < _LOST:
            return ""
        sounds = [one for one in self._alike(character, lot, dice) if one != character]
        if not sounds:
            return dice.choices(self._common, self._often)[0]
        fits = [self._one[c] ** 0.5 * (1 + 20 * (self._two[before + c] + self._two[c + after])) for c in sounds]
        return dice.choices(sounds, fits)[0]

    def _alike(self, character: str, lot: float, dice: random.Random) -> list[str]:
        own = sound.syllables(character)
        if not own or lot >= _LOST + _SAME + _NEAR:
            return []
        if lot < _LOST + _SAME:
            return self._sounding.get(own[0], [])
        table = self._taken_for.get(own[0])
        return self._sounding.get(dice.choices(list(table), list(table.values()))[0], []) if table else []
