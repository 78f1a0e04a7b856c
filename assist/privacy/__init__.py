"""Personal data in what people say: found, and replaced by the name of its kind. Pure: no database, no settings.

Written by rules, for Chinese and English as recognition writes them; what the rules are measured on is in
tests/assist/privacy.
"""

from assist.privacy.kinds import KINDS, NUMBERS, Kind, Span
from assist.privacy.masking import find, mask

__all__ = ["KINDS", "NUMBERS", "Kind", "Span", "find", "mask"]
