"""Texts without what is personal in them."""

import re
from collections.abc import Iterable, Sequence

from assist.privacy import accounts, addresses, digits, names
from assist.privacy.kinds import KINDS, Kind, Span, free, settled

LABELS: dict[str, dict[Kind, str]] = {
    "zh": {
        "phone": "［电话号码］",
        "id-card": "［身份证号］",
        "bank-card": "［银行卡号］",
        "email": "［邮箱］",
        "account": "［账号］",
        "plate": "［车牌］",
        "passport": "［护照号］",
        "birth": "［出生日期］",
        "address": "［地址］",
        "name": "［姓名］",
    },
    "en": {
        "phone": "[phone number]",
        "id-card": "[identity number]",
        "bank-card": "[card number]",
        "email": "[e-mail]",
        "account": "[account]",
        "plate": "[number plate]",
        "passport": "[passport number]",
        "birth": "[date of birth]",
        "address": "[address]",
        "name": "[name]",
    },
}
LONGEST_LABEL = max(len(label) for labels in LABELS.values() for label in labels.values())
LABEL = re.compile("|".join(re.escape(label) for labels in LABELS.values() for label in labels.values()))
_MOST_ROUNDS = 4


def find(text: str, language: str = "zh", agent: tuple[tuple[int, int], ...] = ()) -> tuple[Span, ...]:
    """What is personal in a text, in order, none over another. Lines count as turns: numbers may go over several.

    `language` is that of the conversation (zh, en). `agent`: the stretches of the text that the agent says.
    """
    language = "en" if language == "en" else "zh"
    long = [span for number in digits.find(text, language) for span in number.spans]
    found = [*long, *free(accounts.find(text), long)]
    found += free(addresses.find(text, language), found)
    named = tuple(names.find(text, language, agent))
    found += free((*named, *names.elsewhere(text, named)), found)
    labels = [Span("name", *one.span()) for one in LABEL.finditer(text)] if "［" in text or "[" in text else []
    return settled(free(found, labels))


def mask(text: str, language: str = "zh", kinds: Iterable[Kind] = KINDS) -> str:
    """The text with the name of its kind in place of whatever is personal; masking twice changes nothing more."""
    wanted = frozenset(kinds)
    for _ in range(_MOST_ROUNDS):
        spans = [span for span in find(text, language) if span.kind in wanted]
        if not spans:
            break
        text = replaced(text, spans, language)
    return text


def replaced(text: str, spans: Sequence[Span], language: str = "zh") -> str:
    """The text with labels in place of the spans; `spans` are in order and apart."""
    labels = LABELS["en" if language == "en" else "zh"]
    out, at = [], 0
    for span in spans:
        out += [text[at : span.start], labels[span.kind]]
        at = span.end
    return "".join([*out, text[at:]])
