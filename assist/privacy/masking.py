"""Texts without what is personal in them."""

import re
from collections.abc import Collection, Iterable, Sequence

from assist.privacy import accounts, addresses, digits, names
from assist.privacy.kinds import KINDS, NUMBERS, Kind, Span, free, settled

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
_DETAIL = re.compile(
    r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"
    r"|(?<!\d)0\d{2,3}[- ]?[2-8]\d{6,7}(?!\d)|(?<!\d)\d{17}[\dXx](?!\d)"
)
_D = "0-9０-９零〇○一二三四五六七八九幺两十百千壹贰叁肆伍陆柒捌玖洞拐勾"
_WORTH_A_LOOK = re.compile(
    rf"[{_D}][^{_D}]{{0,12}}[{_D}]|[@＠]|艾特|爱特|圈|微信|[Qq]{{2}}|扣扣|[Vv][Xx]|V信|住|家|地址|小区|送到|寄到|搬到|装在|位于|人在|村"
    r"|(?i:\bat\b|wechat|skype|telegram|\b(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple|born)\b)"
)
"""Without any of this a text holds no number, account or address."""


def find(
    text: str, language: str = "zh", agent: tuple[tuple[int, int], ...] = (), kinds: Collection[Kind] = KINDS
) -> tuple[Span, ...]:
    """What is personal in a text, in order, none over another. Lines count as turns: numbers may go over several.

    `language` is that of the conversation (zh, en). `agent`: the stretches of the text that the agent says.
    """
    if "name" not in kinds and not _WORTH_A_LOOK.search(text):
        return ()
    language = "en" if language == "en" else "zh"
    long = [span for number in digits.find(text, language) for span in number.spans]
    found = [*long, *free(accounts.find(text), long)]
    found += free(addresses.find(text, language), found)
    if "name" in kinds:
        named = tuple(names.find(text, language, agent))
        found += free((*named, *names.elsewhere(text, named)), found)
    labels = [Span("name", *one.span()) for one in LABEL.finditer(text)] if "［" in text or "[" in text else []
    return settled(one for one in free(found, labels) if one.kind in kinds)


def mask(text: str, language: str = "zh", kinds: Iterable[Kind] = KINDS) -> str:
    """The text with the name of its kind in place of whatever is personal; masking twice changes nothing more."""
    wanted = frozenset(kinds)
    for _ in range(_MOST_ROUNDS):
        spans = find(text, language, kinds=wanted)
        if not spans:
            break
        text = replaced(text, spans, language)
    return text


def masked_detail(text: str, language: str = "zh") -> str:
    """A customer's number or the name of a file, with labels for the long numbers in it; names of people stay."""
    if not text or not _DETAIL.search(text):
        return text
    return mask(_DETAIL.sub(LABELS[language]["phone"], text), language, NUMBERS)


def replaced(text: str, spans: Sequence[Span], language: str = "zh") -> str:
    """The text with labels in place of the spans; `spans` are in order and apart."""
    labels = LABELS["en" if language == "en" else "zh"]
    out, at = [], 0
    for span in spans:
        out += [text[at : span.start], labels[span.kind]]
        at = span.end
    return "".join([*out, text[at:]])
