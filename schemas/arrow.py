"""The Arrow schema of a table: types, and the descriptions as metadata that Parquet keeps."""

from functools import cache

import pyarrow as pa

from schemas.base import Table
from schemas.tables import columns, model


@cache
def arrow_schema(table: str | type[Table]) -> pa.Schema:
    """The Arrow schema of a table, with the description of the table and of each column as metadata."""
    fields = [
        pa.field(column.name, column.type, column.nullable, {"description": column.description})
        for column in columns(table)
    ]
    return pa.schema(fields, {"description": (model(table).__doc__ or "").strip()})
