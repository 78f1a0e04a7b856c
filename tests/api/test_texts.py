"""Every text for people has its Chinese, in one place, and the Chinese keeps the facts of the English."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import api
import assist
from assist.texts import catalogue

ROOMS = (Path(api.__file__).parent, Path(assist.__file__).parent)
CATALOGUES = Path(assist.__file__).parent / "locale/zh_CN/LC_MESSAGES"
WORDS = {"_": None, "N_": None, "_n": (1, 2)}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"extensions": "jinja2.ext.do", "trim_blocks": "true", "silent": "false"}}


def _texts(folder: Path) -> dict[str, str]:
    """Texts, each with its form for many, which for most is the same."""
    found = extract_from_dir(folder, METHODS, OPTIONS, keywords=WORDS)
    messages = [(message, message) if isinstance(message, str) else message for _, _, message, _, _ in found]
    return {message[0]: message[-1] for message in messages}


TEXTS = {text: many for room in ROOMS for text, many in _texts(room).items()}


@pytest.mark.parametrize("text", sorted(TEXTS))
def test_a_text_has_its_chinese(text: str) -> None:
    told = _chinese(text)
    assert told != text, f"no translation in {CATALOGUES}"
    assert _facts(told) == _facts(TEXTS[text])


def test_a_text_without_chinese_is_found(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/new.html").write_text('<h1>{{ _("A heading nobody translated") }}</h1>')
    (tmp_path / "page.py").write_text('TITLE = N_("A title nobody translated")')
    found = _texts(tmp_path)
    assert len(found) == 2
    assert [text for text in found if _chinese(text) == text] == [*found]


def test_a_text_is_translated_in_one_place() -> None:
    places = Counter(text for path in CATALOGUES.glob("*.po") for text in _translated(path))
    assert [text for text, times in places.items() if times > 1] == []


def _chinese(text: str) -> str:
    known = catalogue("zh-CN")
    return known.ngettext(text, text, 2) if known.gettext(text) == text else known.gettext(text)


def _translated(path: Path) -> Iterator[str]:
    with path.open("rb") as source:
        for message in read_po(source, locale="zh_CN"):
            if message.id:
                yield message.id if isinstance(message.id, str) else message.id[0]


def _facts(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s|\{\w+\}", text))
