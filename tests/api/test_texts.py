"""Every text of the web app has its Chinese, and the Chinese keeps the facts of the English."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

import api
from assist.texts import catalogue

HERE = Path(api.__file__).parent
WORDS = {"_": None, "N_": None, "_n": (1, 2)}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"extensions": "jinja2.ext.do", "trim_blocks": "true", "silent": "false"}}


def _texts() -> list[str]:
    found = extract_from_dir(HERE, METHODS, OPTIONS, keywords=WORDS)
    return sorted({message if isinstance(message, str) else message[0] for _, _, message, _, _ in found})


@pytest.mark.parametrize("text", _texts())
def test_a_text_has_its_chinese(text: str) -> None:
    chinese = catalogue("zh-CN")
    told = chinese.ngettext(text, text, 2) if chinese.gettext(text) == text else chinese.gettext(text)
    assert told != text, "no translation in assist/locale/zh_CN/LC_MESSAGES/web.po"
    assert _facts(told) == _facts(text)


def _facts(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s|\{\w+\}", text))
