"""Plain faster-whisper against Assist's way of hearing, on labelled recordings, side by side in one run.

    python -m bench.speech CAMPAIGN_DIR [--only ID …] [--threads 2]

CAMPAIGN_DIR holds library.yaml and recordings/<id>.* with recordings/<id>.truth.json (who said what, when). Plain is
`WhisperModel(...).transcribe(beam_size=5, vad_filter=True, language=…)` of each channel. Prints one JSON object; ratios
last.

- cer, per: characters and syllables wrong, channel by channel (mono: in order), punctuation dropped, text as it stands.
- terms: share of the library's terms and company names said in truth that stand in the text.
- invented: characters written where nobody speaks (over 0.5 s from any true turn of that channel).
- seconds: wall clock of hearing, models loaded anew each time; cpu_seconds: the same without waiting for other
  programs of the machine; peak_mb: most memory of a process that does only this.
"""

import argparse
import json
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rapidfuzz.distance import Levenshtein

from assist.calls.hear import Listener
from assist.config import Settings
from assist.scripts.formats.yaml_format import loads
from assist.scripts.library import Library
from assist.transcript import Transcript
from models import audio, sound
from models.weights import find_speech

_NEAR = 0.5


@dataclass(frozen=True)
class Said:
    """A stretch of text with its channel (0 for mono) and seconds."""

    channel: int
    start: float
    end: float
    text: str


@dataclass
class Tally:
    """Sums over recordings."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    audio_seconds: float = 0.0
    peak_mb: float = 0.0
    characters: int = 0
    wrong: int = 0
    syllables: int = 0
    wrong_syllables: int = 0
    terms: int = 0
    terms_found: int = 0
    invented: int = 0
    failed: list[str] = field(default_factory=list)

    def add(self, heard: Sequence[Said], truth: Sequence[Said], library: Library) -> None:
        for channel in {row.channel for row in truth}:
            is_said, was_said = _text(heard, channel), _text(truth, channel)
            self.characters += len(was_said)
            self.wrong += Levenshtein.distance(was_said, is_said)
            sounds = sound.syllables(was_said)
            self.syllables += len(sounds)
            self.wrong_syllables += Levenshtein.distance(sounds, sound.syllables(is_said))
            for term in {*library.terms, *library.company}:
                self.terms += was_said.count(term)
                self.terms_found += min(was_said.count(term), is_said.count(term))
        self.invented += sum(len(_bare(row.text)) for row in heard if not _near_speech(row, truth))

    def figures(self) -> dict[str, Any]:
        return {
            "cer": _share(self.wrong, self.characters),
            "per": _share(self.wrong_syllables, self.syllables),
            "terms": _share(self.terms_found, self.terms),
            "invented": self.invented,
            "seconds": round(self.seconds, 1),
            "cpu_seconds": round(self.cpu_seconds, 1),
            "speed": _share(self.audio_seconds, self.seconds),
            "peak_mb": round(self.peak_mb),
        }


def plain(recording: Path, library: Library, threads: int) -> list[Said]:
    """faster-whisper as its manual shows it, channel by channel."""
    from faster_whisper import WhisperModel
    from faster_whisper.audio import decode_audio

    model = WhisperModel(str(find_speech("base")), device="cpu", compute_type="int8", cpu_threads=threads)
    channels = audio.decode(recording).file_channels
    tracks = decode_audio(str(recording), split_stereo=True) if channels > 1 else (decode_audio(str(recording)),)
    said: list[Said] = []
    for channel, track in enumerate(tracks):
        segments, _ = model.transcribe(track, beam_size=5, vad_filter=True, language=library.language)
        said += [Said(channel, segment.start, segment.end, segment.text) for segment in segments]
    return said


def assist(recording: Path, library: Library, threads: int) -> list[Said]:
    """The product's own way; speakers stand for channels, the agent is 0."""
    listener = Listener(Settings(threads=threads, speech_model="base", device="cpu"))
    return _of_transcript(listener.hear(recording, library, lambda step, share: None))


def _of_transcript(transcript: Transcript) -> list[Said]:
    mono = transcript.layout != "stereo"
    return [
        Said(0 if mono or turn.speaker == "agent" else 1, turn.start, turn.end, turn.text) for turn in transcript.turns
    ]


def measure(way: Callable[[Path, Library, int], list[Said]], recording: Path, library: Library, threads: int) -> Any:
    """Runs one way in a process of its own: (what was heard, seconds, processor seconds, peak megabytes)."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_timed, (way, recording, library, threads))


def _timed(way: Callable[..., list[Said]], recording: Path, library: Library, threads: int) -> Any:
    begin, begin_cpu = time.perf_counter(), time.process_time()
    said = way(recording, library, threads)
    spent = time.perf_counter() - begin, time.process_time() - begin_cpu
    return said, *spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _text(rows: Iterable[Said], channel: int) -> str:
    return _bare("".join(row.text for row in sorted(rows, key=lambda row: row.start) if row.channel == channel))


def _bare(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def _near_speech(row: Said, truth: Iterable[Said]) -> bool:
    return any(
        other.channel == row.channel and other.start - _NEAR < row.end and row.start < other.end + _NEAR
        for other in truth
    )


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None


def truth_of(path: Path, swap_to_agent_first: bool) -> tuple[list[Said], float]:
    """True turns with channels: for plain as recorded, for Assist the agent is 0."""
    facts = json.loads(path.read_text(encoding="utf-8"))
    first = "customer" if facts["layout"] == "stereo-swapped" and not swap_to_agent_first else "agent"
    rows = [
        Said(0 if facts["layout"] == "mono" or turn["who"] == first else 1, turn["start"], turn["end"], turn["text"])
        for turn in facts["turns"]
    ]
    return rows, facts["seconds"]


def compare(folder: Path, only: Sequence[str], threads: int) -> dict[str, Any]:
    library = loads((folder / "library.yaml").read_bytes(), "library.yaml")
    tallies = {"plain": Tally(), "assist": Tally()}
    for truth_path in sorted((folder / "recordings").glob("*.truth.json")):
        name = truth_path.name.removesuffix(".truth.json")
        if only and name not in only:
            continue
        recording = next(path for path in truth_path.parent.glob(f"{name}.*") if path.suffix != ".json")
        for kind, way in (("plain", plain), ("assist", assist)):
            truth, length = truth_of(truth_path, swap_to_agent_first=kind == "assist")
            said, seconds, cpu_seconds, peak = measure(way, recording, library, threads)
            tally = tallies[kind]
            tally.add(said, truth, library)
            tally.seconds, tally.audio_seconds = tally.seconds + seconds, tally.audio_seconds + length
            tally.cpu_seconds += cpu_seconds
            tally.peak_mb = max(tally.peak_mb, peak)
        print(name, {kind: tally.figures()["cer"] for kind, tally in tallies.items()}, file=sys.stderr, flush=True)
    return _report(tallies)


def _report(tallies: dict[str, Tally]) -> dict[str, Any]:
    one, other = tallies["plain"], tallies["assist"]
    missing = one.terms - one.terms_found
    return {
        "plain": one.figures() | {"sums": asdict(one)},
        "assist": other.figures() | {"sums": asdict(other)},
        "ratios": {
            "cer": _share(other.wrong * one.characters, one.wrong * max(other.characters, 1)),
            "per": _share(other.wrong_syllables, one.wrong_syllables),
            "term_gap_closed": _share(other.terms_found - one.terms_found, missing),
            "speed": _share(one.seconds, other.seconds),
            "speed_by_cpu": _share(one.cpu_seconds, other.cpu_seconds),
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    print(json.dumps(compare(given.folder, given.only, given.threads), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
