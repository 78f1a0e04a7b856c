"""The manifest: read as Excel writes it, and every fault is named with its line."""

from datetime import datetime

import pytest

from assist.calls import manifest
from assist.calls.manifest import BadLine, MissingColumn, NoTable, NotText, TwoLines, UnknownColumn

PLAIN = "file,agent,called_at,campaign,direction,customer\na.wav,陈晓,2026-11-01 09:30,broadband,outbound,王先生\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_all_usual_encodings_are_read(encoding):
    entry = manifest.loads(PLAIN.encode(encoding))["a.wav"]
    assert (entry.details.agent, entry.details.customer) == ("陈晓", "王先生")
    assert entry.details.called_at == datetime(2026, 11, 1, 9, 30)


def test_columns_come_in_any_order_and_may_be_left_out():
    entries = manifest.loads(b"Agent , FILE\r\nchen,a.wav\r\n\r\n,b.wav\r\n")
    assert [(name, entry.details.agent) for name, entry in entries.items()] == [("a.wav", "chen"), ("b.wav", None)]


@pytest.mark.parametrize(
    ("text", "error", "line"),
    [
        ("agent\nchen\n", MissingColumn, None),
        ("", MissingColumn, None),
        ("file,colour\na.wav,red\n", UnknownColumn, None),
        ("file,called_at\na.wav,yesterday\n", BadLine, 2),
        ("file,direction\na.wav,outbound\nb.wav,up\n", BadLine, 3),
        ("file,agent\n,chen\n", BadLine, 2),
        ("file,agent\na.wav,chen,more\n", BadLine, 2),
        ("file\na.wav\na.wav\n", TwoLines, 3),
    ],
)
def test_faults_are_named_with_their_line(text, error, line):
    with pytest.raises(error) as fault:
        manifest.loads(text.encode(), "list.csv")
    assert fault.value.facts["name"] == "list.csv"
    assert fault.value.facts.get("line") == line


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(NotText):
        manifest.loads(b"file\n\xff\xff\xff\n")


def test_a_table_that_breaks_off_is_named():
    with pytest.raises(NoTable) as fault:
        manifest.loads(b'file,agent\na.wav,chen\nb.wav,"' + b"x" * 200_000, "list.csv")
    assert fault.value.facts["name"] == "list.csv"
