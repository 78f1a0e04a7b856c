"""Text for people, by language. Babel catalogues in `assist/locale`; the English text is the key.

Catalogues are read from their `.po` files when first needed, so an edited translation shows after a restart and no
compiled file has to be kept in step.
"""

import gettext
import io
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
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
    """The gettext translations of one offered language: all its `.po` files, one per room of the house, in one."""
    tag = language.replace("-", "_")
    merged = Catalog(locale=tag)
    for path in sorted((_LOCALE / tag / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as source:
            for message in read_po(source, locale=tag):
                if message.id:
                    merged[message.id] = message
    compiled = io.BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def translate(text: str, language: str) -> str:
    """`text` in `language` (any tag); the English text itself where there is no translation."""
    return catalogue(language_of(language)).gettext(text)
