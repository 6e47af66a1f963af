"""DuckDB as the engine of a commit or a check: views over part files, memory bounded, sorted rows streamed to parts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from flows.store.parts import Part, row_group, sort_order, write_sorted
from flows.store.sql import SQL, join, parts_of, sql
from schemas import columns

MEMORY: Final = "1GB"
THREADS: Final = min(4, os.cpu_count() or 1)  # more of them would need more memory than MEMORY

TYPES: Final[dict[pa.DataType, SQL]] = {
    pa.string(): SQL("VARCHAR"),
    pa.list_(pa.string()): SQL("VARCHAR[]"),
    pa.int32(): SQL("INTEGER"),
    pa.int64(): SQL("BIGINT"),
    pa.float64(): SQL("DOUBLE"),
    pa.date32(): SQL("DATE"),
    pa.timestamp("us"): SQL("TIMESTAMP"),
    pa.bool_(): SQL("BOOLEAN"),
}


@contextmanager
def workbench(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in memory that spills into `folder` when a sort or a join does not fit."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "threads": THREADS,
        "temp_directory": str(folder / "spill"),
        "python_enable_replacements": False,
    }
    with duckdb.connect(config=settings) as connection:
        yield connection


def add_view(connection: duckdb.DuckDBPyConnection, schema: str, table: str, query: SQL) -> None:
    """Make or replace the view `schema.table`."""
    connection.execute(sql("CREATE SCHEMA IF NOT EXISTS {schema}", schema=schema))
    connection.execute(sql("CREATE OR REPLACE VIEW {schema}.{table} AS {q}", schema=schema, table=table, q=query))


def rows_of(table: str, paths: Iterable[Path]) -> SQL:
    """A query for a table's rows in part files; typed and without rows where there is no file."""
    found = columns(table)
    if files := list(paths):
        return sql("SELECT {names} FROM {parts}", names=[column.name for column in found], parts=parts_of(files))
    empty = join(", ", (sql("NULL::{type} AS {name}", type=TYPES[column.type], name=column.name) for column in found))
    return sql("SELECT {empty} WHERE false", empty=empty)


def ordered(table: str, query: SQL) -> SQL:
    """The rows of a query with the table's columns, in its total order."""
    names = [column.name for column in columns(table)]
    terms = join(", ", (sql("{column} ASC NULLS LAST", column=column) for column in sort_order(table)))
    return sql("SELECT {names} FROM ({query}) ORDER BY {terms}", names=names, query=query, terms=terms)


def write_query(connection: duckdb.DuckDBPyConnection, folder: Path, table: str, query: SQL) -> Part:
    """Write the rows of a query as a part in the table's total order, a row group in memory at a time."""
    return write_sorted(folder, table, connection.sql(ordered(table, query)).to_arrow_reader(row_group(table)))


def count(connection: duckdb.DuckDBPyConnection, query: SQL) -> int:
    """The number of rows that a query gives."""
    # fetchall, since a result that is not read to its end keeps the connection busy
    [(found,)] = connection.execute(sql("SELECT count(*) FROM ({query})", query=query)).fetchall()
    return int(found)
