"""Rows of the tables -> Arrow tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa

from flows.tables import Row
from schemas import TABLES
from schemas.arrow import arrow_schema


def to_arrow(found: Mapping[str, list[Row]]) -> dict[str, pa.Table]:
    """Rows of any number of articles as one Arrow table per table of the dataset, typed even when empty."""
    return {name: _arrow(name, found.get(name, ())) for name in TABLES}


def _arrow(name: str, listed: Iterable[Row]) -> pa.Table:
    schema = arrow_schema(name)
    columns = [pa.array([row[field.name] for row in listed], field.type) for field in schema]
    return pa.Table.from_arrays(columns, schema=schema)
