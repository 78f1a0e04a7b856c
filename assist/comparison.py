"""Found against labelled: how close judged calls are to what a careful listener marked.

Works on `assist-analysis/1` documents and labelled calls. A labelled call marks each turn with the points it gets
across (or only touches: `partial`), the objection it raises or answers and the steps of the answer, its question, what
it says that is forbidden; the truth of its recording says when each turn was spoken.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from statistics import fmean
from typing import Any

from rapidfuzz.distance import Levenshtein

SKILLS = ("opening", "questioning", "rejection_handling")

_NEAR_POINT, _NEAR_OBJECTION, _NEAR_QUESTION = 6.0, 4.0, 3.0
"""Seconds by which evidence may miss its turn."""

_ANSWERED_WITHIN = 5
_CLEAR_DIFFERENCE = 15.0
_STEP = 0.1

Span = tuple[float, float]


@dataclass(slots=True)
class Tally:
    """Right, wrong and missing things."""

    right: int = 0
    wrong: int = 0
    missing: int = 0

    def add(self, found: Iterable[object], true: Iterable[object], free: Iterable[object] = ()) -> None:
        """`free` things count neither way."""
        have, want, either = set(found), set(true), set(free)
        self.right += len(have & want)
        self.wrong += len(have - want - either)
        self.missing += len(want - have)

    def figures(self) -> dict[str, float | None]:
        return {
            "f1": _share(2 * self.right, 2 * self.right + self.wrong + self.missing),
            "precision": _share(self.right, self.right + self.wrong),
            "recall": _share(self.right, self.right + self.missing),
        }


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 3) if whole else None


def _mean(values: Sequence[float | bool]) -> float | None:
    return round(fmean(values), 3) if values else None


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled call: `turns` as marked, `spans` when each was spoken, `layout` and `spoken` of its recording."""

    id: str
    turns: list[dict[str, Any]]
    spans: dict[int, Span]
    layout: str
    spoken: list[dict[str, Any]]
    scores: dict[str, float | None]
    worst: str
    needs_coaching: bool


def labelled(call: dict[str, Any], truth: dict[str, Any]) -> Labelled:
    """From a call file and the truth of its recording."""
    spans = {turn["turn"]: (turn["start"], turn["end"]) for turn in truth["turns"]}
    return Labelled(
        call["id"], call["turns"], spans, truth["layout"], truth["turns"],
        call["scores"], call["worst"], call["needs_coaching"],
    )  # fmt: skip


_TALLIES = ("points", "missed", "objections", "objection_any", "steps", "questions", "forbidden")


@dataclass(slots=True)
class Comparison:
    """Adds up calls; `figures()` gives the sum, `points`, `objections` and `confusions` the detail."""

    every_point: frozenset[str]
    tallies: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in _TALLIES})
    points: dict[str, Tally] = field(default_factory=dict)
    objections: dict[str, Tally] = field(default_factory=dict)
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)
    calls: list[dict[str, Any]] = field(default_factory=list)
    evidence: list[bool] = field(default_factory=list)
    kinds: list[bool] = field(default_factory=list)
    needs: list[bool] = field(default_factory=list)
    focus: list[bool] = field(default_factory=list)
    nulls: list[bool] = field(default_factory=list)
    errors: dict[str, list[float]] = field(default_factory=lambda: {skill: [] for skill in SKILLS})
    overall: list[tuple[float, float | None]] = field(default_factory=list)
    characters: int = 0
    wrong_characters: int = 0
    speech: float = 0.0
    right_speaker: float = 0.0

    def add(self, call: Labelled, document: dict[str, Any]) -> None:
        """One judged call."""
        before = self._faults()
        self._points(call, document)
        self._objections(call, document)
        self._questions(call, document)
        true = {item for turn in call.turns for item in turn.get("forbidden", [])}
        self.tallies["forbidden"].add({f["id"] for f in document["forbidden"]}, true)
        self._scores(call, document)
        self._hearing(call, document)
        self.calls[-1]["faults"] = self._faults() - before

    def _faults(self) -> int:
        return sum(tally.wrong + tally.missing for tally in self.tallies.values())

    def _points(self, call: Labelled, document: dict[str, Any]) -> None:
        said: dict[str, list[int]] = {}
        partial: set[str] = set()
        for number, turn in enumerate(call.turns):
            for point in turn.get("points", []):
                said.setdefault(point, []).append(number)
            partial.update(turn.get("partial", []))
        found = {p["id"]: p for p in document["points"] if p["status"] == "said"}
        missed = {p["id"] for p in document["points"] if p["status"] == "missed"}
        self.tallies["points"].add(found, said, partial - set(said))
        self.tallies["missed"].add(missed, self.every_point - set(said) - partial, partial)
        for point in self.every_point:
            one = self.points.setdefault(point, Tally())
            one.add({point} & set(found), {point} & set(said), {point} & partial - set(said))
        for point in set(found) & set(said):
            start = _span_of(found[point], document)[0]
            self.evidence.append(any(_within(start, call.spans[i], _NEAR_POINT) for i in said[point]))

    def _objections(self, call: Labelled, document: dict[str, Any]) -> None:
        true = [(*call.spans[i], t["objection"], i) for i, t in enumerate(call.turns) if t.get("objection")]
        found = [(*_span_of(o, document), o["id"], o) for o in document["objections"]]
        known = [t for t in true if t[2] != "other"]
        pairs = _paired(found, known, lambda f, t: f[2] == t[2])
        hit = {id(f[3]) for f, _ in pairs}
        rest = [f for f in found if id(f[3]) not in hit]
        excused = _paired(rest, [t for t in true if t[2] == "other"])
        self._count("objections", len(pairs), len(rest) - len(excused), len(known) - len(pairs))
        anyhow = _paired(found, true)
        self._count("objection_any", len(anyhow), len(found) - len(anyhow), len(true) - len(anyhow))
        self._per_objection(found, true, anyhow)
        for one, other in pairs:
            self.tallies["steps"].add(one[3].get("steps", []), _steps_of(call, other[3], other[2]))

    def _per_objection(self, found: list[Any], true: list[Any], anyhow: list[tuple[Any, Any]]) -> None:
        for f, t in anyhow:
            tally = self.objections.setdefault(t[2], Tally())
            tally.right += f[2] == t[2]
            tally.missing += f[2] != t[2]
            if f[2] != t[2]:
                self.objections.setdefault(f[2], Tally()).wrong += 1
                self.confusions[t[2], f[2]] += 1
        taken_f, taken_t = {id(f) for f, _ in anyhow}, {id(t) for _, t in anyhow}
        for f in (f for f in found if id(f) not in taken_f):
            self.objections.setdefault(f[2], Tally()).wrong += 1
            self.confusions["-", f[2]] += 1
        for t in (t for t in true if id(t) not in taken_t):
            self.objections.setdefault(t[2], Tally()).missing += 1
            self.confusions[t[2], "-"] += 1

    def _count(self, name: str, right: int, wrong: int, missing: int) -> None:
        tally = self.tallies[name]
        tally.right, tally.wrong, tally.missing = tally.right + right, tally.wrong + wrong, tally.missing + missing

    def _questions(self, call: Labelled, document: dict[str, Any]) -> None:
        agent = [i for i, turn in enumerate(call.turns) if turn["who"] == "agent"]
        said: dict[object, set[str]] = {}
        for question in document["questions"]:
            middle = sum(_span_of(question, document)) / 2
            gap, turn = min((_gap(middle, call.spans[i]), i) for i in agent)
            where: object = turn if gap <= _NEAR_QUESTION else ("stray", question.get("turn"), middle)
            said.setdefault(where, set()).add(question["kind"])
        true = {i: call.turns[i]["question"] for i in agent if call.turns[i].get("question")}
        self.tallies["questions"].add(said, true)
        self.kinds += [("open" if "open" in said[i] else "closed") == kind for i, kind in true.items() if i in said]

    def _scores(self, call: Labelled, document: dict[str, Any]) -> None:
        for skill in SKILLS:
            human, machine = call.scores.get(skill), (document["scores"].get(skill) or {}).get("value")
            self.nulls.append((human is None) == (machine is None))
            if human is not None and machine is not None:
                self.errors[skill].append(abs(human - machine))
        marks = [mark for mark in call.scores.values() if mark is not None]
        if call.worst == "compliance" or any(turn.get("forbidden") for turn in call.turns):
            marks.append(0)
        self.overall.append((fmean(marks), (document["scores"].get("overall") or {}).get("value")))
        self.needs.append(bool(document.get("coaching", {}).get("needed")) == call.needs_coaching)
        if call.needs_coaching:
            self.focus.append(document.get("coaching", {}).get("focus") == call.worst)

    def _hearing(self, call: Labelled, document: dict[str, Any]) -> None:
        true = _han("".join(turn["text"] for turn in call.spoken))
        heard = _han("".join(turn["text"] for turn in sorted(document["turns"], key=lambda t: float(t["start"]))))
        wrong = Levenshtein.distance(true, heard)
        right, total = _speakers(call, document)
        self.characters += len(true)
        self.wrong_characters += wrong
        self.speech += total
        self.right_speaker += right
        self.calls.append({
            "id": call.id, "layout": call.layout, "cer": round(wrong / max(1, len(true)), 3),
            "speakers": _share(right, total),
        })  # fmt: skip

    def figures(self) -> dict[str, Any]:
        """Everything, rounded to three places."""
        clear = [(a, b) for a, b in combinations(self.overall, 2) if abs(a[0] - b[0]) >= _CLEAR_DIFFERENCE]
        ordered = [a[1] is not None and b[1] is not None and (a[0] - b[0]) * (a[1] - b[1]) > 0 for a, b in clear]
        return {
            "calls": len(self.calls),
            "points": self.tallies["points"].figures(),
            "missed": self.tallies["missed"].figures(),
            "evidence": _mean(self.evidence),
            **{name: self.tallies[name].figures() for name in ("objections", "objection_any", "steps", "questions")},
            "question_kind": _mean(self.kinds),
            "forbidden": self.tallies["forbidden"].figures(),
            "score_error": {skill: _mean(errors) for skill, errors in self.errors.items()},
            "null_agreement": _mean(self.nulls),
            "pairs_ordered": _mean(ordered),
            "pairs": len(clear),
            "coaching_needed": _mean(self.needs),
            "coaching_focus": _mean(self.focus),
            "speakers": _share(self.right_speaker, self.speech),
            "cer": _share(self.wrong_characters, self.characters),
            "per_call": self.calls,
        }


def _span_of(finding: dict[str, Any], document: dict[str, Any]) -> Span:
    turn = next((t for t in document["turns"] if t["id"] == finding.get("turn")), {"start": 0.0, "end": 0.0})
    return float(finding.get("start", turn["start"])), float(finding.get("end", turn["end"]))


def _within(moment: float, span: Span, gap: float) -> bool:
    return span[0] - gap <= moment <= span[1] + gap


def _gap(moment: float, span: Span) -> float:
    return max(span[0] - moment, moment - span[1], 0.0)


def _paired(
    found: Sequence[Any], true: Sequence[Any], alike: Callable[[Any, Any], bool] = lambda f, t: True
) -> list[tuple[Any, Any]]:
    """Greedy one-to-one matching in time; both hold (start, end, …)."""
    pairs, used = [], set()
    for one in sorted(found, key=lambda f: float(f[0])):
        middle = (one[0] + one[1]) / 2
        near = [
            (_gap(middle, (other[0], other[1])), i)
            for i, other in enumerate(true)
            if i not in used and alike(one, other)
        ]
        gap, best = min(near, default=(_NEAR_OBJECTION + 1, -1))
        if gap <= _NEAR_OBJECTION:
            used.add(best)
            pairs.append((one, true[best]))
    return pairs


def _steps_of(call: Labelled, turn: int, objection: str) -> set[str]:
    following = call.turns[turn + 1 : turn + 1 + _ANSWERED_WITHIN]
    return {step for t in following if t.get("answers") == objection for step in t.get("steps", [])}


def _han(text: str) -> str:
    return "".join(c for c in text if "一" <= c <= "鿿")


def _speakers(call: Labelled, document: dict[str, Any]) -> tuple[float, float]:
    """(time given to the right speaker, time given to anybody) in steps of a tenth of a second."""
    right = total = 0.0
    for turn in call.spoken:
        at = turn["start"]
        while at < turn["end"]:
            who = {t["speaker"] for t in document["turns"] if t["start"] <= at <= t["end"]}
            if who:
                total += 1
                right += turn["who"] in who and (len(who) == 1 or call.layout != "mono")
            at += _STEP
    return right, total
