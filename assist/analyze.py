"""`assist analyze`: one recording, or a ready transcript, judged against a library file. No server, no database."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from assist import __version__, console, files, transcript_file
from assist.analysis import judge, report
from assist.analysis import rubric as rubrics
from assist.config import Settings
from assist.errors import InputError, RecordingError
from assist.ports import Encoder, Hearing, Progress
from assist.privacy import KINDS, veil
from assist.scripts import index
from assist.scripts.formats import yaml_format, yamldoc
from assist.scripts.library import Library
from assist.texts import N_
from assist.transcript import Transcript


class RecordingOrTranscript(InputError):
    message = N_("Give a recording, or --transcript with a ready transcript: one of the two.")


class NoLibraryGiven(InputError):
    message = N_("Give the library that the call is judged against: --library LIBRARY.yaml.")


class NotAMoment(InputError):
    message = N_('--at: "%(text)s" is no time. Write it like 2026-11-20T15:04 or 2026-11-20T15:04+08:00.')


class RecordingTooBig(RecordingError):
    message = N_("The recording is larger than %(most)s MB. Cut it, or raise the limit ASSIST_MAX_UPLOAD_BYTES.")


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be judged, against what: the files checked, nothing of a model loaded yet."""

    source: Path
    sha256: str
    ready: Transcript | None
    library: Library
    rubric: rubrics.Rubric
    called_at: datetime | None


@dataclass(frozen=True, slots=True)
class Engine:
    """`encoder` loads the encoder: a recording that cannot be heard is told apart before that."""

    hearing: Hearing
    encoder: Callable[[], Encoder]


_path = click.Path(path_type=Path)


@click.command()
@click.argument("recording", type=_path, required=False)
@click.option("--library", type=_path, metavar="LIBRARY.yaml", help="Script, playbook and forbidden phrases.")
@click.option("--transcript", type=_path, metavar="TURNS.json", help="A ready transcript in place of a recording.")
@click.option("--rubric", type=_path, metavar="RUBRIC.yaml", help="In place of the rubric that comes with Assist.")
@click.option("--at", metavar="ISO_TIME", help="When the call was made, in the zone of the settings if it names none.")
@click.option("--json", "output", default="-", metavar="FILE|-", show_default=True, help="Where the analysis goes.")
@click.option("--mask", is_flag=True, help="Names, numbers and addresses of customers masked.")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def analyze(
    recording: Path | None,
    library: Path | None,
    transcript: Path | None,
    rubric: Path | None,
    at: str | None,
    output: str,
    mask: bool,
    debug: bool,
) -> None:
    """Judge one call: RECORDING, or --transcript, against a library; write assist-analysis/1."""
    with console.one_line_errors(debug, about=recording):
        settings = Settings()
        order = ordered(recording, transcript, library, rubric, at, settings)
        document = judged(order, engine(settings), console.progress_line(order.source.name))
        console.clear_progress()
        files.write(as_json(veil.report(document, KINDS) if mask else document), output)


def ordered(
    recording: Path | None,
    transcript: Path | None,
    library: Path | None,
    rubric: Path | None,
    at: str | None,
    settings: Settings,
) -> Order:
    """Everything that can be checked before the work begins. Raises InputError."""
    source = recording or transcript
    if source is None or (recording and transcript):
        raise RecordingOrTranscript
    if library is None:
        raise NoLibraryGiven
    against = yaml_format.loads(files.read(library, yamldoc.MAX_BYTES), console.printable(library.name))
    if recording and files.size(recording) > settings.max_upload_bytes:
        raise RecordingTooBig(most=round(settings.max_upload_bytes / 1024 / 1024, 1))
    return Order(
        source=source,
        sha256=files.sha256(source),
        ready=_ready(transcript, against) if transcript else None,
        library=against,
        rubric=_rubric(rubric),
        called_at=moment(at, settings),
    )


def _ready(path: Path, library: Library) -> Transcript:
    content = files.read(path, transcript_file.MAX_BYTES)
    return transcript_file.loads(content, console.printable(path.name), library.language)


def _rubric(path: Path | None) -> rubrics.Rubric:
    if path is None:
        return rubrics.default()
    return rubrics.load(files.read(path, yamldoc.MAX_BYTES), console.printable(path.name))


def moment(text: str | None, settings: Settings) -> datetime | None:
    """A time in ISO form as local time of the settings' zone. Raises NotAMoment."""
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
        return at.replace(tzinfo=settings.zone) if at.tzinfo is None else at.astimezone(settings.zone)
    except (ValueError, OverflowError) as error:
        raise NotAMoment(text=console.printable(text, 40)) from error


def engine(settings: Settings) -> Engine:
    """The models that the settings name; each is loaded when it is first needed."""
    from assist.calls.hear import Listener
    from models import encoder

    return Engine(Listener(settings), lambda: encoder.load(settings.encoder_model, settings.device))


def judged(order: Order, engine: Engine, progress: Progress) -> dict[str, Any]:
    """The `assist-analysis/1` document. Raises RecordingError."""
    transcript = order.ready or engine.hearing.hear(order.source, order.library, progress)
    progress("judging", 0.0)
    encoder = engine.encoder()
    learned = index.learn(order.library, encoder)
    return report.to_dict(
        transcript,
        judge.judge(transcript, learned, order.rubric, encoder, order.called_at),
        report.RecordingFacts(order.sha256, transcript.seconds, transcript.channels, transcript.layout),
        report.EngineFacts(
            assist=__version__,
            speech="transcript" if order.ready else engine.hearing.name,
            encoder=encoder.name,
            campaign=order.library.campaign,
            script_version=version_of(order.library),
        ),
    )


def version_of(library: Library) -> str:
    """A library file has no number: its version is the first 12 hex digits of the hash of what it says."""
    return hashlib.sha256(yaml_format.dumps(library).encode()).hexdigest()[:12]


def as_json(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()
