"""Text for people, by language. Babel catalogues in `assist/locale`; the English text is the key.

Catalogues are read from their `.po` files when first needed, so an edited translation shows after a restart and no
compiled file has to be kept in step.
"""

import gettext
import io
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("zh-CN", "en")
"""Languages of the interface, the default first."""

_LOCALE = Path(__file__).parent / "locale"


def N_(text: str) -> str:
    """Mark `text` for translation where it is defined; it is translated where it is shown."""
    return text


def language_of(wish: str | None) -> str:
    """The offered language nearest to a tag such as `zh`, `zh-Hans-CN`, `zh_CN.UTF-8` or `en-GB`; default first."""
    tag = (wish or "").replace("_", "-").lower()
    return next((known for known in LANGUAGES if tag[:2] == known[:2]), LANGUAGES[0])


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The gettext translations of one offered language; English is the key language and needs none."""
    path = _LOCALE / language.replace("-", "_") / "LC_MESSAGES" / "assist.po"
    if not path.exists():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language.replace("-", "_")))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def translate(text: str, language: str) -> str:
    """`text` in `language` (any tag); the English text itself where there is no translation."""
    return catalogue(language_of(language)).gettext(text)
