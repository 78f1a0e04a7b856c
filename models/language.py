"""How words are read: spaCy pipelines for Chinese and English made from code, without any download.

A pipeline cuts a text into words (Chinese by rjieba), its clauses (stretches between punctuation marks, each with its
closing mark and the mark of its sentence) and its cues: fillers, courtesies, negations, times. Recognised
speech often lacks marks; nothing here relies on them being there.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

import rjieba
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from models import lexicon

CUES = ("filler", "hesitation", "negation", "time", "greeting", "thanks", "apology", "farewell", "regard")
"""Labels of the cues that a reading holds."""

_MARK = r"(?:[，、。！!？?；;…~\n]|,(?!\d)|(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bDr)\.(?!\d))"
_CLAUSE = re.compile(rf"(?:(?!{_MARK}).)+{_MARK}*", re.DOTALL)
_CLOSING = re.compile(rf"{_MARK}*\s*$")
_STOP = re.compile(r"[。！!？?；;…\n]|(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bDr)\.(?!\d)")


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch between marks. `mark` is ? where a question mark closes its sentence, else the own closing mark.

    `final` says that it closes its sentence; `start` and `end` are character offsets in the text.
    """

    text: str
    mark: str
    final: bool
    words: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue with its label (see `CUES`) and character offsets."""

    label: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    text: str
    words: tuple[str, ...]
    clauses: tuple[Clause, ...]
    cues: tuple[Cue, ...]

    def count(self, label: str) -> int:
        """How many cues of this label the text holds."""
        return sum(cue.label == label for cue in self.cues)

    def has(self, *labels: str) -> bool:
        return any(cue.label in labels for cue in self.cues)


def known(language: str) -> str:
    """`zh` or `en`: the nearest language that can be read."""
    return "en" if language.lower().startswith("en") else "zh"


@lru_cache(maxsize=16384)
def read(text: str, language: str = "zh") -> Reading:
    """The words, clauses and cues of `text`."""
    doc = pipeline(known(language))(text)
    return Reading(
        text,
        tuple(token.text for token in doc if not token.is_space),
        tuple(_clause(span, text) for span in doc.spans["clauses"]),
        tuple(Cue(span.label_, span.text, span.start_char, span.end_char) for span in doc.spans["cues"]),
    )


@cache
def pipeline(language: str) -> Language:
    """The spaCy pipeline of `zh` or `en`: words, then `assist_clauses` and `assist_cues` in `doc.spans`."""
    nlp = spacy.blank(language)
    if language == "zh":
        nlp.tokenizer = _ChineseWords(nlp.vocab)
    nlp.add_pipe("assist_clauses")
    nlp.add_pipe("assist_cues", config={"language": language})
    return nlp


class _ChineseWords:
    """Tokenizer by rjieba, exact about every character so that spans keep their offsets."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        words = rjieba.cut(text)
        return Doc(self.vocab, words=words, spaces=[False] * len(words))


@Language.component("assist_clauses")
def mark_clauses(doc: Doc) -> Doc:
    """Put the clauses into `doc.spans["clauses"]`."""
    spans = (_span(doc, match.start(), match.end(), "clause") for match in _CLAUSE.finditer(doc.text))
    doc.spans["clauses"] = [span for span in spans if span is not None]
    return doc


@Language.factory("assist_cues", default_config={"language": "zh"})
def cue_marker(nlp: Language, name: str, language: str) -> Callable[[Doc], Doc]:
    """A component that puts the cues of `language` into `doc.spans["cues"]`."""
    patterns = _cue_patterns(language)

    def mark_cues(doc: Doc) -> Doc:
        text = doc.text  # put together anew each time it is asked for
        found = [
            _span(doc, match.start(), match.end(), label)
            for label, pattern in patterns
            for match in pattern.finditer(text)
        ]
        doc.spans["cues"] = [span for span in found if span is not None]
        return doc

    return mark_cues


def _cue_patterns(language: str) -> list[tuple[str, re.Pattern[str]]]:
    plain = {
        "filler": lexicon.FILLERS[language],
        "hesitation": lexicon.HESITATIONS[language],
        "negation": lexicon.NEGATIONS[language],
        "time": lexicon.TIMES[language],
    }
    return [(label, re.compile(text, re.IGNORECASE)) for label, text in (plain | lexicon.COURTESIES[language]).items()]


def _span(doc: Doc, start: int, end: int, label: str) -> Span | None:
    return doc.char_span(start, end, label=label, alignment_mode="expand")


def _clause(span: Span, text: str) -> Clause:
    inner = _CLOSING.sub("", span.text)
    tail = span.text[len(inner) :]
    stop = _STOP.search(text, span.start_char + len(inner.rstrip()))
    asked = stop is not None and stop.group() in "？?"
    own = tail.strip()[:1]
    words = tuple(token.text for token in span if token.text.strip() and not token.is_punct)
    return Clause(
        text=inner.strip(),
        mark="?" if asked else own,
        final=not own or bool(_STOP.match(own)),
        words=words,
        start=span.start_char,
        end=span.start_char + len(inner),
    )


def is_backchannel(text: str, language: str = "zh") -> bool:
    """Whether the whole text only shows that somebody listens (嗯, 对, 好的)."""
    bare = re.sub(r"[^\w\s]+", " ", text.strip().lower())
    plain = bare.replace(" ", "") if known(language) == "zh" else " ".join(bare.split())
    return bool(plain) and _backchannel(known(language)).fullmatch(plain) is not None and len(plain.split()) <= 4


@cache
def _backchannel(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{lexicon.BACKCHANNELS[language]}\s*){{1,4}}", re.IGNORECASE)


def assents(text: str, language: str = "zh") -> bool:
    """Whether a turn begins by saying yes (行, 可以, 好啊) and not by refusing (行了行了, 好了不说了)."""
    language = known(language)
    if re.match(r"\s*(?:行了|好了|算了|得了)", text):
        return False
    return re.search(lexicon.ASSENTS[language], text.strip(), re.IGNORECASE) is not None


def denies(text: str, language: str = "zh") -> bool:
    """Whether a turn begins by saying no."""
    return re.search(lexicon.DENIALS[known(language)], text.strip(), re.IGNORECASE) is not None


def is_voicemail(text: str, language: str = "zh") -> bool:
    """Whether a machine speaks in place of the called person."""
    return re.search(lexicon.VOICEMAIL[known(language)], text, re.IGNORECASE) is not None


def length(text: str, language: str = "zh") -> int:
    """What counts as speech: Chinese characters plus Latin words; punctuation and emoji do not."""
    return len(re.findall(r"[\u4e00-\u9fff]|[A-Za-z0-9']+", text))
