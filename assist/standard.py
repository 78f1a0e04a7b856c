"""The engine of the product: the models that the settings name, hearing and judging as `assist analyze` does."""

import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from assist import __version__
from assist.analysis import groundwork, judge, report
from assist.analysis import rubric as rubrics
from assist.analysis.findings import Analysis
from assist.analysis.groundwork import Groundwork
from assist.analysis.knowledge import told
from assist.analysis.rubric import Rubric
from assist.calls import hear
from assist.config import Settings
from assist.engine import Case
from assist.errors import SetupError
from assist.ports import Encoder
from assist.scripts import index
from assist.scripts.index import Index
from assist.scripts.library import Library
from assist.store import Store, readings
from assist.store.vectors import CachedEncoder
from assist.texts import N_
from assist.transcript import Transcript
from models import encoder, weights

INDEXES_KEPT = 8


class ModelUnusable(SetupError):
    message = N_("The model %(name)s cannot be used (%(reason)s). Check the setting, or run `assist doctor`.")


class Standard:
    """Hears with the recogniser, judges with the encoder. Both are kept once loaded."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self.hearing = hear.Listener(settings)
        self._encoder = CachedEncoder(store, encoder.load(settings.encoder_model, settings.device))
        self._learned: dict[str, Index] = {}

    def peaks(self, recording: Path) -> list[list[float]]:
        return hear.peaks(recording, self._settings)

    def judging(self, rubric: str | None) -> str:
        return f"{__version__} {_code()}; {self._encoder.name}; {_rubric(rubric).version}"

    def judge(self, transcript: Transcript, library: Library, case: Case) -> dict[str, Any]:
        learned = self.index(library)
        rubric, ground = _rubric(case.rubric), self._read_before(transcript, learned, case)
        judged = judge.judge(transcript, learned, rubric, self._encoder, case.called_at, case.weeks, ground)
        if ground is None:
            self._keep(transcript, learned, case, judged)
        return report.to_dict(
            transcript,
            judged,
            report.RecordingFacts(case.sha256, transcript.seconds, transcript.channels, transcript.layout),
            report.EngineFacts(
                assist=__version__,
                speech=self.hearing.name,
                encoder=self._encoder.name,
                campaign=library.campaign,
                script_version=case.version,
            ),
        )

    def _read_before(self, transcript: Transcript, learned: Index, case: Case) -> Groundwork | None:
        body = readings.body(self._store, case.transcript, self._reader(learned)) if case.transcript else None
        return groundwork.unpack(body, transcript, learned.general, self._encoder) if body else None

    def _keep(self, transcript: Transcript, learned: Index, case: Case, judged: Analysis) -> None:
        """What the next judgement of this transcript, by another library, need not find again."""
        found = judged.findings
        if case.transcript and found.delivery and found.outcome.value != "no-conversation":
            ground = Groundwork(found.questions, found.complaints, found.delivery)
            body = groundwork.pack(ground, transcript, learned.general, self._encoder)
            readings.keep(self._store, case.transcript, self._reader(learned), body)

    def _reader(self, learned: Index) -> str:
        return f"{_reading_code()} {self._encoder.name} {learned.library.language}"

    @property
    def encoder(self) -> Encoder:
        """With the vectors that the store has."""
        return self._encoder

    def index(self, library: Library) -> Index:
        """What is learned from a library; the last few are kept."""
        key = _key(library, self._encoder.name)
        if key not in self._learned:
            if len(self._learned) >= INDEXES_KEPT:
                self._learned.pop(next(iter(self._learned)))
            self._learned[key] = index.learn(library, self._encoder)
        return self._learned[key]


class Ears:
    """Only the hearing, for machines without a store."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.hearing = hear.Listener(settings)

    def peaks(self, recording: Path) -> list[list[float]]:
        return hear.peaks(recording, self._settings)


def engine(settings: Settings, store: Store) -> Standard:
    """Raises ModelUnusable at once, rather than at the first recording."""
    _check(settings)
    try:
        return Standard(settings, store)
    except weights.ModelMissing as error:
        raise ModelUnusable(name=settings.encoder_model, reason=error) from error


def ears(settings: Settings) -> Ears:
    """Raises ModelUnusable."""
    _check(settings)
    return Ears(settings)


def _check(settings: Settings) -> None:
    needed: dict[str, Callable[[], Path]] = {
        settings.speech_model: lambda: weights.find_speech(settings.speech_model),
        "silero-vad": weights.find_vad,
        "resemblyzer": weights.find_voice,
    }
    for name, find in needed.items():
        try:
            find()
        except (weights.ModelMissing, weights.ModelDamaged) as error:
            raise ModelUnusable(name=name, reason=error) from error


@lru_cache(maxsize=16)
def _key(library: Library, encoder: str) -> str:
    return index.key_of(library, encoder)


@lru_cache(maxsize=4)
def _rubric(source: str | None) -> Rubric:
    return rubrics.default() if source is None else rubrics.load(source)


@lru_cache(maxsize=1)
def _reading_code() -> str:
    return f"{_code()} {told.digest()}"


@lru_cache(maxsize=1)
def _code() -> str:
    """Fingerprint of the judging code and its knowledge: after an upgrade, judging again gives a new result."""
    house = Path(__file__).parent
    files = [*(house / "analysis").rglob("*"), house / "scripts" / "index.py", *(house.parent / "models").glob("*.py")]
    digest = hashlib.sha256()
    for path in sorted(files):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
