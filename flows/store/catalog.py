"""A snapshot in; `newsevents.duckdb` out: commented views over its part files, for any DuckDB client."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb

from flows.store.files import replace_file
from flows.store.snapshots import Snapshot
from flows.store.sql import sql, text
from flows.store.workbench import rows_of
from schemas import TABLES
from schemas.comments import comments
from schemas.views import create_views

CATALOG: Final = "newsevents.duckdb"
STORAGE: Final = "v1.0.0"  # the newest format that DuckDB 1.x and DuckDB-Wasm read too
ABOUT: Final = (
    "Which snapshot this file shows. Its views read the part files under the absolute path below, so it works from any "
    "folder but not once the dataset has moved: then run `newsevents build` again, or use `newsevents query`."
)


def build_catalog(dataset: Path, snapshot: Snapshot) -> Path:
    """Write the catalog of a snapshot beside the old one and put it in its place in one step.

    Returns:
        Its path.
    """
    path = dataset / CATALOG
    replace_file(path, lambda unfinished: _write(unfinished, dataset.resolve(), snapshot))
    return path


def _write(path: Path, dataset: Path, snapshot: Snapshot) -> None:
    with duckdb.connect(config={"python_enable_replacements": False}) as connection:
        attach = sql("ATTACH {path} AS catalog (STORAGE_VERSION {storage})", path=text(path), storage=text(STORAGE))
        connection.execute(attach)
        connection.execute("USE catalog")
        for table in TABLES:
            rows = rows_of(table, [part.path.resolve() for part in snapshot.parts(table)])
            connection.execute(sql("CREATE VIEW {table} AS {rows}", table=table, rows=rows))
        create_views(connection)
        comments(connection)
        about = "CREATE TABLE about AS SELECT {number} AS snapshot, {run_id} AS run_id, {dataset} AS dataset"
        connection.execute(sql(about, number=snapshot.number, run_id=text(snapshot.run_id), dataset=text(dataset)))
        connection.execute(sql("COMMENT ON TABLE about IS {about}", about=text(ABOUT)))
        connection.execute("USE memory")
        connection.execute("DETACH catalog")
