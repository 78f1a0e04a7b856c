from assist.calls.pieces import Piece
from assist.calls.terms import corrected
from assist.scripts.library import Library
from assist.transcript import Word

LIBRARY = Library("fibre", "宽带", (), company=("星途通信",), terms=("千兆", "违约金", "小区"))


def piece(text: str, probability: float) -> Piece:
    return Piece(0, 0.0, 1.0, tuple(Word(c, i * 0.1, i * 0.1 + 0.1, probability) for i, c in enumerate(text)))


def test_a_homophone_becomes_the_term_and_what_was_heard_is_kept() -> None:
    found = corrected(piece("我是星图通讯的", 0.6), LIBRARY)
    assert found.text == "我是星途通信的"
    assert found.heard == "我是星图通讯的"
    assert [word.start for word in found.words] == [word.start for word in piece("我是星图通讯的", 0.6).words]


def test_a_doubtful_short_word_is_put_right() -> None:
    assert corrected(piece("升级到前照", 0.5), LIBRARY).text == "升级到千兆"


def test_a_sure_short_word_stays() -> None:
    assert corrected(piece("升级到前照", 0.95), LIBRARY).heard is None


def test_an_everyday_word_that_sounds_like_a_term_stays() -> None:
    assert corrected(piece("孩子在校区门口", 0.6), LIBRARY).heard is None


def test_other_words_stay() -> None:
    assert corrected(piece("这个月的话费有点多", 0.3), LIBRARY).heard is None
