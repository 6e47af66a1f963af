"""The files of a release -> datapackage.json (Data Package v2): types, keys, sizes and checksums for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from flows.release.tables import IS_CUT, public_columns
from flows.store.catalog import CATALOG
from flows.store.parts import file_sha256
from schemas import Column, model
from schemas.vocab import codes

NAME: Final = "newsevents"
PROFILE: Final = "https://datapackage.org/profiles/2.0/datapackage.json"
# Frictionless reads Parquet lists only as `any`.
TYPES: Final[dict[pa.DataType, str]] = {
    pa.string(): "string",
    pa.list_(pa.string()): "any",
    pa.int32(): "integer",
    pa.int64(): "integer",
    pa.float64(): "number",
    pa.date32(): "date",
    pa.timestamp("us"): "datetime",
    pa.bool_(): "boolean",
}
LONG_LIST: Final = 100  # codes: a longer closed list stays in the dictionary


def datapackage(folder: Path, tables: Sequence[str], *, version: str, licence: str, rows: Mapping[str, int]) -> str:
    """The text of datapackage.json for the files of a release folder."""
    resources = [_table(folder, table, tables, rows[table]) for table in tables]
    database = {"name": "duckdb", "path": CATALOG, "title": "All tables, with views and comments", "format": "duckdb"}
    content = {
        "$schema": PROFILE,
        "name": NAME,
        "title": "News events",
        "description": "What happened, who was involved, who said what, and who published it.",
        "version": version,
        "licenses": [{"name": licence, "path": "LICENSE"}],
        "resources": [*resources, database | _file(folder / CATALOG)],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _table(folder: Path, table: str, tables: Sequence[str], rows: int) -> dict[str, Any]:
    path = f"data/{table}.parquet"
    found = public_columns(table)
    fields = [_field(column) for column in found]
    if table == "quotes":
        fields.append({"name": IS_CUT.name, "type": "boolean", "description": IS_CUT.metadata[b"description"].decode()})
    parents = [(column.name, *column.references.split(".")) for column in found if column.references]
    keys = [
        {"fields": [name], "reference": {"resource": "" if parent == table else parent, "fields": [key]}}
        for name, parent, key in parents
        if parent in tables
    ]
    schema: dict[str, Any] = {"fields": fields, "foreignKeys": keys}
    if all(not column.nullable for column in found if column.key):
        schema["primaryKey"] = list(model(table).key())
    return {
        "name": table,
        "path": path,
        "description": (model(table).__doc__ or "").strip().splitlines()[0],
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        **_file(folder / path),
        "rows": rows,
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    if column.codes and pa.types.is_string(column.type) and len(listed := list(codes(column.codes))) <= LONG_LIST:
        constraints["enum"] = listed
    field = {"name": column.name, "type": TYPES[column.type], "description": column.description}
    return field | ({"constraints": constraints} if constraints else {})


def _file(path: Path) -> dict[str, Any]:
    return {"bytes": path.stat().st_size, "hash": f"sha256:{file_sha256(path)}"}
