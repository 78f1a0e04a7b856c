"""Pages and fragments from the templates, with what every template may use."""

import time
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context, Macro
from jinja2_fragments import render_block
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api import formats, navigation, words
from api.language import language
from assist.texts import LANGUAGES, catalogue, translate

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "assist_theme"

_HERE = Path(__file__).parent
_LOOK_SECONDS = 2
"""How long a file is taken for unchanged."""


def page(
    request: Request, template: str, *, block: str | None = None, status: int = 200, **context: Any
) -> HTMLResponse:
    """A whole page, or with `block` only that part of it."""
    context = _shared(request) | context
    if block is None:
        return HTMLResponse(_ENVIRONMENT.get_template(template).render(context), status)
    return HTMLResponse(render_block(_ENVIRONMENT, template, block, context), status)


def theme(request: Request) -> str:
    wish = request.cookies.get(THEME_COOKIE, "")
    return wish if wish in THEMES else "auto"


def _shared(request: Request) -> dict[str, Any]:
    user, tag = getattr(request.state, "user", None), language(request)
    return {
        "request": request,
        "user": user,
        "language": tag,
        "languages": LANGUAGES,
        "theme": theme(request),
        "nonce": getattr(request.state, "nonce", ""),
        "navigation": navigation.entries(user, request.url.path) if user else [],
        "waiting": navigation.waiting(request.app.state.store, user) if user else {},
        "zone": request.app.state.settings.zone,
        "max_upload_bytes": request.app.state.settings.max_upload_bytes,
        "release": RELEASE,
    }


@pass_context
def _text(context: Context, text: str, /, **facts: Any) -> str:
    """`text` in the reader's language, its `%(facts)s` filled."""
    found = translate(text, context["language"])
    return found % facts if facts else found


@pass_context
def _count(context: Context, one: str, many: str, n: int, /, **facts: Any) -> str:
    """The form for `n` of a counted text."""
    return catalogue(context["language"]).ngettext(one, many, n) % {"n": n, **facts}


def _release() -> str:
    try:
        return version("assist")
    except PackageNotFoundError:
        return "0"


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    environment.globals.update(_=_text, _n=_count, words=words, static=_static)
    environment.filters.update(formats.FILTERS)
    for parts in ("parts/icons.html", "parts/bits.html"):
        macros = vars(environment.get_template(parts).module)
        environment.globals.update({name: macro for name, macro in macros.items() if isinstance(macro, Macro)})
    return environment


def _static(path: str) -> str:
    """Address of a static file that changes when the file does, so that browsers may keep it."""
    return _dated(path, int(time.monotonic()) // _LOOK_SECONDS)


@lru_cache(maxsize=200)
def _dated(path: str, look: int) -> str:
    changed = (_HERE / "static" / path).stat().st_mtime_ns if (_HERE / "static" / path).is_file() else 0
    return f"/static/{path}?{changed:x}"


RELEASE = _release()
_ENVIRONMENT = _environment()
