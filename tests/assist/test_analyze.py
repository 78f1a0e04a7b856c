"""`assist analyze` from the outside: good calls, and everything that may be handed in instead of one."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

import assist.analyze
from assist.analysis import report
from assist.analyze import Engine, analyze
from assist.demo import team
from assist.ports import Progress
from assist.scripts import index
from assist.scripts.library import Library
from assist.transcript import Transcript
from tests import sounds
from tests.fakes import FakeEncoder

ASSIST = Path(sys.executable).with_name("assist")
REAL = team.RECORDINGS / "20261120-1431-shenyue-1108.m4a"
TURNS = [
    {"speaker": "customer", "start": 0.0, "end": 1.0, "text": "喂，你好"},
    {
        "speaker": "agent",
        "start": 1.2,
        "end": 6.0,
        "text": "您好，请问是李女士本人吗？我是云桥通信的小林，想给您介绍宽带提速的活动。",
    },
    {"speaker": "customer", "start": 6.4, "end": 8.0, "text": "我现在忙着呢，没空听"},
    {"speaker": "agent", "start": 8.3, "end": 13.0, "text": "打扰您了，就一分钟，您家现在用多少兆的宽带？"},
    {"speaker": "customer", "start": 13.5, "end": 20.0, "text": "一百兆吧，书房信号一直不太好，那你快点说"},
]

Invoke = Callable[..., Result]

learn_once = cache(index.learn)
"""Most tests judge against the same library: it is learned for the first of them."""


@pytest.fixture
def invoke(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Invoke:
    """Runs the command in this process, in English and in an empty folder."""
    for name in ("ASSIST_LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.setattr(index, "learn", learn_once)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object, library: object = team.LIBRARY) -> Result:
        return CliRunner().invoke(analyze, [*map(str, arguments), "--library", str(library)])

    return run


@pytest.fixture
def turns(tmp_path: Path) -> Path:
    path = tmp_path / "turns.json"
    path.write_text(json.dumps({"turns": TURNS}), encoding="utf-8")
    return path


def one_line(result: Result) -> str:
    """The one line of a refusal."""
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    assert result.stderr.endswith("\n")
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.stderr
    return result.stderr


def document(result: Result) -> dict[str, Any]:
    """The valid analysis that was printed."""
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    parsed: dict[str, Any] = json.loads(result.stdout)
    jsonschema.validate(parsed, report.schema())
    return parsed


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# What is no recording, and a word of what is said about it


def empty(path: Path) -> Path:
    path.with_suffix(".wav").touch()
    return path.with_suffix(".wav")


def text_named_wav(path: Path) -> Path:
    path.with_suffix(".wav").write_text("This is a letter.\n" * 40)
    return path.with_suffix(".wav")


def image_named_wav(path: Path) -> Path:
    return sounds.image(path.with_suffix(".png")).rename(path.with_suffix(".wav"))


REFUSED = [
    (empty, "empty"),
    (text_named_wav, "no sound recording"),
    (image_named_wav, "no sound recording"),
    (lambda path: sounds.image(path.with_suffix(".png")), "no sound recording"),
    (lambda path: sounds.video_without_sound(path.with_suffix(".mp4")), "no sound"),
    (lambda path: sounds.lying_wav(path.with_suffix(".wav"), rate=0), "recording"),
    (lambda path: sounds.lying_wav(path.with_suffix(".wav"), rate=1), "header"),
    (lambda path: sounds.lying_wav(path.with_suffix(".wav"), rate=4_000_000_000), "recording"),
    (lambda path: sounds.lying_wav(path.with_suffix(".wav"), data_bytes=2), "empty"),
]
REFUSED_NAMES = [
    "empty", "text", "image-as-wav", "image", "video", "rate-zero", "rate-one", "rate-huge", "length-nothing"
]  # fmt: skip


@pytest.mark.parametrize(("make", "word"), REFUSED, ids=REFUSED_NAMES)
def test_what_is_no_recording_is_refused_in_one_line(
    invoke: Invoke, tmp_path: Path, make: Callable[[Path], Path], word: str
) -> None:
    recording = make(tmp_path / "call")
    message = one_line(invoke(recording, "--json", "out.json"))
    assert message.startswith(f"{recording.name}: ")
    assert word in message
    assert names_in(tmp_path) == [recording.name]  # nothing half done stays behind


def test_the_line_is_in_the_language_of_the_terminal(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = empty(tmp_path / "call")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert "录音" in one_line(invoke(recording))
    monkeypatch.setenv("ASSIST_LANGUAGE", "en")
    assert "empty" in one_line(invoke(recording))


# What is a recording, though nobody speaks


def cut_short(path: Path) -> Path:
    whole = sounds.write(path.with_suffix(".mp3"), sounds.music(20)).read_bytes()
    path.with_suffix(".mp3").write_bytes(whole[: len(whole) // 3])
    return path.with_suffix(".mp3")


QUIET = [
    (lambda path: sounds.write(path.with_suffix(".wav"), sounds.ringing(20)), 20),
    (lambda path: sounds.write(path.with_suffix(".mp3"), sounds.music(20)), 20),
    (lambda path: sounds.write(path.with_suffix(".flac"), sounds.noise(20)), 20),
    (lambda path: sounds.write(path.with_suffix(".ogg"), sounds.tone(4, rate=48000), 48000), 4),
    (lambda path: sounds.lying_wav(path.with_suffix(".wav"), data_bytes=0xFFFF_FFF0), 2),
    (cut_short, 7),
]
QUIET_NAMES = ["ringing", "music", "noise", "four-seconds", "length-huge", "truncated-mp3"]


@pytest.mark.real
@pytest.mark.parametrize(("make", "seconds"), QUIET, ids=QUIET_NAMES)
def test_a_recording_without_speech_is_judged_by_nothing(
    invoke: Invoke, tmp_path: Path, make: Callable[[Path], Path], seconds: float
) -> None:
    judged = document(invoke(make(tmp_path / "call")))
    assert judged["recording"]["seconds"] == pytest.approx(seconds, abs=0.6)
    assert judged["turns"] == []
    assert judged["outcome"]["value"] == "no-conversation"
    assert judged["scores"]["overall"]["value"] is None
    assert judged["coaching"]["needed"] is False


@pytest.mark.real
def test_two_hours_of_silence_in_a_small_file_stay_within_bounds(tmp_path: Path) -> None:
    bomb = sounds.hours_of_silence(tmp_path / "silence.flac", 2)
    assert bomb.stat().st_size < 2_500_000
    command = [str(ASSIST), "analyze", str(bomb), "--library", str(team.LIBRARY), "--json", str(tmp_path / "out.json")]
    ran = subprocess.run([sys.executable, "-c", _MEASURE, *command], capture_output=True, text=True, check=True)
    assert ran.stderr == ""
    assert json.loads((tmp_path / "out.json").read_bytes())["recording"]["seconds"] == pytest.approx(7200, abs=1)
    assert int(ran.stdout) < 1_500_000  # kB, of the largest process; 2 h of 48 kHz stereo are 2.7 GB


# A process begins with the peak of the one that started it, and pytest's own is no measure: a small one in between.
_MEASURE = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def test_a_recording_longer_than_the_limit_is_refused(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSIST_MAX_SECONDS", "60")
    assert "longer than 1 minute" in one_line(invoke(sounds.write(tmp_path / "long.flac", sounds.silence(90))))


def test_a_file_over_the_configured_size_is_refused(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSIST_MAX_UPLOAD_BYTES", "100000")
    message = one_line(invoke(sounds.write(tmp_path / "big.wav", sounds.noise(10))))
    assert "larger than 0.1 MB" in message
    assert "ASSIST_MAX_UPLOAD_BYTES" in message


# Names


@pytest.mark.parametrize("name", ["a b c.wav", "通话 录音（一）.wav", "-dash.wav", "'quote\".wav", "x" * 251 + ".wav"])
def test_any_name_the_system_allows_is_read(invoke: Invoke, tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert "empty" in one_line(invoke(f"./{name}"))


def test_a_path_with_dots_is_a_path(invoke: Invoke, tmp_path: Path, turns: Path) -> None:
    (tmp_path / "inner").mkdir()
    document(invoke("--transcript", f"inner/../{turns.name}", library=os.path.relpath(team.LIBRARY)))


@pytest.mark.parametrize("name", ["nobody.wav", "../nobody.wav", "x" * 300 + ".wav", "two\nlines.wav"])
def test_a_file_that_is_not_there_is_named(invoke: Invoke, name: str) -> None:
    assert "no such file" in one_line(invoke(name))


def test_a_folder_is_no_file(invoke: Invoke, tmp_path: Path) -> None:
    assert "not a file" in one_line(invoke(tmp_path))


# Libraries and rubrics

BAD_LIBRARIES = [
    ("title:", "titel:", 'unknown key "titel". Did you mean "title"?'),
    ("id: self-intro", "id: confirm-identity", "already used in line 11"),
    ("title: 开场白", "title: 开场白\n    colour: red", 'unknown key "colour"'),
    ("stage: opening", "stage: opning", "Choose one of: opening"),
    ("- 您好，请问是李女士本人吗？", '- ""', "empty text"),
]


@pytest.mark.parametrize(("old", "new", "message"), BAD_LIBRARIES)
def test_a_fault_in_the_library_is_named_with_its_line(
    invoke: Invoke, tmp_path: Path, turns: Path, old: str, new: str, message: str
) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(team.LIBRARY.read_text("utf-8").replace(old, new, 1), "utf-8")
    said = one_line(invoke("--transcript", turns, library=bad))
    assert said.startswith("bad.yaml, line ")
    assert message in said


@pytest.mark.parametrize("encoding", ["latin-1", "gbk"])
def test_a_library_that_is_not_utf8_says_how_to_save_it(
    invoke: Invoke, tmp_path: Path, turns: Path, encoding: str
) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_bytes(
        "campaign: x\ntitle: ".encode(encoding) + ("café" if encoding == "latin-1" else "开场").encode(encoding)
    )
    assert "bad.yaml, line 2: the file is not UTF-8" in one_line(invoke("--transcript", turns, library=bad))


def test_the_library_is_checked_before_the_recording(invoke: Invoke, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("nonsense")
    assert "bad.yaml" in one_line(invoke(REAL, library=bad))


def test_a_fault_in_the_rubric_is_named_with_its_line(invoke: Invoke, tmp_path: Path, turns: Path) -> None:
    (tmp_path / "strict.yaml").write_text("format: assist-rubric/1\nrubric: strict\nskils: {}\n")
    said = one_line(invoke("--transcript", turns, "--rubric", "strict.yaml"))
    assert said.startswith("strict.yaml, line 3:")
    assert 'Did you mean "skills"?' in said


# Ready transcripts


def test_a_ready_transcript_is_judged_without_a_recording(invoke: Invoke, turns: Path) -> None:
    judged = document(invoke("--transcript", turns))
    assert judged["recording"] | {"sha256": ""} == {"sha256": "", "seconds": 20.0, "channels": 0, "layout": "text"}
    assert [turn["text"] for turn in judged["turns"]] == [turn["text"] for turn in TURNS]
    assert "busy" in [objection["id"] for objection in judged["objections"]]
    first = judged["points"][0]
    assert (first["id"], first["status"], first["turn"]) == ("confirm-identity", "said", 1)


def test_the_turns_of_an_analysis_can_be_judged_again(invoke: Invoke, tmp_path: Path, turns: Path) -> None:
    first = invoke("--transcript", turns)
    (tmp_path / "first.json").write_bytes(first.stdout_bytes)
    again = document(invoke("--transcript", "first.json"))
    assert again | {"recording": 0} == document(first) | {"recording": 0}


def test_the_time_of_the_call_is_taken_as_local_time(invoke: Invoke, turns: Path) -> None:
    rules = {moment: _rules(invoke("--transcript", turns, "--at", moment)) for moment in MOMENTS}
    assert [rules[moment] for moment in MOMENTS] == [False, True, False, True]


MOMENTS = ("2026-11-18T10:00", "2026-11-18T23:30", "2026-11-18T02:00Z", "2026-11-18T15:30:00+00:00")


def _rules(result: Result) -> bool:
    return "outside-hours" in [flag["rule"] for flag in document(result)["flags"]]


def test_a_moment_that_is_none_is_refused(invoke: Invoke, turns: Path) -> None:
    assert "yesterday" in one_line(invoke("--transcript", turns, "--at", "yesterday"))


# What is asked for


def test_a_recording_and_a_transcript_are_one_too_many(invoke: Invoke, turns: Path) -> None:
    assert "one of the two" in one_line(invoke(REAL, "--transcript", turns))
    assert "one of the two" in one_line(invoke())


def test_a_library_is_needed(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    result = CliRunner().invoke(analyze, [str(REAL)])
    assert "--library" in one_line(result)


def test_a_file_is_replaced_only_by_a_whole_analysis(invoke: Invoke, tmp_path: Path, turns: Path) -> None:
    out = tmp_path / "out.json"
    out.write_text("old")
    one_line(invoke(empty(tmp_path / "call"), "--json", out))
    assert out.read_text() == "old"
    assert invoke("--transcript", turns, "--json", out).exit_code == 0
    assert out.read_bytes() == invoke("--transcript", turns).stdout_bytes
    assert names_in(tmp_path) == ["call.wav", "out.json", "turns.json"]


def test_a_place_that_cannot_be_written_is_named(invoke: Invoke, turns: Path) -> None:
    assert "cannot be written" in one_line(invoke("--transcript", turns, "--json", "nowhere/out.json"))


def test_a_setting_that_cannot_be_used_is_named(invoke: Invoke, turns: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSIST_MAX_SECONDS", "long")
    assert "ASSIST_MAX_SECONDS" in one_line(invoke("--transcript", turns))


class Broken:
    name = "broken"

    def hear(self, recording: Path, library: Library, progress: Progress) -> Transcript:
        raise RuntimeError("a wheel\ncame off")


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assist.analyze, "engine", lambda settings: Engine(Broken(), FakeEncoder))


@pytest.mark.usefixtures("broken")
def test_the_unexpected_is_one_line_too(invoke: Invoke) -> None:
    message = one_line(invoke(REAL))
    assert "RuntimeError: a wheel came off" in message
    assert "--debug" in message


@pytest.mark.usefixtures("broken")
def test_debug_shows_where(invoke: Invoke) -> None:
    assert "Traceback" in invoke(REAL, "--debug").stderr


# Real calls


def run(*arguments: object) -> "subprocess.CompletedProcess[bytes]":
    command = [str(ASSIST), "analyze", *map(str, arguments), "--library", str(team.LIBRARY)]
    return subprocess.run(command, capture_output=True, check=False)


@pytest.mark.real
def test_the_same_recording_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = run(REAL), run(REAL, "--json", tmp_path / "second.json")
    assert (first.returncode, first.stderr, second.returncode, second.stdout) == (0, b"", 0, b"")
    assert first.stdout == (tmp_path / "second.json").read_bytes()
    judged = json.loads(first.stdout)
    jsonschema.validate(judged, report.schema())
    assert judged["recording"]["layout"] == "stereo"
    assert {turn["speaker"] for turn in judged["turns"]} == {"agent", "customer"}


@pytest.mark.real
def test_two_equal_channels_are_heard_once(invoke: Invoke, tmp_path: Path) -> None:
    both = sounds.read(REAL).mean(axis=0).astype("int16")[None]
    judged = document(invoke(sounds.write(tmp_path / "dual.flac", both.repeat(2, axis=0))))
    assert (judged["recording"]["layout"], judged["recording"]["channels"]) == ("dual-mono", 2)
    said = [turn["text"] for turn in judged["turns"]]
    assert said
    assert len(said) == len(set(said))


@pytest.mark.real
def test_a_silent_channel_is_no_speaker(invoke: Invoke, tmp_path: Path) -> None:
    channels = sounds.read(REAL)
    channels[1] = 0
    judged = document(invoke(sounds.write(tmp_path / "half.flac", channels)))
    assert judged["recording"]["layout"] == "one-channel"
    assert judged["turns"]


def test_a_misspelt_command_ends_without_a_traceback() -> None:
    done = run("--no-such-option")
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_with_mask_no_number_is_written(invoke: Invoke, tmp_path: Path) -> None:
    said = [turn | {"text": turn["text"] + "打幺三八零零零零幺二三四"} for turn in TURNS]
    path = tmp_path / "said.json"
    path.write_text(json.dumps({"turns": said}), encoding="utf-8")
    whole, masked = (document(invoke("--transcript", path, *more)) for more in ((), ("--mask",)))
    assert "幺三八零零零零幺二三四" in json.dumps(whole, ensure_ascii=False)
    assert "幺三八" not in json.dumps(masked, ensure_ascii=False)
    assert "李女士" not in masked["turns"][1]["text"]
    assert masked["scores"] == whole["scores"]
    assert list(masked) == list(whole)
