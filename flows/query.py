"""SQL on the latest snapshot of a dataset, in a sandbox: it reads the dataset, nothing else, and writes nothing."""

from __future__ import annotations

import difflib
import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from flows.store import snapshots
from flows.store.sql import sql, text
from flows.store.workbench import count, rows_of
from schemas import TABLES
from schemas.comments import comments
from schemas.views import create_views

MEMORY: Final = "2GB"
BATCH_ROWS: Final = 10_000
EXPLAIN: Final = re.compile(r"\s*explain\s+(analyze\s+)?(\([^)]*\)\s*)?", re.IGNORECASE)
MACROS: Final = """SELECT DISTINCT function_name, parameters, comment FROM duckdb_functions()
    WHERE function_type = 'table_macro' AND NOT internal ORDER BY ALL"""
HINT: Final = "run `newsevents query` without SQL to list tables, views and macros"


class QueryError(Exception):
    """A query or a dataset that cannot be used; the message is one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A table, view or macro that a query can use; a macro has no rows until it is called."""

    name: str
    kind: str
    rows: int | None
    comment: str


@dataclass(frozen=True, slots=True)
class Result:
    """The rows of a query as they come; iterating raises QueryError where the query fails on its way."""

    schema: pa.Schema
    batches: Iterator[pa.RecordBatch]


def connect(
    dataset: Path, *, number: int | None = None, memory: str = MEMORY, seconds: float | None = None
) -> duckdb.DuckDBPyConnection:
    """A connection in memory with a view per table of a snapshot (the latest, or `number`), closed to all else.

    Args:
        dataset: the dataset's folder.
        number: of the snapshot; None for the latest.
        memory: the most memory that queries may take; larger sorts and joins use temporary files.
        seconds: the longest that a query may run; None for no limit.

    Raises:
        QueryError: there is no dataset, or no such snapshot.
    """
    dataset = dataset.resolve()
    try:
        snapshot = snapshots.latest(dataset) if number is None else snapshots.read(dataset, number)
    except snapshots.SnapshotError as error:
        raise QueryError(str(error)) from None
    if snapshot is None:
        raise QueryError(f"no dataset at {dataset}: make one with `newsevents build --dataset {dataset}`")
    # DuckDB makes this folder only if it needs it and removes it again; nobody can have put one there before.
    spill = Path(tempfile.gettempdir()) / f"newsevents-{secrets.token_hex(8)}"
    settings: dict[str, str | bool] = {"python_enable_replacements": False, "memory_limit": memory}
    connection = duckdb.connect(config={**settings, "temp_directory": str(spill)})
    for table in TABLES:
        view = "CREATE VIEW {table} AS {rows}"
        connection.execute(sql(view, table=table, rows=rows_of(table, snapshot.paths(table))))
    create_views(connection)
    comments(connection)
    _close_sandbox(connection, dataset, seconds)
    return connection


def run(connection: duckdb.DuckDBPyConnection, statement: str) -> Result:
    """Run one statement that reads.

    Raises:
        QueryError: it does not parse, would write or change settings, names what is not there, or fails.
    """
    with _one_line(connection):
        _refuse_writing(connection, statement)
        reader = connection.sql(statement).to_arrow_reader(BATCH_ROWS)
    return Result(reader.schema, _checked(connection, reader))


def listing(connection: duckdb.DuckDBPyConnection) -> list[Entry]:
    """The tables in writing order, then the views by name, with their rows and comments, then the macros."""
    found = connection.execute("SELECT view_name, comment FROM duckdb_views() WHERE NOT internal").fetchall()
    order = {table: place for place, table in enumerate(TABLES)}
    names = sorted(found, key=lambda row: (order.get(row[0], len(order)), row[0]))
    macros = connection.execute(MACROS).fetchall()
    tables = [
        Entry(
            name, "table" if name in TABLES else "view", count(connection, sql("FROM {name}", name=name)), comment or ""
        )
        for name, comment in names
    ]
    return tables + [
        Entry(f"{name}({', '.join(parameters)})", "macro", None, comment or "") for name, parameters, comment in macros
    ]


def _close_sandbox(connection: duckdb.DuckDBPyConnection, dataset: Path, seconds: float | None) -> None:
    """Shut everything but the dataset's folder; the order matters, for the last setting locks all of them."""
    if seconds is not None:
        connection.execute(sql("SET max_execution_time = {ms}", ms=max(1, int(seconds * 1000))))
    connection.execute(sql("SET allowed_directories = [{dataset}]", dataset=text(dataset)))
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET autoload_known_extensions = false")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _refuse_writing(connection: duckdb.DuckDBPyConnection, statement: str) -> None:
    """Let only reading through: DuckDB itself would allow COPY TO and ATTACH inside the allowed folder."""
    statements = connection.extract_statements(statement)
    if len(statements) != 1:
        raise QueryError(f"give one SQL statement, not {len(statements)}")
    kind = statements[0].type
    if kind == duckdb.StatementType.EXPLAIN and (prefix := EXPLAIN.match(statement)):
        return _refuse_writing(connection, statement[prefix.end() :])
    if kind != duckdb.StatementType.SELECT:
        raise QueryError(f"only queries that read are run (SELECT, FROM, DESCRIBE, SUMMARIZE), not {kind.name}")
    return None


@contextmanager
def _one_line(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Turn DuckDB's errors into one line that says what to do."""
    try:
        yield
    except duckdb.Error as error:
        raise QueryError(_friendly(connection, str(error))) from None


def _checked(connection: duckdb.DuckDBPyConnection, reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """The batches, with errors that come up only while they are made."""
    while True:
        try:
            batch = reader.read_next_batch()
        except StopIteration:
            return
        except (OSError, pa.ArrowException, duckdb.Error) as error:
            raise QueryError(_friendly(connection, str(error))) from None
        yield batch


def _friendly(connection: duckdb.DuckDBPyConnection, message: str) -> str:
    """DuckDB's message in one line, with the nearest name that the dataset has."""
    first, *more = [line.strip() for line in message.splitlines() if line.strip()]
    first = re.sub(r"^(\w+ )+Error: ", "", first)
    if missing := re.search(r"Table with name (\S+) does not exist", first):
        near = difflib.get_close_matches(missing[1], _names(connection), n=3, cutoff=0.5)
        guess = f", did you mean {' or '.join(near)}?" if near else ""
        return f"there is no table or view {missing[1]}{guess} ({HINT})"
    if "file system operations are disabled" in first or "disabled through configuration" in first:
        return f"{first.split(' - ')[0]}: queries read the dataset's own files only"
    hints = [line for line in more if line.startswith(("Did you mean", "Candidate bindings"))]
    return " ".join([first, *hints])


def _names(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [
        name for (name,) in connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
    ]
