"""A call as the product judges one, written down by hand: every part of an analysis is in it."""

from typing import Any

from assist.engine import Case
from assist.scripts.library import Library
from assist.transcript import Transcript

TURNS = (
    ("customer", 1.0, 2.0, "喂，哪位？"),
    ("agent", 2.5, 6.0, "您好，请问是王先生吗？我是星河通信的陈晓。"),
    ("customer", 6.5, 8.0, "我在开会，没空。"),
    ("agent", 8.5, 14.0, "就一分钟，这个宽带终身免费，给您办了吧。"),
    ("customer", 15.0, 16.0, "不用了。"),
    ("agent", 22.0, 24.0, "好，再见。"),
)

EVIL = '<img src=x onerror="window.ran=1"><script>window.ran=1</script>'

SAY_INSTEAD = {
    "turn": 3,
    "source": "busy/acknowledge",
    "title": "没时间 · 认同",
    "say": "打扰您了，那我晚点再打给您。",
}


def report(sha256: str = "", version: str = "1") -> dict[str, Any]:
    return {
        "format": "assist-analysis/1",
        "recording": {"sha256": sha256, "seconds": 25.0, "channels": 2, "layout": "stereo"},
        "engine": {"assist": "0", "speech": "fake", "encoder": "fake", "script": {"version": version}, "rubric": "r@1"},
        "turns": [_turn(number, *turn) for number, turn in enumerate(TURNS)],
        "points": [
            {"id": "confirm-identity", "status": "said", "confidence": 1.0} | _at(1, "您好，请问是王先生吗？"),
            {"id": "ask-for-order", "status": "missed", "confidence": 0.8, "turn": None, "start": None, "quote": None},
        ],
        "objections": [
            {"id": "busy", "confidence": 0.9, "force": "brush-off", "answered": True, "answer_turns": [3], "steps": []}
            | {"outcome": "repeated"}
            | _at(2, "我在开会，没空。")
        ],
        "questions": [{"kind": "closed"} | _at(1, "请问是王先生吗？")],
        "forbidden": [{"id": "free-for-life", "severity": "critical"} | _at(3, "终身免费")],
        "delivery": {
            "talk_share": 0.64,
            "characters_per_minute": 248.0,
            "longest_monologue_s": 5.5,
            "median_response_s": 0.5,
            "interruptions": 0,
            "fillers_per_minute": None,
            "stumbles": 0,
            "longest_silence_s": 6.0,
        },
        "scores": {
            "opening": {
                "value": 86,
                "why": "",
                "criteria": [_criterion("identity", "确认身份", 1.0, "开口就确认了对方", [1])],
            },
            "questioning": {"value": None, "why": "通话在开场就结束了", "criteria": []},
            "rejection_handling": {"value": 38, "criteria": [_criterion("calm", "先认同", 0.0, "直接推销", [3])]},
            "overall": {"value": 40, "why": "说了禁语，最高 40 分", "criteria": []},
        },
        "outcome": {"value": "refused", "turn": 4, "quote": "不用了。"},
        "flags": [{"rule": "forbidden", "severity": "critical", "reason": "承诺了终身免费", "turns": [3]}],
        "coaching": {
            "needed": True,
            "focus": "compliance",
            "priority": 95,
            "say_instead": [SAY_INSTEAD],
        },
    }


class JudgedEngine:
    """An Engine for which every recording is the call above."""

    def __init__(self, hearing: Any, peaks: Any = None) -> None:
        self.hearing = hearing
        self._peaks = peaks

    def peaks(self, recording: Any) -> list[list[float]]:
        return self._peaks(recording) if self._peaks else [[0.2, 0.9, 0.1, 0.8], [0.7, 0.1, 0.6, 0.1]]

    def judging(self, rubric: str | None) -> str:
        return "by hand"

    def judge(self, transcript: Transcript, library: Library, case: Case) -> dict[str, Any]:
        return report(case.sha256, case.version)


def _turn(number: int, speaker: str, start: float, end: float, text: str) -> dict[str, Any]:
    return {"id": number, "speaker": speaker, "start": start, "end": end, "text": text, "confidence": 0.9}


def _at(turn: int, quote: str) -> dict[str, Any]:
    return {"turn": turn, "start": TURNS[turn][1], "end": TURNS[turn][2], "quote": quote}


def _criterion(name: str, title: str, value: float, why: str, evidence: list[int]) -> dict[str, Any]:
    return {"id": name, "title": title, "value": value, "weight": 2, "why": why, "evidence": evidence}
