"""A table of an export as a file: written beside its place, put there whole."""

import csv
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol, TextIO

from assist.coaching.sheets import harmless
from assist.console import printable
from assist.errors import SetupError
from assist.exports.tables import FORMAT, Kind, Row, Table
from assist.files import Unwritable
from assist.texts import N_

Form = Literal["csv", "parquet"]

_GROUP_ROWS = 50_000


class ParquetMissing(SetupError):
    message = N_("Writing Parquet needs pyarrow, which is not installed. Install assist[parquet], or write CSV.")


class ToStandardOutput(SetupError):
    message = N_("Parquet cannot go to standard output. Name a file, or write CSV.")


class Writer(Protocol):
    def write(self, rows: Sequence[Row]) -> None: ...

    def close(self) -> None: ...


@contextmanager
def writing(output: str, form: Form, table: Table, what: str) -> Iterator[Writer]:
    """A file that is there only once it is complete; `-` is standard output. Raises Unwritable, ParquetMissing."""
    if output == "-":
        if form == "parquet":
            raise ToStandardOutput
        yield CsvWriter(sys.stdout, table)
        return
    path = Path(output)
    part = path.with_name(f".{path.name[:60]}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8-sig", newline="") if form == "csv" else part.open("wb") as file:
            writer: Writer = CsvWriter(file, table) if form == "csv" else ParquetWriter(file, table, what)  # type: ignore[arg-type]
            yield writer
            writer.close()
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise Unwritable(file=printable(path.name), reason=error.strerror or error) from error
    finally:
        part.unlink(missing_ok=True)


class CsvWriter:
    """Text that a spreadsheet would take for a formula gets an apostrophe before it. Yes is 1, no is 0."""

    def __init__(self, file: TextIO, table: Table) -> None:
        self._names = [column.name for column in table.columns]
        self._rows: Any = csv.writer(file)
        self._rows.writerow(self._names)

    def write(self, rows: Sequence[Row]) -> None:
        self._rows.writerows([_cell(row[name]) for name in self._names] for row in rows)

    def close(self) -> None:
        return


class ParquetWriter:
    """Zstandard, typed columns, the format and the table's name in the file's metadata."""

    def __init__(self, file: Any, table: Table, what: str) -> None:
        try:
            import pyarrow as pa
            import pyarrow.parquet as pq
        except ImportError as error:
            raise ParquetMissing from error
        types: dict[Kind, Any] = {
            "text": pa.string(), "integer": pa.int64(), "number": pa.float64(), "yes-no": pa.bool_(),
            "moment": pa.timestamp("ms", "UTC"),
        }  # fmt: skip
        self._table, self._arrow, self._waiting = table, pa, list[Row]()
        self._schema = pa.schema(
            [(column.name, types[column.kind]) for column in table.columns], {"format": FORMAT, "table": what}
        )
        self._file = pq.ParquetWriter(file, self._schema, compression="zstd")

    def write(self, rows: Sequence[Row]) -> None:
        self._waiting += rows
        if len(self._waiting) >= _GROUP_ROWS:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._file.close()

    def _flush(self) -> None:
        columns = {
            column.name: [_typed(row[column.name], column.kind) for row in self._waiting]
            for column in self._table.columns
        }
        if self._waiting:
            self._file.write_table(self._arrow.table(columns, schema=self._schema))
        self._waiting.clear()


def _cell(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else harmless(value)


def _typed(value: Any, kind: Kind) -> Any:
    if value is None:
        return None
    if kind == "moment":
        return datetime.fromisoformat(value)
    if kind == "yes-no":
        return bool(value)
    return float(value) if kind == "number" else value
