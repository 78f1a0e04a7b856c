"""Texts on their way into files of other programs."""

import re

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Without characters that an Office file cannot hold; line breaks as one character."""
    return _NO_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
