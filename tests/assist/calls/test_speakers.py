import numpy as np

from assist.calls import speakers
from assist.calls.pieces import Piece
from assist.scripts.library import Entry, Library, Point, Stage
from assist.transcript import Word
from models.voices import Voices

LIBRARY = Library(
    "fibre",
    "宽带",
    (Stage("opening", "开场", (Point("intro", "自报", ("您好，我是星途通信的客服小林。",)),)),),
    company=("星途通信",),
    playbook=(Entry("busy", "没时间", ("我在开会", "没空"), ()),),
)


def piece(text: str, start: float) -> Piece:
    words = tuple(Word(c, start + i * 0.2, start + i * 0.2 + 0.2, 0.9) for i, c in enumerate(text))
    return Piece(0, start, start + len(text) * 0.2, words)


def test_what_agents_say_leans_to_voice_one_and_a_question_is_noted() -> None:
    one, other = speakers.leanings([piece("您好我是星途通信的客服？", 0), piece("没空我在开会。", 4)], LIBRARY)
    assert one.odds > 0 > other.odds
    assert (one.asks, other.asks) == (True, False)


def test_a_piece_is_cut_where_the_voice_changes() -> None:
    text = "您好我是小林吗没空我在开会"
    times = np.arange(0, 3, 0.2)
    odds = np.where(times < 1.4, 3.0, -3.0)
    cut = speakers.told_apart([piece(text, 0)], Voices(times, odds, 1.0), LIBRARY)
    assert [part.voice for part in cut] == [1, 0]
    assert "".join(part.text for part in cut) == text
