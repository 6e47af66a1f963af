"""The tables of a release in; one self-contained DuckDB file out, the same bytes each time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb

from flows.release.tables import IS_CUT, public_schema
from flows.store.catalog import CATALOG, STORAGE
from flows.store.sql import join, parts_of, sql, text
from flows.store.workbench import MEMORY, TYPES
from schemas.comments import comments
from schemas.views import create_views

# FSST compression draws a random sample of the strings, so two files of the same rows would differ.
RANDOM_COMPRESSIONS: Final = "fsst,dict_fsst"
# DuckDB leaves gaps in its blocks as the memory happens to be: zeroed here, they differ no more. Memory that has held
# articles must not get into a file that is shared, so a process that never saw one writes it, on any platform.
ZEROED_MEMORY: Final = {"DUCKDB_JE_MALLOC_CONF": "zero:true"}
PROGRAM: Final = "import sys; from flows.release.database import write_here; write_here(sys.argv[1], sys.argv[2:])"


def write_database(folder: Path, tables: Sequence[str]) -> Path:
    """Write `newsevents.duckdb` from the Parquet files of a release folder, in a process of its own.

    Raises:
        OSError: the process failed.
    """
    environment = {**os.environ, **ZEROED_MEMORY, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", PROGRAM, str(folder), *tables]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    if done.returncode:
        raise OSError(
            f"{CATALOG} was not written: {(done.stderr.strip().splitlines() or ['the process was killed'])[-1]}"
        )
    return folder / CATALOG


def write_here(folder: str | Path, tables: Sequence[str]) -> None:
    """Write the file in this process: tables, views, comments."""
    path = Path(folder) / CATALOG
    with duckdb.connect(
        config={"python_enable_replacements": False, "threads": 1, "memory_limit": MEMORY}
    ) as connection:
        connection.execute(sql("SET disabled_compression_methods = {names}", names=text(RANDOM_COMPRESSIONS)))
        attach = "ATTACH {path} AS release (STORAGE_VERSION {storage})"
        connection.execute(sql(attach, path=text(path), storage=text(STORAGE)))
        connection.execute("USE release")
        for table in tables:
            _add_table(connection, Path(folder) / "data" / f"{table}.parquet", table)
        create_views(connection, public=True)
        comments(connection, public=True)
        description = text(IS_CUT.metadata[b"description"].decode())
        connection.execute(sql("COMMENT ON COLUMN quotes.is_cut IS {description}", description=description))
        connection.execute("USE memory")
        connection.execute("DETACH release")


def _add_table(connection: duckdb.DuckDBPyConnection, parquet: Path, table: str) -> None:
    required = {True: "", False: " NOT NULL"}
    fields = [
        sql("{name} {type}" + required[field.nullable], name=field.name, type=TYPES[field.type])
        for field in public_schema(table)
    ]
    connection.execute(sql("CREATE TABLE {table} ({fields})", table=table, fields=join(", ", fields)))
    connection.execute(sql("INSERT INTO {table} FROM {rows}", table=table, rows=parts_of([parquet])))
