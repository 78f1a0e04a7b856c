"""`assist evaluate`: judge the labelled calls of a campaign and say how close that is to a careful listener."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import yaml

from assist import __version__, console
from assist.analysis import judge, report
from assist.analysis import rubric as rubrics
from assist.analyze import Engine, engine, version_of
from assist.comparison import Comparison, Labelled, Tally, labelled
from assist.config import Settings
from assist.errors import InputError
from assist.scripts import index
from assist.scripts.formats import yaml_format
from assist.scripts.library import Library
from assist.texts import N_, translate
from assist.transcript import Transcript, Turn

_WORST = 5

_CHARACTERS_PER_SECOND, _BETWEEN_TURNS = 4.5, 0.4
"""Telesales pace: 240 to 300 characters a minute; a short breath between turns."""


class NotACampaign(InputError):
    message = N_("%(folder)s holds no labelled calls: library.yaml and calls/*.yaml are expected there.")


@click.command()
@click.argument("campaign_dir", type=click.Path(path_type=Path))
@click.option("--transcripts", is_flag=True, help="Judge the true transcripts in place of the recordings.")
@click.option("--json", "as_json", is_flag=True, help="Figures as JSON in place of tables.")
@click.option("--only", multiple=True, metavar="ID", help="These calls only; may be given several times.")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def evaluate(campaign_dir: Path, transcripts: bool, as_json: bool, only: tuple[str, ...], debug: bool) -> None:
    """Compare judgements with the labelled calls in CAMPAIGN_DIR."""
    with console.one_line_errors(debug, about=campaign_dir):
        settings = Settings()
        comparison = compared(campaign_dir, engine(settings), transcripts, only)
        if as_json:
            click.echo(json.dumps(comparison.figures(), ensure_ascii=False, indent=1))
        else:
            click.echo("\n".join(tables(comparison, settings.language)))


def compared(folder: Path, engine: Engine, transcripts: bool, only: tuple[str, ...] = ()) -> Comparison:
    """Judge every labelled call of a folder. Raises InputError."""
    library = _library(folder)
    comparison = Comparison(frozenset(point.id for _, point in library.points()))
    encoder = engine.encoder()
    learned, rubric = index.learn(library, encoder), rubrics.default()
    for call, recording in calls(folder, only):
        if transcripts or recording is None:
            heard = spoken(call, library)
        else:
            heard = engine.hearing.hear(recording, library, lambda step, share: None)
        analysis = judge.judge(heard, learned, rubric, encoder)
        document = report.to_dict(
            heard,
            analysis,
            report.RecordingFacts(_sha256(recording) if recording else "", heard.seconds, heard.channels, heard.layout),
            report.EngineFacts(__version__, "transcript", encoder.name, library.campaign, version_of(library)),
        )
        comparison.add(call, document)
    return comparison


def calls(folder: Path, only: tuple[str, ...] = ()) -> Iterator[tuple[Labelled, Path | None]]:
    """The labelled calls of a folder with their recordings (None: a transcript alone), in order of their ids."""
    for path in sorted((folder / "calls").glob("*.yaml")):
        call = yaml.safe_load(path.read_text(encoding="utf-8"))
        truth = folder / "recordings" / f"{call['id']}.truth.json"
        sounds = [f for f in sorted((folder / "recordings").glob(f"{call['id']}.*")) if f.suffix != ".json"]
        if only and call["id"] not in only:
            continue
        if truth.is_file() and sounds:
            yield labelled(call, json.loads(truth.read_text(encoding="utf-8"))), sounds[0]
        else:
            yield labelled(call, read_aloud(call["turns"])), None


def read_aloud(turns: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """When each turn would be spoken at an even pace, in the form of a recording's truth: for a call without sound."""
    at, rows = 0.0, []
    for number, turn in enumerate(turns):
        end = at + max(0.6, len(turn["text"]) / _CHARACTERS_PER_SECOND)
        rows.append({"turn": number, "who": turn["who"], "start": at, "end": end, "text": turn["text"]})
        at = end + _BETWEEN_TURNS
    return {"layout": "text", "turns": rows}


def spoken(call: Labelled, library: Library) -> Transcript:
    """The call as it was really spoken."""
    turns = tuple(Turn(t["turn"], t["who"], t["start"], t["end"], t["text"]) for t in call.spoken)
    seconds = max((turn.end for turn in turns), default=0.0)
    return Transcript(turns, library.language, seconds=seconds, speech_seconds=sum(turn.seconds for turn in turns))


def _library(folder: Path) -> Library:
    path = folder / "library.yaml"
    if not path.is_file() or not any(calls(folder)):
        raise NotACampaign(folder=folder)
    return yaml_format.loads(path.read_bytes(), path.name)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


_FIGURES = {
    "points": N_("Points said"),
    "missed": N_("Points missed"),
    "evidence": N_("Evidence in the right place"),
    "objections": N_("Objections, by entry"),
    "objection_any": N_("Objections, any"),
    "steps": N_("Steps of answers"),
    "questions": N_("Questions"),
    "question_kind": N_("Open or closed"),
    "forbidden": N_("Forbidden phrases"),
    "null_agreement": N_("Skills without occasion"),
    "pairs_ordered": N_("Pairs of calls in the right order"),
    "coaching_needed": N_("Needs coaching"),
    "coaching_focus": N_("What to coach first"),
    "speakers": N_("Right speaker"),
    "cer": N_("Character error rate"),
}


def tables(comparison: Comparison, language: str) -> Iterator[str]:
    """Lines for people: the sum, then points, objections, confusions and the worst calls."""
    figures = comparison.figures()
    yield translate(N_("%(count)s calls"), language) % {"count": figures["calls"]}
    for key, title in _FIGURES.items():
        yield f"  {_shown(figures[key])}  {translate(title, language)}"
    for skill, error in figures["score_error"].items():
        yield f"  {_number(error):>19}  {translate(N_('Score error'), language)}: {skill}"
    yield from _per_thing(translate(N_("Points, worst first"), language), comparison.points)
    yield from _per_thing(translate(N_("Objections, worst first"), language), comparison.objections)
    yield translate(N_("Taken for another (marked → found)"), language)
    for (true, found), count in sorted(comparison.confusions.items(), key=lambda item: (-item[1], item[0])):
        yield f"  {count:>3}  {true} → {found}"
    yield translate(N_("Calls with the most differences"), language)
    for row in sorted(comparison.calls, key=lambda row: (-row["faults"], row["id"]))[:_WORST]:
        yield f"  {row['faults']:>3}  {row['id']}  {row['layout']}  CER {row['cer']}"


def _shown(value: Any) -> str:
    """f1, precision and recall where there are three, else the one number, in a column."""
    if isinstance(value, dict):
        return " ".join(_number(value[key]) for key in ("f1", "precision", "recall"))
    return f"{_number(value):>17}"


def _number(value: float | None) -> str:
    return "    -" if value is None else f"{value:5.3f}" if value < 10 else f"{value:5.1f}"


def _per_thing(title: str, things: dict[str, Tally]) -> Iterator[str]:
    yield title
    for name, tally in sorted(things.items(), key=lambda item: (-(item[1].wrong + item[1].missing), item[0])):
        if tally.right + tally.wrong + tally.missing:
            yield f"  {_shown(tally.figures())}  {name}"
