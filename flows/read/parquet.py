"""A Parquet file -> one document for each row, a few rows in memory at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from flows.model import Reject
from flows.read import jsonl
from flows.read.candidate import Candidate
from flows.read.fields import check_columns
from flows.read.limits import LIMITS, Limits
from flows.read.rejects import Piece, UnreadableError, to_reject
from flows.read.seekable import seekable

if TYPE_CHECKING:
    from flows.read.inputs import InputFile

FORMAT: Final = "parquet"
MAGIC: Final = b"PAR1"
ROWS: Final = 16  # at once: a dictionary can make each of them as long as its longest value
BINARY: Final = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary)


def read(chunks: Iterable[bytes], file: InputFile, limits: Limits = LIMITS) -> Iterator[Candidate | Reject]:
    """One candidate for each row, whose place is its number; a row group that is damaged is a reject."""
    with seekable(iter(chunks), file, limits) as stream:
        try:
            table = pq.ParquetFile(stream)
        except (pa.ArrowException, OSError) as error:
            raise UnreadableError("bad_archive", f"the Parquet file is damaged or cut off ({_line(error)})") from None
        check_columns(table.schema_arrow.names, file.fields)
        first = 0
        for number in range(table.num_row_groups):
            size = table.metadata.row_group(number).num_rows
            try:
                _check(table.metadata.row_group(number), limits)
                for row, data in enumerate(_rows(table, number), first):
                    yield jsonl.candidate(
                        _piece(data, row, limits), file.uri, FORMAT, fields=file.fields, limits=limits
                    )
            except (pa.ArrowException, OSError, UnreadableError) as error:
                told = f"rows {first:,} to {first + size - 1:,} cannot be read ({_line(error)}); the others were"
                code = error.reason_code if isinstance(error, UnreadableError) else "bad_archive"
                yield to_reject(UnreadableError(code, told), Piece(b"", first), file.uri)
            first += size


def _check(group: Any, limits: Limits) -> None:
    """Refuse columns that unpack to what no archive of articles does."""
    for number in range(group.num_columns):
        column = group.column(number)
        packed, unpacked = column.total_compressed_size, column.total_uncompressed_size
        if unpacked > limits.document_bytes and unpacked > limits.archive_ratio * packed:
            raise UnreadableError("too_large", f"{packed:,} packed bytes give {unpacked:,}")


def _rows(table: pq.ParquetFile, group: int) -> Iterator[bytes]:
    """Each row of a group as JSON, as it would stand in a file of JSON lines."""
    for batch in table.iter_batches(ROWS, row_groups=[group], use_threads=False):
        columns = [_plain(column) for column in batch.columns]
        names = batch.schema.names
        for values in zip(*columns, strict=True):
            yield msgspec.json.encode(dict(zip(names, values, strict=True)), enc_hook=str)


def _plain(column: pa.Array) -> list[Any]:
    """The values of a column: times to the microsecond, bytes as the text that they are."""
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        column = column.cast(pa.timestamp("us", kind.tz), safe=False)
    values: list[Any] = column.to_pylist()
    if any(is_kind(kind) for is_kind in BINARY):
        return [None if value is None else value.decode("utf-8", "replace") for value in values]
    return values


def _piece(data: bytes, row: int, limits: Limits) -> Piece:
    if len(data) <= limits.document_bytes:
        return Piece(data, row)
    told = f"longer than {limits.document_bytes:,} bytes ({len(data):,}): split it, or raise the limit"
    return Piece(data, row, error=UnreadableError("too_long", told))


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
