"""Logs go to standard error, one line an event, without what was said, without names and without numbers of people.

Of an error its kind and where it arose are written, not its message: messages quote what was given. A line that a
request caused carries the request's id (`request_id`), which its answer carries too (X-Request-ID).
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, Literal

import structlog

Form = Literal["auto", "text", "json"]

_FRAMES = 12
"""So many of the innermost places of an error are written down."""


def configure(level: int = logging.INFO, form: Form = "auto") -> None:
    """Once, when a process starts: for our own events and for those of libraries. `auto` is text for a person at a
    terminal and JSON for everything else. Standard output stays free for what a command answers."""
    text = form == "text" or (form == "auto" and sys.stderr.isatty())
    last: Any = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()) if text else structlog.processors.JSONRenderer()
    )
    before: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_words,
    ]
    structlog.configure(
        processors=[*before, last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]
        )
    )
    logging.getLogger().handlers = [handler]
    logging.getLogger("uvicorn").setLevel(level)
    logging.getLogger("dbos").setLevel(logging.WARNING)


def without_words(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A processor: an error as its kind and its places, `assist/jobs.py:130 submit`, the innermost last."""
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else given[1] if isinstance(given, tuple) else _current(given)
    if error is not None:
        event["error"] = type(error).__name__
        event["at"] = [f"{_short(at.filename)}:{at.lineno} {at.name}" for at in _places(error)]
    return event


def _current(given: object) -> BaseException | None:
    return sys.exc_info()[1] if given else None


def _places(error: BaseException) -> list[traceback.FrameSummary]:
    return traceback.extract_tb(error.__traceback__)[-_FRAMES:]


def _short(path: str) -> str:
    return "/".join(path.rsplit("/", 3)[-3:])
