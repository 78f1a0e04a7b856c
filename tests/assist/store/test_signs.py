"""What a search finds: every stretch of Chinese signs, words of letters, phrases."""

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assist.store.signs import asked, single, tokens


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    db = sqlite3.connect(":memory:")
    db.execute(
        "CREATE VIRTUAL TABLE w USING fts5(words, facts, tokenize = 'unicode61 remove_diacritics 0', columnsize = 0)"
    )
    yield db
    db.close()


def found(db: sqlite3.Connection, text: str, wanted: str) -> bool:
    db.execute("DELETE FROM w")
    db.execute("INSERT INTO w(words, facts) VALUES (?, ?)", [tokens(text), single(text)])
    return bool(db.execute("SELECT 1 FROM w WHERE w MATCH ?", [asked(wanted).expression]).fetchone())


@pytest.mark.parametrize(
    ("wanted", "hit"),
    [
        ("千兆", True),
        ("宽带", True),
        ("兆宽带", True),
        ("贵", True),
        ("带", True),
        ("太贵了", True),
        ("便宜", False),
        ("带宽", False),
        ("千兆 太贵", True),
        ("千兆 便宜", False),
        ("千兆 -便宜", True),
        ("千兆 -太贵", False),
        ("“5G套餐”", True),
        ("5g", True),
        ("５Ｇ套", True),
        ("套5g", False),
        ("free for life", True),
        ('"free for life"', True),
        ('"free life"', False),
        ("FREE", True),
        ("fre", False),
        ('千兆" OR words:*', False),
    ],
)
def test_a_word_is_found_where_it_stands(index, wanted, hit):
    assert found(index, "您好，千兆宽带太贵了。5G套餐 free for life!", wanted) is hit


@given(st.text("千兆宽带a1，。 ", min_size=1, max_size=12), st.data())
def test_every_stretch_of_a_text_is_found(text, data):
    first = data.draw(st.integers(0, len(text) - 1))
    part = text[first : data.draw(st.integers(first + 1, len(text)))]
    term = asked(f'"{part}"')
    if not term.wanted or text[first - 1 : first].isascii() or text[first + len(part) :][:1].isascii():
        return
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE w USING fts5(words, facts)")
    assert found(db, text, f'"{part}"')
    assert term.wanted[0].places(text)
    db.close()


def test_a_question_without_signs_asks_for_nothing():
    assert asked('  ，。 -- "" ').expression == ""


def test_where_a_word_stands_is_told_in_the_text_itself():
    text = "您好，千 兆宽带 ＡＢＣ。千兆"
    assert [text[first:last] for first, last in asked("千兆").wanted[0].places(text)] == ["千 兆", "千兆"]
    assert [text[first:last] for first, last in asked("abc").wanted[0].places(text)] == ["ＡＢＣ"]


@given(st.text("千兆宽带ab1 ，_", min_size=1, max_size=14), st.text("千兆宽a1", min_size=1, max_size=4))
def test_the_quick_way_finds_what_the_thorough_way_finds(text, wanted):
    term = asked(f'"{wanted}"').wanted[0]
    quick = term.places(text)
    thorough = [(first, last) for first, last in term.places(f"{text} Ａ") if last <= len(text)]
    assert quick == thorough
