"""The rows of a query in; a table for people, JSON, CSV or a Parquet file out, a batch in memory at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final, TextIO

import msgspec
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.query import Result
from flows.store.files import replace_file
from flows.terminal import cell

SHOWN_ROWS: Final = 1_000
# What spreadsheets take for a formula, with the full-width forms that some of them fold to these.
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def write_table(result: Result, out: TextIO, *, rows: int = SHOWN_ROWS) -> None:
    """A table of at most `rows` rows: framed on a terminal, plain aligned columns elsewhere; it says if more follow."""
    shown = list(islice(_rows(result), rows + 1))
    cells = [[cell(value) for value in row] for row in shown[:rows]]
    names = [cell(name) for name in result.schema.names]
    if out.isatty():
        table = Table(show_edge=False)
        for name in names:
            table.add_column(Text(name))
        for row in cells:
            table.add_row(*map(Text, row))
        Console(file=out).print(table)
    else:
        widths = [max(map(len, column)) for column in zip(names, *cells, strict=True)]
        for row in (names, *cells):
            line = "  ".join(value.ljust(width) for value, width in zip(row, widths, strict=True))
            out.write(line.rstrip() + "\n")
    if len(shown) > rows:
        out.write(f"... only the first {rows} rows; --format csv, json or parquet gives all\n")


def write_json(result: Result, out: TextIO) -> None:
    """A JSON array with one object per line."""
    encode = msgspec.json.Encoder(decimal_format="number").encode
    names = result.schema.names
    start = "[\n"
    for row in _rows(result):
        out.write(start + encode(dict(zip(names, row, strict=True))).decode())
        start = ",\n"
    out.write("\n]\n" if start != "[\n" else "[]\n")


def write_csv(result: Result, out: TextIO) -> None:
    """CSV with a header; a text that a spreadsheet would run as a formula gets a ' in front, a number never."""
    # The csv module quotes a lone CR only if its own line ends have one, so lines are made with CRLF and end in LF.
    line = io.StringIO(newline="")
    writer = csv.writer(line, lineterminator="\r\n")
    for row in chain([result.schema.names], _rows(result)):
        writer.writerow([_csv_value(value) for value in row])
        out.write(line.getvalue().removesuffix("\r\n") + "\n")
        line.seek(0)
        line.truncate()


def write_parquet(result: Result, path: Path) -> int:
    """A Parquet file, replaced in one step; the number of its rows."""
    rows = 0

    def write(unfinished: Path) -> None:
        nonlocal rows
        with pq.ParquetWriter(unfinished, result.schema, compression="zstd") as writer:
            for batch in result.batches:
                writer.write_batch(batch)
                rows += batch.num_rows

    replace_file(path, write)
    return rows


def neutral(value: str) -> str:
    """A text that no spreadsheet takes for a formula; taking the leading ' away gives it back."""
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value


WRITERS: Final[dict[str, Callable[[Result, TextIO], None]]] = {
    "table": write_table,
    "json": write_json,
    "csv": write_csv,
}


def _rows(result: Result) -> Iterator[tuple[Any, ...]]:
    for batch in result.batches:
        columns = [column.to_pylist() for column in batch.columns]
        yield from zip(*columns, strict=True)


def _csv_value(value: Any) -> Any:
    match value:
        case str():
            return neutral(value)
        case bool():
            return "true" if value else "false"
        case list() | dict():
            return neutral(msgspec.json.encode(value).decode())
        case _:
            return value
