"""Logs go to standard error, one line an event, without what was said and without names."""

import logging
import sys

import structlog


def configure(level: int = logging.INFO) -> None:
    """Once, when a process starts. Standard output stays free for what a command answers."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.getLogger("dbos").setLevel(logging.WARNING)
