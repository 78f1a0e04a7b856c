"""Fit the numbers of `assist/analysis/knowledge/weights.json` on labelled calls, and say what they are worth elsewhere.

    python -m bench.tune [CAMPAIGN_DIR…] [--language zh|en] [--heard FOLDER] [--write]

The invented calls of `assist/analysis/knowledge/practice` are always used, each judged with general heads that did not
learn from its campaign. Every figure is of a campaign that the numbers were not fitted on (leave one out; the practice
campaigns in four parts); `--write` then fits on all. Only low-dimensional features are seen here, never a wording. Each
call is taken as it was spoken, once more damaged as by the telephone (a third of the Chinese characters turned into
homophones, a fifth of the English words lost), and, where FOLDER holds its recognised transcript (`ID.json`), as it was
heard. The numbers of the other language stay.
"""

import argparse
import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pypinyin import lazy_pinyin

from assist.analysis import answers, forbidden, naming, objections, points
from assist.analysis.heads import probability
from assist.analysis.meaning import Pieces, cut
from assist.comparison import Labelled
from assist.evaluate import calls, spoken
from assist.scripts.formats import yaml_format
from assist.scripts.index import Index, learn
from assist.scripts.library import STEPS
from assist.transcript import Transcript, from_dict
from models.encoder import load

Array = NDArray[Any]
KNOWLEDGE = Path(__file__).parent.parent / "assist/analysis/knowledge"
WEIGHTS, PRACTICE = KNOWLEDGE / "weights.json", KNOWLEDGE / "practice"
PARTS_OF_PRACTICE = 4
_GIVEN_COUNTS = {"points": 3, "objections": 3, "answers": 3, "forbidden": 1}
"""Of 1, 3 and 6, each measured on campaigns left out: objections 0.70, 0.73 and 0.72; forbidden phrases as recognition
writes them 0.41, 0.38 and 0.37; the rest within 0.01."""


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


def practised(language: str) -> list[Case]:
    """The practice calls, each by heads that know nothing of its campaign."""
    folders = sorted(path.parent for path in PRACTICE.glob("*/library.yaml"))
    found = []
    for part in range(PARTS_OF_PRACTICE):
        own = folders[part::PARTS_OF_PRACTICE]
        found += cases(own, language, None, frozenset(folder.name for folder in own))
    return found


def cases(
    folders: Iterable[Path], language: str, heard: Path | None, without: frozenset[str] = frozenset()
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
            ways = {"true": plain, "noise": garbled(plain, call.id)}
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


def logistic(x: Array, y: Array, ridge: float, weight: Array | None = None) -> tuple[Array, float]:
    """Coefficients and bias for the features as they are; fitted on standardised ones by Newton's method."""
    middle, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    z = np.c_[(x - middle) / spread, np.ones(len(x))]
    w = np.ones(len(y)) if weight is None else weight
    penalty = np.diag([*[ridge] * x.shape[1], 1e-6])
    beta = np.zeros(z.shape[1])
    for _ in range(40):
        p = probability(z @ beta)
        step = np.linalg.solve((z * (w * p * (1 - p))[:, None]).T @ z + penalty, z.T @ (w * (y - p)) - penalty @ beta)
        beta += step
        if np.abs(step).max() < 1e-6:
            break
    return beta[:-1] / spread, float(beta[-1] - (beta[:-1] * middle / spread).sum())


def f1(right: float, wrong: float, missing: float) -> float:
    return 2 * right / max(1.0, 2 * right + wrong + missing)


class Points:
    """Said and missed: a model of turns, a second look, a model of calls."""

    def __init__(self, case: Case) -> None:
        self.features = points.turn_features(case.agent, case.index, case.transcript)
        names = [w.id for w in case.index.points]
        self.said = np.array([[case.says(t, "points", n) for n in names] for t in case.agent.turns])
        self.partial = np.array([[case.says(t, "partial", n) for n in names] for t in case.agent.turns]) & ~self.said

    @staticmethod
    def fit(rows: Sequence["Points"]) -> dict[str, Any]:
        turn = logistic(*_stack((r.features[~r.partial], r.said[~r.partial]) for r in rows), 1.0)
        looks = [points.again_features(r.features @ turn[0] + turn[1], r.features) for r in rows]
        again = logistic(*_stack((z[~r.partial], r.said[~r.partial]) for z, r in zip(looks, rows, strict=True)), 1.0)
        sums = [points.call_features(z @ again[0] + again[1], r.features) for z, r in zip(looks, rows, strict=True)]
        call = logistic(*_stack((s[r.counts], r.ever[r.counts]) for s, r in zip(sums, rows, strict=True)), 1.0)
        return {
            "turn": _named(points.TURN, turn), "again": _named(points.AGAIN, again), "call": _named(points.CALL, call),
            "said": 0.47, "partial": 0.42,
        }  # fmt: skip

    @property
    def ever(self) -> Array:
        return np.asarray(self.said.any(axis=0))

    @property
    def counts(self) -> Array:
        return np.asarray(self.ever | ~self.partial.any(axis=0))

    @staticmethod
    def measure(rows: Sequence["Points"], fitted: dict[str, Any]) -> list[float]:
        """f1 of said and of missed."""
        tally = np.zeros(6)
        for row in rows:
            odds = _odds(fitted["again"], points.again_features(_odds(fitted["turn"], row.features), row.features))
            hit = probability(_odds(fitted["call"], points.call_features(odds, row.features))) >= fitted["said"]
            said, counts = row.ever, row.counts
            right, wrong, missing = (hit & said).sum(), (hit & ~said & counts).sum(), (~hit & said).sum()
            tally += [right, wrong, missing, (~hit & ~said & counts).sum(), missing, wrong]
        return [f1(*tally[:3]), f1(*tally[3:])]


class Objections:
    """Is it one, and which: a model of customer turns and a conditional one of playbook entries."""

    def __init__(self, case: Case) -> None:
        scores = case.index.general.refusals.score(case.customer.given)
        self.features = objections.turn_features(case.transcript, case.index, case.customer, case.agent, scores)
        self.names = naming.names_of(case.index)
        self.label = [self._mark(case, turn) for turn in case.customer.turns]
        self.entries = [
            naming.features(case.index, case.customer, case.agent, scores, turn, None) for turn in case.customer.turns
        ]

    @staticmethod
    def _mark(case: Case, turn: int) -> str | None:
        return next((o for i in case.marks[turn] if (o := case.call.turns[i].get("objection"))), None)

    def entry(self, number: int, before: str | None) -> Array:
        table = self.entries[number].copy()
        table[:, naming.ENTRY.index("steady")] = [name == before for name in self.names]
        return table

    @staticmethod
    def fit(rows: Sequence["Objections"]) -> dict[str, Any]:
        turn = logistic(*_stack((r.features, np.array([o is not None for o in r.label])) for r in rows), 5.0)
        raised = []
        for row in rows:
            before = None
            for number, label in enumerate(row.label):
                if label is not None:
                    raised.append((row.entry(number, before), row.names.index(label)))
                    before = label
        return {
            "turn": _named(objections.TURN, turn), "heard": 0.35, "refusal": 0.35,
            "naming": _named(naming.ENTRY, (_conditional(raised, 5.0), 0.0)),
        }  # fmt: skip

    @staticmethod
    def measure(rows: Sequence["Objections"], fitted: dict[str, Any]) -> list[float]:
        """f1 by entry (`other` counts neither way) and of any."""
        tally = np.zeros(6)
        for row in rows:
            before = None
            chance = probability(_odds(fitted["turn"], row.features))
            for number, label in enumerate(row.label):
                name = None
                if chance[number] >= fitted["heard"]:
                    name = row.names[int(_odds(fitted["naming"], row.entry(number, before)).argmax())]
                    before = name
                tally[3:] += [bool(name and label), bool(name and not label), bool(label and not name)]
                if label != "other":
                    same = name is not None and name == label
                    tally[:3] += [same, name is not None and not same, label is not None and not same]
        return [f1(*tally[:3]), f1(*tally[3:])]


class Answers:
    """Steps after the labelled objections."""

    def __init__(self, case: Case) -> None:
        labels = {t: Objections._mark(case, t) for t in case.customer.turns}
        raised = [(turn, label) for turn, label in labels.items() if label]
        self.rows: list[tuple[Array, Array, set[str]]] = []
        for number, (turn, name) in enumerate(raised):
            turns = answers.window(case.agent, raised, number)
            if name == "other" or not turns:
                continue
            table = answers.features(case.transcript, case.index, case.agent, turn, name, turns)
            done = np.array([[self._does(case, t, name, step) for step in STEPS] for t in turns])
            self.rows.append((table, done, {step for j, step in enumerate(STEPS) if done[:, j].any()}))

    @staticmethod
    def _does(case: Case, turn: int, name: str, step: str) -> bool:
        marked = (case.call.turns[i] for i in case.marks[turn])
        return any(t.get("answers") == name and step in t.get("steps", []) for t in marked)

    @staticmethod
    def fit(rows: Sequence["Answers"]) -> dict[str, Any]:
        every = [one for row in rows for one in row.rows]
        fitted: dict[str, Any] = {
            step: _named(answers.STEP, logistic(*_stack((t[:, j], d[:, j]) for t, d, _ in every), 10.0))
            for j, step in enumerate(STEPS)
        }
        return fitted | {"done": 0.28}

    @staticmethod
    def measure(rows: Sequence["Answers"], fitted: dict[str, Any]) -> list[float]:
        tally = np.zeros(3)
        for table, _, true in (one for row in rows for one in row.rows):
            for j, step in enumerate(STEPS):
                hit = bool((probability(_odds(fitted[step], table[:, j])) >= fitted["done"]).any())
                tally += [hit and step in true, hit and step not in true, not hit and step in true]
        return [f1(*tally)]


class Forbidden:
    """Does a turn break a rule, and which: a model of agent turns and a conditional one of items."""

    def __init__(self, case: Case) -> None:
        self.turns = forbidden.turn_features(case.agent, case.index, case.transcript)
        self.items = forbidden.item_features(case.agent, case.index)
        names = [w.id for w in case.index.forbidden]
        self.said = np.array([[case.says(t, "forbidden", n) for n in names] for t in case.agent.turns])

    @staticmethod
    def fit(rows: Sequence["Forbidden"]) -> dict[str, Any]:
        turn = logistic(*_stack((r.turns, r.said.any(axis=1)) for r in rows), 3.0)
        broken = [(row.items[t], int(i)) for row in rows for t, i in np.argwhere(row.said)]
        item = (_conditional(broken, 3.0), 0.0)
        return {"turn": _named(forbidden.TURN, turn), "item": _named(forbidden.ITEM, item), "said": 0.28}

    @staticmethod
    def measure(rows: Sequence["Forbidden"], fitted: dict[str, Any]) -> list[float]:
        tally = np.zeros(3)
        for row in rows:
            hit = forbidden.chances(row.turns, row.items, fitted).max(axis=0) >= fitted["said"]
            true = row.said.any(axis=0)
            tally += [(hit & true).sum(), (hit & ~true).sum(), (~hit & true).sum()]
        return [f1(*tally)]


def _stack(parts: Iterable[tuple[Array, Array]]) -> tuple[Array, Array]:
    x, y = zip(*parts, strict=True)
    return np.concatenate(x), np.concatenate(y).astype(float)


def _conditional(raised: Sequence[tuple[Array, int]], ridge: float) -> Array:
    """Coefficients of a choice among rows."""
    every = np.concatenate([table for table, _ in raised])
    middle, spread = every.mean(axis=0), every.std(axis=0) + 1e-9
    beta = np.zeros(every.shape[1])
    for _ in range(30):
        slope, bend = -ridge * beta, np.eye(len(beta)) * ridge
        for table, chosen in raised:
            z = (table - middle) / spread
            odds = z @ beta
            p = np.exp(odds - odds.max())
            p /= p.sum()
            mean = p @ z
            slope += z[chosen] - mean
            bend += (z * p[:, None]).T @ z - np.outer(mean, mean)
        beta += np.linalg.solve(bend, slope)
    return np.asarray(beta / spread)


def _named(names: Sequence[str], model: tuple[Array, float]) -> dict[str, Any]:
    return {"names": list(names), "coef": [round(float(c), 4) for c in model[0]], "bias": round(float(model[1]), 4)}


def _odds(fitted: dict[str, Any], features: Array) -> Array:
    return np.asarray(features @ np.array(fitted["coef"]) + fitted["bias"])


PARTS: dict[str, Any] = {"points": Points, "objections": Objections, "answers": Answers, "forbidden": Forbidden}


def report(found: Sequence[Case], part: str, show: Callable[[str], None]) -> dict[str, Any]:
    """Figures of each group of campaigns by what was fitted on the others, then the fit on all."""
    kind = PARTS[part]
    rows = [(case, kind(case)) for case in found]
    for group in sorted({case.group for case in found}):
        fitted = kind.fit(_counted(((case, row) for case, row in rows if case.group != group), part))
        for way in ("true", "noise", "heard"):
            own = [row for case, row in rows if case.group == group and case.way == way]
            if own:
                figures = " ".join(f"{value:.3f}" for value in kind.measure(own, fitted))
                show(f"{part:<11} {group:<20} {way:<6} {figures}")
    return dict(kind.fit(_counted(rows, part)))


def _counted(rows: Iterable[tuple[Case, Any]], part: str) -> list[Any]:
    return [row for case, row in rows for _ in range(1 if case.practice else _GIVEN_COUNTS[part])]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--language", choices=("zh", "en"), default="zh")
    parser.add_argument("--heard", type=Path)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    found = cases(given.folders, given.language, given.heard) + practised(given.language)
    fitted = {part: report(found, part, print) for part in PARTS}
    fitted["naming"] = fitted["objections"].pop("naming")
    if given.write:
        every = json.loads(WEIGHTS.read_text(encoding="utf-8")) | {given.language: fitted}
        WEIGHTS.write_text(json.dumps(every, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
