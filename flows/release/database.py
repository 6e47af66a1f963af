"""The tables of a release in; one self-contained DuckDB file out, the same bytes each time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb

from flows.release.tables import IS_CUT, public_schema
from flows.store.catalog import CATALOG, STORAGE
from flows.store.sql import join, parts_of, sql, text
from flows.store.workbench import MEMORY, TYPES
from schemas.views import comments, create_views

# FSST compression draws a random sample of the strings, so two files of the same rows would differ.
RANDOM_COMPRESSIONS: Final = "fsst,dict_fsst"


def write_database(folder: Path, tables: Sequence[str]) -> Path:
    """Write `newsevents.duckdb` from the Parquet files of a release folder: tables, views, comments."""
    path = folder / CATALOG
    with duckdb.connect(
        config={"python_enable_replacements": False, "threads": 1, "memory_limit": MEMORY}
    ) as connection:
        connection.execute(sql("SET disabled_compression_methods = {names}", names=text(RANDOM_COMPRESSIONS)))
        connection.execute(
            sql("ATTACH {path} AS release (STORAGE_VERSION {storage})", path=text(path), storage=text(STORAGE))
        )
        connection.execute("USE release")
        for table in tables:
            schema = public_schema(table)
            not_null = {True: "", False: " NOT NULL"}
            fields = [sql("{name} {type}" + not_null[f.nullable], name=f.name, type=TYPES[f.type]) for f in schema]
            connection.execute(sql("CREATE TABLE {table} ({fields})", table=table, fields=join(", ", fields)))
            rows = parts_of([folder / "data" / f"{table}.parquet"])
            connection.execute(sql("INSERT INTO {table} FROM {rows}", table=table, rows=rows))
        create_views(connection, public=True)
        comments(connection, public=True)
        description = text(IS_CUT.metadata[b"description"].decode())
        connection.execute(sql("COMMENT ON COLUMN quotes.is_cut IS {description}", description=description))
        connection.execute("USE memory")
        connection.execute("DETACH release")
    return path
