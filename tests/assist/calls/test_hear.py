import wave
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from assist.calls import refusals
from assist.calls.hear import Listener, SpeechModelMissing, hints_for, peaks
from assist.config import Settings
from assist.scripts.library import Library
from models.audio import decode
from models.speech import Heard, HeardWord, Hints, Samples
from tests import sounds

SPEECH = Path(__file__).parents[2] / "data" / "read.flac"
LIBRARY = Library("news", "新闻", (), company=("星途通信",), terms=("千兆",))


class Scripted:
    """A recogniser that says the same for every clip, and notes what it was asked."""

    name, at_once = "scripted", 2

    def __init__(self, *says: str) -> None:
        self.says = list(says)
        self.hints: list[Hints] = []

    def batches(self, clips: Sequence[Samples], hints: Hints) -> Iterator[list[Heard]]:
        self.hints.append(hints)
        yield [self._heard(clip) for clip in clips]

    def again(self, clip: Samples, hints: Hints) -> Heard:
        return self._heard(clip)

    def _heard(self, clip: Samples) -> Heard:
        text = self.says[0] if len(self.says) == 1 else self.says.pop(0)
        step = len(clip) / 16_000 / max(len(text), 1)
        return Heard(tuple(HeardWord(c, i * step, (i + 1) * step, 0.9) for i, c in enumerate(text)), logprob=-0.2)


def quiet(step: str, share: float) -> None:
    """Nobody watches."""


def stereo(path: Path, delay: int = 0) -> Path:
    """The sentence on the left, then on the right."""
    voice = (decode(SPEECH).samples(0) * 32767).astype("<i2")
    left, right = np.zeros(len(voice) * 2 + delay, "<i2"), np.zeros(len(voice) * 2 + delay, "<i2")
    left[: len(voice)] = voice
    right[len(voice) + delay :] = voice[::-1]
    right[len(voice) + delay :] = voice
    with wave.open(str(path), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes(np.stack([left, right], axis=1).tobytes())
    return path


def test_each_channel_is_a_speaker(tmp_path: Path) -> None:
    recogniser = Scripted("您好我是星途通信客服", "你谁啊没时间")
    found = Listener(Settings(), recogniser).hear(stereo(tmp_path / "a.wav"), LIBRARY, quiet)
    assert [turn.speaker for turn in found.turns] == ["agent", "customer"]
    assert found.layout == "stereo"
    assert recogniser.hints[0].hotwords == "星途通信 千兆"


def test_the_same_recording_gives_the_same_transcript(tmp_path: Path) -> None:
    path = stereo(tmp_path / "a.wav")
    one, other = (Listener(Settings(), Scripted("您好请问您方便吗")).hear(path, LIBRARY, quiet) for _ in range(2))
    assert one == other


def test_a_particle_that_was_misspelled_asks_again_and_is_kept_as_heard(tmp_path: Path) -> None:
    long = "您好请问是机主本人吗我这边是星途通信的客服打扰您一下就一分钟给您介绍一下我们的活动"
    recogniser = Scripted(long, "我现在没时间你晚点再打过来吧你们这个要钱妈")
    found = Listener(Settings(), recogniser).hear(stereo(tmp_path / "a.wav"), LIBRARY, quiet)
    asking = next(turn for turn in found.turns if turn.speaker == "customer")
    assert asking.text.endswith("要钱吗？")
    assert asking.heard == "我现在没时间你晚点再打过来吧你们这个要钱妈。"


def test_a_loop_is_heard_again_without_hints(tmp_path: Path) -> None:
    recogniser = Scripted("星途通信" * 12, "星途通信" * 12, "您好请问是王先生吗", "我在开会呢")
    found = Listener(Settings(), recogniser).hear(stereo(tmp_path / "a.wav"), LIBRARY, quiet)
    assert [hints.hotwords for hints in recogniser.hints] == ["星途通信 千兆", None, None]
    assert not any(turn.unintelligible for turn in found.turns)


def test_what_stays_unintelligible_is_shown_as_such(tmp_path: Path) -> None:
    found = Listener(Settings(), Scripted("星途通信" * 12)).hear(stereo(tmp_path / "a.wav"), LIBRARY, quiet)
    assert found.turns
    assert all(turn.unintelligible for turn in found.turns)


def test_no_speech_gives_no_turns_and_no_error(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(np.zeros(8000 * 5, "<i2").tobytes())
    found = Listener(Settings(), Scripted("不该有人说话")).hear(path, LIBRARY, quiet)
    assert (found.turns, found.layout, found.seconds) == ((), "mono", pytest.approx(5, abs=0.1))


@pytest.mark.real
@pytest.mark.parametrize(
    "sound", [sounds.ringing(40), sounds.music(40), sounds.noise(40)], ids=["ringing", "music", "hiss"]
)
def test_a_line_on_which_nobody_speaks_has_no_turns(tmp_path: Path, sound: sounds.Samples) -> None:
    path = sounds.write(tmp_path / "a.wav", sound)
    assert Listener(Settings(), Scripted("不该有人说话")).hear(path, LIBRARY, quiet).turns == ()


def test_progress_ends_and_a_cancellation_passes_through(tmp_path: Path) -> None:
    seen: list[tuple[str, float]] = []
    path = stereo(tmp_path / "a.wav")
    Listener(Settings(), Scripted("您好")).hear(path, LIBRARY, lambda step, share: seen.append((step, share)))
    assert seen[0] == ("decoding", 0.0)
    assert ("transcribing", 1.0) in seen

    def stop(step: str, share: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        Listener(Settings(), Scripted("您好")).hear(path, LIBRARY, stop)


def test_bytes_that_are_no_recording_are_refused_in_the_readers_language(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_text("no sound")
    with pytest.raises(refusals.NotARecording) as caught:
        peaks(path)
    assert "录音" in caught.value.text("zh-CN")


def test_a_model_that_is_not_there_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(SpeechModelMissing) as caught:
        Listener(Settings(speech_model=str(tmp_path / "nowhere")))
    assert "ASSIST_SPEECH_MODEL" in caught.value.text("zh-CN")


def test_many_terms_are_cut_to_what_helps() -> None:
    many = Library("x", "x", (), terms=tuple(f"第{i}个产品名称" for i in range(60)))
    assert len(hints_for(many).hotwords or "") < 200


@pytest.mark.real
def test_a_read_sentence_is_heard() -> None:
    found = Listener(Settings(speech_model="base")).hear(SPEECH, LIBRARY, quiet)
    assert "美元" in "".join(turn.text for turn in found.turns)
    assert "".join(word.text for turn in found.turns for word in turn.words) == "".join(
        turn.text for turn in found.turns
    )
