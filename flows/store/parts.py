"""Rows of one table in, one immutable Parquet file out, named by its content: same rows, same bytes, same name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from flows.store.files import sync_file, sync_folder, temporary
from schemas import columns, model
from schemas.arrow import arrow_schema

ROW_GROUP: Final = 122_880  # DuckDB's own vector-friendly size: an id lookup reads one group, not the file
TEXT_ROW_GROUP: Final = 2_048  # whole articles: `show` reads one group to find one text
COMPRESSION_LEVEL: Final = 3


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """One Parquet file of a table: immutable, named by its content."""

    table: str
    path: Path
    rows: int
    bytes: int
    sha256: str


def sort_order(table_name: str) -> list[str]:
    """The columns that sort a table totally: its declared order, then every other scalar column as a tie-break."""
    rest = [column.name for column in columns(table_name) if not pa.types.is_nested(column.type)]
    return list(dict.fromkeys([*model(table_name).order(), *rest]))


def conform(table_name: str, rows: pa.Table) -> pa.Table:
    """The same rows with exactly the table's columns, order and types.

    Raises:
        ValueError: a column is missing or unknown, or a value does not fit its type.
    """
    schema = arrow_schema(table_name)
    if missing := [name for name in schema.names if name not in rows.column_names]:
        raise ValueError(f"table {table_name}: column {', '.join(missing)} is missing")
    if unknown := [name for name in rows.column_names if name not in schema.names]:
        raise ValueError(f"table {table_name}: column {', '.join(unknown)} is not in its schema")
    try:
        return rows.select(schema.names).cast(schema)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError) as error:
        raise ValueError(f"table {table_name}: {' '.join(str(error).split())}") from None


def write_part(folder: Path, table_name: str, rows: pa.Table) -> Part:
    """Sort the rows totally and write them as `folder/<table>/<hash>.parquet`; an empty table is a typed file.

    Raises:
        ValueError: the rows do not have the table's columns.
    """
    table = conform(table_name, rows)
    if table.num_rows > 1:
        order = pc.sort_indices(table, [(name, "ascending") for name in sort_order(table_name)])
        table = table.take(order)
    return write_sorted(folder, table_name, table.to_reader())


def write_sorted(folder: Path, table_name: str, batches: pa.RecordBatchReader) -> Part:
    """Write rows that come in their total order already, one row group in memory at a time."""
    home = folder / table_name
    with temporary(home, ".parquet") as unfinished:
        rows = write_parquet(unfinished, arrow_schema(table_name), batches, row_group(table_name))
        sync_file(unfinished)
        digest = file_sha256(unfinished)
        part = Part(table_name, home / f"{digest[:32]}.parquet", rows, unfinished.stat().st_size, digest)
        unfinished.replace(part.path)
    sync_folder(home)
    return part


def write_parquet(path: Path, schema: pa.Schema, batches: pa.RecordBatchReader, size: int) -> int:
    """Write batches as Parquet with row groups of `size`; the bytes depend on the rows, not on the batches.

    Returns:
        The number of rows.
    """
    rows = 0
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=COMPRESSION_LEVEL) as writer:
        for group in _groups(batches, size):
            # One chunk per group: page boundaries must not depend on how the rows arrived.
            writer.write_table(group.cast(schema).combine_chunks(), row_group_size=size)
            rows += group.num_rows
    return rows


def row_group(table_name: str) -> int:
    """The rows of a row group of a table."""
    return TEXT_ROW_GROUP if table_name == "texts" else ROW_GROUP


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _groups(batches: pa.RecordBatchReader, size: int) -> Iterator[pa.Table]:
    """The rows in tables of exactly `size` rows, the last one shorter."""
    held: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        held.append(batch)
        count += batch.num_rows
        while count >= size:
            table = pa.Table.from_batches(held)
            yield table.slice(0, size)
            held = table.slice(size).to_batches()
            count -= size
    if count:
        yield pa.Table.from_batches(held)
