"""Fit `models/asking_heard.json`: what the cues of a question weigh in recognised Mandarin, and what that is worth.

    python -m bench.asking CAMPAIGN_DIR… --heard FOLDER [--write]

FOLDER holds the heard transcripts (`ID.json`) of the labelled calls in CAMPAIGN_DIR…: from them only counts are taken
of which characters and marks recognition loses or takes for others. The invented calls of
`assist/analysis/knowledge/practice` are damaged alike, and learned from; a clause asks where one does that it was made
of. Figures are of turns of practice campaigns left out, in four parts, and of the heard calls, which nothing was
learned from but those counts; `--write` then fits on all.
"""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from assist.analysis import questions
from assist.comparison import Comparison
from assist.evaluate import calls
from assist.transcript import from_dict
from bench import _mishearing
from bench._cases import PRACTICE
from models import asking, asking_heard
from models.language import read

Array = NDArray[Any]
KINDS = ("open", "closed", None)
WAYS = ("true", "bare", "heard 1", "heard 2", "heard 3")
"""As written, without any mark, and damaged three times."""
PARTS, SEEN, PENALTY, STEPS = 4, 12, 6e-5, 70
_LAST = 3
"""A clause carries a question where it holds one of the last characters of it."""


@dataclass
class Row:
    """One turn of the agent in one way: its label, the cues and the kind of each clause; `doubtful` where the true text
    does not show what was labelled."""

    campaign: str
    way: str
    label: str | None
    cues: list[list[str]]
    kinds: list[str | None]
    doubtful: bool


def rows(channel: _mishearing.Channel) -> Iterator[Row]:
    for campaign, call in practice():
        for number, turn in enumerate(call["turns"]):
            if turn["who"] == "agent":
                for way in WAYS:
                    yield _row(campaign, turn, way, *_way(way, turn["text"], channel, f"{call['id']}/{number}/{way}"))


def practice() -> Iterator[tuple[str, dict[str, Any]]]:
    """The Chinese calls with their campaigns' names."""
    for path in sorted(PRACTICE.glob("*/library.yaml")):
        if yaml.safe_load(path.read_text(encoding="utf-8"))["language"] == "zh":
            for file in sorted(path.parent.glob("calls/*.yaml")):
                yield path.parent.name, yaml.safe_load(file.read_text(encoding="utf-8"))


def _way(way: str, text: str, channel: _mishearing.Channel, seed: str) -> tuple[str, list[int]]:
    places = [place for place, character in enumerate(text) if character not in "，。？！；：、…"] or [0]
    if way == "true":
        return text.replace("？", "。"), list(range(len(text)))
    return ("".join(text[p] for p in places), places) if way == "bare" else channel.damaged(text, seed)


def _row(campaign: str, turn: dict[str, Any], way: str, text: str, places: list[int]) -> Row:
    asked = asking.questions(turn["text"]) if turn.get("question") else ()
    clauses = read(text.replace("？", "。")).clauses
    kinds = []
    for clause in clauses:
        said = set(places[clause.start : clause.end])
        own = [q for q in asked if said & set(range(max(q.start, q.end - _LAST), q.end))]
        kinds.append(asking.most_open(own))
    doubtful = bool(turn.get("question")) and not asked
    return Row(campaign, way, turn.get("question"), asking_heard.cues_of(clauses), kinds, doubtful)


class Fit:
    """A multinomial logistic regression with an L1 penalty by accelerated proximal steps (Beck and Teboulle 2009), with
    a step of its own for every cue and a restart where the direction turns (O'Donoghue and Candès 2015)."""

    def __init__(self, found: Sequence[Row]) -> None:
        clauses = [
            (cues, kind) for row in found if not row.doubtful for cues, kind in zip(row.cues, row.kinds, strict=True)
        ]
        seen = Counter(cue for cues, _ in clauses for cue in cues)
        self.place = {cue: i for i, cue in enumerate(sorted(cue for cue, count in seen.items() if count >= SEEN))}
        at, ends = self._matrix([cues for cues, _ in clauses])
        wanted = np.eye(len(KINDS))[[KINDS.index(kind) for _, kind in clauses]]
        self.weights, self.bias = self._fitted(at, ends, wanted)

    def _matrix(self, clauses: Sequence[Sequence[str]]) -> tuple[Array, Array]:
        known = [[self.place[cue] for cue in cues if cue in self.place] for cues in clauses]
        return np.array([i for row in known for i in row], np.int32), np.cumsum([0, *map(len, known)])

    def _fitted(self, at: Array, ends: Array, wanted: Array) -> tuple[Array, Array]:
        count = len(wanted)
        row = np.repeat(np.arange(count), np.diff(ends))
        share = np.bincount(at, minlength=len(self.place)) / count
        step = np.minimum(1 / (15 * share + 1e-4), 400)[:, None] * 0.5
        old = ahead = np.zeros((len(self.place), len(KINDS)))
        bias, speed = np.log(wanted.mean(0)), 1.0
        for _ in range(STEPS):
            wrong = (_chances(ahead, bias, at, ends) - wanted) / count
            slope = np.stack([np.bincount(at, wrong[row, j], len(self.place)) for j in range(len(KINDS))], 1)
            bias = bias - wrong.sum(0)
            new = ahead - step * slope
            new = np.sign(new) * np.maximum(np.abs(new) - step * PENALTY, 0)
            faster = (1 + np.sqrt(1 + 4 * speed**2)) / 2
            if ((ahead - new) * (new - old)).sum() > 0:
                ahead, faster = new.copy(), 1.0
            else:
                ahead = new + (speed - 1) / faster * (new - old)
            old, speed = new, faster
        return old, bias

    def as_weights(self) -> asking_heard.Weights:
        """Over no question, as `models/asking_heard.py` reads them."""
        over = np.round(self.weights[:, :2] - self.weights[:, 2:], 3)
        bias = np.round(self.bias[:2] - self.bias[2], 3)
        cues = {cue: (float(over[i, 0]), float(over[i, 1])) for cue, i in self.place.items() if over[i].any()}
        return asking_heard.Weights((float(bias[0]), float(bias[1])), cues)


def _chances(weights: Array, bias: Array, at: Array, ends: Array) -> Array:
    sums = np.vstack([np.zeros((1, len(KINDS))), np.cumsum(weights[at], 0)])
    odds = sums[ends[1:]] - sums[ends[:-1]] + bias
    grown = np.exp(odds - odds.max(1, keepdims=True))
    return np.asarray(grown / grown.sum(1, keepdims=True))


def figures(found: Sequence[Row], weights: asking_heard.Weights, sure: float) -> Counter[str]:
    """Turns right, wrong, missing and of the right kind."""
    tally: Counter[str] = Counter()
    for row in found:
        chances = [weights.chances(cues) for cues in row.cues]
        kinds = {"open" if one > other else "closed" for one, other in chances if one + other >= sure}
        tally["right"] += bool(kinds and row.label)
        tally["wrong"] += bool(kinds and not row.label)
        tally["missing"] += bool(row.label and not kinds)
        tally["kind"] += bool(kinds and row.label == ("open" if "open" in kinds else "closed"))
    return tally


def shown(tally: Counter[str]) -> str:
    right, wrong, missing = tally["right"], tally["wrong"], tally["missing"]
    f1 = 2 * right / max(1, 2 * right + wrong + missing)
    precision, recall = right / max(1, right + wrong), right / max(1, right + missing)
    return f"f1 {f1:.3f} precision {precision:.3f} recall {recall:.3f} kind {tally['kind'] / max(1, right):.3f}"


def left_out(found: Sequence[Row], show: Callable[[str], None]) -> None:
    """Each part of the practice campaigns by what the others taught."""
    names = sorted({row.campaign for row in found})
    tallies: dict[tuple[str, float], Counter[str]] = {}
    for part in range(PARTS):
        own = set(names[part::PARTS])
        weights = Fit([row for row in found if row.campaign not in own]).as_weights()
        for way in WAYS:
            for sure in (0.3, 0.35, 0.4, 0.45, 0.5):
                rest = [row for row in found if row.campaign in own and row.way == way]
                tallies[way, sure] = tallies.get((way, sure), Counter()) + figures(rest, weights, sure)
    for (way, sure), tally in tallies.items():
        show(f"left out {way:<8} {sure:<5} {shown(tally)}")


def on_heard(folders: Sequence[Path], heard: Path, show: Callable[[str], None]) -> None:
    """The labelled calls as they were heard, by the weights in use."""
    for folder in folders:
        sums = Comparison(frozenset())
        for call, _ in calls(folder):
            path = heard / f"{call.id}.json"
            if path.is_file():
                transcript = from_dict(json.loads(path.read_text(encoding="utf-8")))
                found = [{"turn": q.evidence.turn, "start": q.evidence.start, "end": q.evidence.end, "kind": q.kind}
                         for q in questions.find(transcript)]  # fmt: skip
                sums._questions(call, {"turns": [], "questions": found})
        show(f"heard {folder.name:<20} {sums.tallies['questions'].figures()} kind {np.mean(sums.kinds):.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--heard", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    ordinary = [turn["text"] for _, call in practice() for turn in call["turns"]]
    found = list(rows(_mishearing.Channel(_mishearing.counted(given.folders, given.heard), ordinary)))
    left_out(found, print)
    if given.write:
        fitted = Fit(found).as_weights()
        text = json.dumps({"bias": fitted.bias, "cues": fitted.cues}, ensure_ascii=False, separators=(",", ":"))
        asking_heard.WEIGHTS.write_text(text.replace('],"', '],\n"') + "\n", encoding="utf-8")
        asking_heard.weights.cache_clear()
        on_heard(given.folders, given.heard, print)


if __name__ == "__main__":
    main()
