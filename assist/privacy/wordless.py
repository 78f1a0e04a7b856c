"""What is left of an `assist-analysis/1` document once the words of its call may no longer be kept: numbers. Pure."""

import re
from collections.abc import Mapping
from typing import Any

_QUOTED = re.compile(r"“[^”]*”?|「[^」]*」?|\"[^\"]*\"?")
_PLACE = ("turn", "start", "end")
_KEEP = {
    "points": ("id", "status", "confidence", "uncertain"),
    "objections": ("id", "confidence", "force", "answered", "answer_turns", "steps", "outcome"),
    "questions": ("kind", "follow_up", "stacked", "self_answered"),
    "forbidden": ("id", "severity", "confidence"),
    "manners": ("id", "severity", "confidence"),
    "complaints": ("id", "severity", "confidence"),
}
_HEAD = ("format", "recording", "engine", "language", "speakers_confidence", "delivery")


def unquoted(text: str) -> str:
    """A reason without what it quotes."""
    return _QUOTED.sub("“…”", text)


def only(report: Mapping[str, Any]) -> dict[str, Any]:
    """The document without a word that was said: no turns, no quotes, no advice on wordings."""
    return {
        **{name: report[name] for name in _HEAD if name in report},
        "turns": [],
        **{part: [_item(item, names) for item in report.get(part, [])] for part, names in _KEEP.items()},
        "scores": {name: _score(score) for name, score in report["scores"].items()},
        "outcome": _item(report["outcome"], ("value",)),
        "flags": [_flag(flag) for flag in report["flags"]],
        "coaching": {name: report["coaching"].get(name) for name in ("needed", "focus", "priority")}
        | {"say_instead": []},
    }


def _item(item: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: item[name] for name in (*names, *_PLACE) if name in item} | {"quote": ""}


def _score(score: Mapping[str, Any]) -> dict[str, Any]:
    kept = [
        {"id": one["id"], "title": one.get("title", ""), "value": one["value"], "weight": one["weight"]}
        | {"why": unquoted(one.get("why", "")), "evidence": one.get("evidence", [])}
        for one in score.get("criteria", [])
    ]
    return {"value": score["value"], "why": unquoted(score.get("why", "") or ""), "criteria": kept}


def _flag(flag: Mapping[str, Any]) -> dict[str, Any]:
    return {name: flag[name] for name in ("rule", "severity") if name in flag} | {
        "reason": unquoted(flag.get("reason", "")),
        "turns": flag.get("turns", []),
    }
