from assist.calls.pieces import Piece
from assist.calls.turns import make
from assist.transcript import Word

SPEAKERS = {0: "agent", 1: "customer"}


def piece(voice: int, start: float, end: float, text: str) -> Piece:
    step = (end - start) / len(text)
    return Piece(
        voice, start, end, tuple(Word(c, start + i * step, start + (i + 1) * step, 0.8) for i, c in enumerate(text))
    )


def test_pieces_of_one_voice_are_one_turn_until_the_other_speaks() -> None:
    pieces = [
        piece(0, 0, 2, "您好，"),
        piece(0, 2.5, 4, "我是小林。"),
        piece(1, 4.2, 5, "什么事？"),
        piece(0, 5.5, 7, "就一分钟。"),
    ]
    turns = make(pieces, SPEAKERS)
    assert [(turn.speaker, turn.text) for turn in turns] == [
        ("agent", "您好，我是小林。"),
        ("customer", "什么事？"),
        ("agent", "就一分钟。"),
    ]
    assert [turn.id for turn in turns] == [0, 1, 2]


def test_a_listening_sound_does_not_break_the_turn() -> None:
    pieces = [piece(0, 0, 4, "我们这个活动呢，"), piece(1, 3, 3.5, "嗯。"), piece(0, 4.3, 7, "是给老用户的。")]
    turns = make(pieces, SPEAKERS)
    assert [turn.backchannel for turn in turns] == [False, True]
    assert turns[0].text == "我们这个活动呢，是给老用户的。"


def test_yes_to_a_question_is_an_answer() -> None:
    pieces = [piece(0, 0, 2, "您是王先生吗？"), piece(1, 2.3, 2.8, "对。"), piece(0, 3.2, 5, "打扰您了。")]
    assert not any(turn.backchannel for turn in make(pieces, SPEAKERS))


def test_words_and_text_agree_and_doubt_shows() -> None:
    clear, unclear = piece(0, 0, 2, "您好。"), Piece(1, 3, 4, (Word("啥", 3, 4, 0.1),), unintelligible=True)
    first, second = make([clear, unclear], SPEAKERS)
    assert "".join(word.text for word in first.words) == first.text
    assert (second.confidence, second.unintelligible) == (0, True)
