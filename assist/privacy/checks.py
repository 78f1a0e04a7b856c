"""What makes digits a number of a kind: lengths, beginnings, check digits."""

import re

_MOBILE = re.compile(r"(?:00)?(?:86)?1[3-9]\d{9}")
_LANDLINE = re.compile(r"(?:00)?(?:86)?0?(?:10|2[0-57-9]|[3-9](?!00)\d{2})[2-8]\d{6,7}")
_HOTLINE = re.compile(r"[48]00\d{6,7}|9[56]\d{3,6}|1(?:00|2[0-9]|11|01)\d{2,3}|1010\d{4}|12[0-9]{3}")
_REGION = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[123]")
_DATE = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_ID_NEW = re.compile(rf"\d{{6}}(?:19|20)\d{{2}}{_DATE}\d{{3}}[\dX]")
_ID_OLD = re.compile(rf"\d{{6}}\d{{2}}{_DATE}\d{{3}}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_EN_HOTLINE = re.compile(
    r"1?8(?:00|33|44|55|66|77|88)\d{7}|0(?:800|808|300|330|333|345|370|843|844|845|870|871)\d{6,7}|150|100|191"
)
_EN_PHONE = re.compile(r"07\d{9}|0[123]\d{8,9}|(?:00)?44[1237]\d{8,9}|1?[2-9]\d{2}[2-9]\d{6}")
_CARD_BEGINS = re.compile(r"[3-6]|9\d{5}|2[2-7]")


def is_mobile(digits: str) -> bool:
    """A Chinese mobile number, with or without the country."""
    return _MOBILE.fullmatch(digits) is not None


def is_landline(digits: str) -> bool:
    """A Chinese landline with its area code."""
    return "0" in digits[:3] and digits[:1] == "0" and _LANDLINE.fullmatch(digits) is not None


def is_hotline(digits: str, language: str = "zh") -> bool:
    """Numbers of companies and services: 400…, 800…, 95…, 10000."""
    return (_EN_HOTLINE if language == "en" else _HOTLINE).fullmatch(digits) is not None


def is_english_phone(digits: str) -> bool:
    """Numbers of Britain and North America."""
    return _EN_PHONE.fullmatch(digits) is not None


def looks_like_identity(digits: str) -> bool:
    """Region and date of birth stand where an identity number (18 digits, or 15 as before 1999) has them."""
    if _REGION.match(digits) is None:
        return False
    return (_ID_NEW if len(digits) == 18 else _ID_OLD).fullmatch(digits) is not None


def is_identity(digits: str) -> bool:
    """With the check digit of GB 11643 (ISO 7064 MOD 11-2) where it has one."""
    if not looks_like_identity(digits):
        return False
    if len(digits) == 15:
        return True
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return _CHECKS[total % 11] == digits[17]


def is_card(digits: str) -> bool:
    """A bank card: 16 to 19 digits with the check digit of ISO/IEC 7812-1 (Luhn)."""
    if not (16 <= len(digits) <= 19 and digits.isdecimal() and _CARD_BEGINS.match(digits)):
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
