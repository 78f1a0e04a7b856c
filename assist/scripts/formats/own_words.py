"""The words of documents that Assist writes: one list for writing them and for reading them, in both languages."""

from typing import Literal

from assist.scripts.library import Library

Language = Literal["zh-CN", "en"]
LANGUAGES: tuple[Language, ...] = ("zh-CN", "en")

WORDS: dict[str, tuple[str, str]] = {
    "library": ("项目", "Library"),
    "script": ("话术", "Talk track"),
    "playbook": ("异议手册", "Objections"),
    "forbidden": ("禁语", "Forbidden phrases"),
    "campaign": ("项目代号", "Campaign"),
    "title": ("标题", "Title"),
    "language": ("语言", "Language"),
    "company": ("公司称呼", "Company names"),
    "terms": ("术语", "Terms"),
    "customer": ("客户说", "The customer says"),
    "we": ("我们说", "We say"),
    "near": ("不算", "But not"),
    "allowed": ("可以说", "All right to say"),
    "fact": ("项", "What"),
    "number": ("序号", "No."),
    "stage": ("阶段", "Stage"),
    "stage_title": ("阶段标题", "Title of the stage"),
    "id": ("编号", "Id"),
    "point": ("要点", "Point"),
    "required": ("必讲", "Required"),
    "optional": ("选讲", "optional"),
    "weight": ("权重", "Weight"),
    "wording": ("话术", "Wording"),
    "objection": ("异议", "Objection"),
    "kind": ("类型", "Kind"),
    "step_title": ("步骤标题", "Title of the step"),
    "severity": ("级别", "Severity"),
    "item": ("禁语项", "Forbidden item"),
    "opening": ("开场白", "Opening"),
    "discovery": ("需求提问", "Discovery"),
    "pitch": ("产品介绍", "Pitch"),
    "close": ("促成", "Close"),
    "ending": ("结束", "Ending"),
    "acknowledge": ("认同", "Acknowledge"),
    "clarify": ("澄清", "Clarify"),
    "answer": ("回应", "Answer"),
    "advance": ("推进", "Move on"),
    "critical": ("严重", "Critical"),
    "major": ("重要", "Major"),
    "minor": ("轻微", "Minor"),
    "true": ("是", "yes"),
    "false": ("否", "no"),
    "phrase": ("说法", "Phrase"),
}
"""Chinese and English. They are part of the format: a file written years ago is read by them, so none is changed."""


def say(name: str, language: str) -> str:
    return WORDS[name][LANGUAGES.index("en" if language == "en" else "zh-CN")]


def meant(text: str, names: tuple[str, ...]) -> str:
    """Which of the names a word stands for in either language; the word itself, in lower case, where none."""
    bare = text.strip()
    known = {say(name, language).lower(): name for language in LANGUAGES for name in names}
    return known.get(bare.lower(), bare.lower())


def language_for(library: Library) -> Language:
    """The words of a document are in the language of its library."""
    return "en" if library.language == "en" else "zh-CN"
