"""The log: one event a line, without the words of people, for our own events and those of libraries."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from assist import logs

PHONE = "13977776666"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    logging.getLogger().handlers = handlers
    logging.getLogger().setLevel(level)


def fails() -> None:
    raise ValueError(f"invalid literal: {PHONE}")


def events(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_an_error_is_told_by_its_kind_and_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(form="json")
    try:
        fails()
    except ValueError:
        structlog.get_logger().exception("step failed", call=7)
    (event,) = events(capsys)
    assert (event["event"], event["call"], event["error"]) == ("step failed", 7, "ValueError")
    assert str(event["at"][-1]).endswith(" fails")  # type: ignore[index]
    assert PHONE not in json.dumps(event)


def test_errors_that_libraries_write_are_told_alike(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(form="json")
    structlog.contextvars.bind_contextvars(request_id="abc")
    try:
        fails()
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    (event,) = events(capsys)
    assert (event["request_id"], event["level"], event["error"]) == ("abc", "error", "ValueError")
    assert PHONE not in json.dumps(event)


def test_what_libraries_merely_note_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(form="json")
    logging.getLogger("httpx").info("GET https://example.org/%s", PHONE)
    assert events(capsys) == []


def test_a_terminal_reads_text(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(form="text")
    structlog.get_logger().info("worker ready", worker="worker-0")
    assert "worker ready" in capsys.readouterr().err


def test_elsewhere_it_is_json_by_itself(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    structlog.get_logger().info("worker ready", worker="worker-0")
    assert events(capsys)[0]["worker"] == "worker-0"
