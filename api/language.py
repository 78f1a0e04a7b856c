"""Which language a request is answered in: the user's own, else the cookie's, else the browser's, else the setting."""

from starlette.requests import Request

from assist.texts import language_of

COOKIE = "assist_language"


def language(request: Request) -> str:
    """`zh-CN` or `en`."""
    user = getattr(request.state, "user", None)
    if user is not None:
        return language_of(user.language)
    wish = request.cookies.get(COOKIE) or _accepted(request)
    return language_of(wish or request.app.state.settings.language)


def _accepted(request: Request) -> str:
    return request.headers.get("accept-language", "").split(",")[0].split(";")[0].strip().replace("*", "")
