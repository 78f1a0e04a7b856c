"""Labelled calls as the finders see them: as spoken, as damaged by a telephone, as heard."""

import json
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from pypinyin import lazy_pinyin

from assist.analysis.meaning import Pieces, cut
from assist.comparison import Labelled
from assist.evaluate import calls, spoken
from assist.scripts.formats import yaml_format
from assist.scripts.index import Index, learn
from assist.transcript import Transcript, from_dict
from models.encoder import load

KNOWLEDGE = Path(__file__).parent.parent / "assist/analysis/knowledge"
PRACTICE = KNOWLEDGE / "practice"
PARTS_OF_PRACTICE = 4


@dataclass(frozen=True, slots=True)
class Case:
    """One transcript of one labelled call; `marks[i]` are the labelled turns that its turn i overlaps; a `group` is a
    campaign, or a part of the practice."""

    group: str
    way: str
    index: Index
    call: Labelled
    transcript: Transcript
    agent: Pieces
    customer: Pieces
    marks: list[list[int]]

    @property
    def practice(self) -> bool:
        return self.group.startswith("practice ")

    def says(self, turn: int, key: str, value: str) -> bool:
        found = (self.call.turns[i].get(key, []) for i in self.marks[turn])
        return any(value == one if isinstance(one, str) else value in one for one in found)


Damage = Callable[[Transcript, str], Transcript]
"""What recognition makes of a transcript, the same for the same seed."""


def practised(language: str, damage: Damage) -> list[Case]:
    """The practice calls, each by heads that know nothing of its campaign."""
    folders = sorted(path.parent for path in PRACTICE.glob("*/library.yaml"))
    found = []
    for part in range(PARTS_OF_PRACTICE):
        own = folders[part::PARTS_OF_PRACTICE]
        found += cases(own, language, None, damage, frozenset(folder.name for folder in own))
    return found


def cases(
    folders: Iterable[Path], language: str, heard: Path | None, damage: Damage, without: frozenset[str] = frozenset()
) -> list[Case]:
    encoder, found = load(), []
    for folder in folders:
        library = yaml_format.loads((folder / "library.yaml").read_bytes(), "library.yaml")
        if library.language != language:
            continue
        index = learn(library, encoder, without)
        group = f"practice {min(without)}…" if without else folder.name
        for call, _ in calls(folder):
            plain = spoken(call, index.library)
            ways = {"true": plain, "noise": damage(plain, call.id)}
            if heard is not None and (heard / f"{call.id}.json").is_file():
                ways["heard"] = from_dict(json.loads((heard / f"{call.id}.json").read_text(encoding="utf-8")))
            for way, transcript in ways.items():
                agent = cut(transcript, "agent", index.grams, encoder)
                customer = cut(transcript, "customer", index.grams, encoder)
                if agent.pieces and customer.pieces:
                    marks = overlaps(transcript, call, plain=way != "heard")
                    found.append(Case(group, way, index, call, transcript, agent, customer, marks))
    return found


def overlaps(transcript: Transcript, call: Labelled, *, plain: bool) -> list[list[int]]:
    if plain:
        return [[i] for i in range(len(transcript.turns))]
    return [
        [
            i for i, (start, end) in call.spans.items()
            if call.turns[i]["who"] == turn.speaker
            and min(end, turn.end) - max(start, turn.start) > 0.4 * min(end - start, max(0.1, turn.seconds))
        ]
        for turn in transcript.turns
    ]  # fmt: skip


def garbled(transcript: Transcript, seed: str, rate: float = 0.28) -> Transcript:
    """What recognition does on the telephone: most wrong characters sound alike, some are lost, marks go missing."""
    if transcript.language == "en":
        return _thinned(transcript, seed)
    dice, alike = random.Random(seed), _homophones()  # noqa: S311

    def one(character: str) -> str:
        if character in "，。？！、":
            return "" if dice.random() < 0.4 else character
        if not "一" <= character <= "鿿" or dice.random() >= rate:
            return character
        lot = dice.random()
        same = alike.get(lazy_pinyin(character)[0], [character])
        return dice.choice(same) if lot < 0.75 else "" if lot < 0.9 else dice.choice(dice.choice(list(alike.values())))

    return replace(
        transcript,
        turns=tuple(replace(t, text="".join(one(c) for c in t.text) or t.text) for t in transcript.turns),
    )


def _thinned(transcript: Transcript, seed: str, rate: float = 0.2) -> Transcript:
    """English with every fifth word lost and no marks."""
    dice = random.Random(seed)  # noqa: S311
    kept = ([word.strip(",.?!") for word in turn.text.split() if dice.random() >= rate] for turn in transcript.turns)
    turns = tuple(
        replace(turn, text=" ".join(words) or turn.text) for turn, words in zip(transcript.turns, kept, strict=True)
    )
    return replace(transcript, turns=turns)


def _homophones() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code in ((high, low) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF)):
        character = bytes(code).decode("gb2312", errors="ignore")
        if character:
            found.setdefault(lazy_pinyin(character)[0], []).append(character)
    return found
