"""`newsevents query`: SQL on a dataset, read-only; without SQL the tables, views and macros."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Final, Literal

from cyclopts import App, Parameter

from flows import query as engine
from flows.commands.console import hear_interrupts, put_json, put_table, say
from flows.commands.options import DATASET, MAY_BE_DASH, AsJson, Dataset, UsageError
from flows.formats import WRITERS, write_parquet

Format = Literal["table", "json", "csv", "parquet"]

EXAMPLE: Final = 'Example: newsevents query "SELECT text FROM quotes LIMIT 5" --format csv'


app = App(name="query", help_epilogue=EXAMPLE)


@app.default
def query(
    sql: Annotated[
        str | None, MAY_BE_DASH, Parameter(help="One statement, or - to read it from standard input.")
    ] = None,
    /,
    *,
    dataset: Dataset = DATASET,
    form: Annotated[Format, Parameter(name=["--format", "-f"], help="How to print the rows.")] = "table",
    output: Annotated[Path | None, Parameter(name=["--output", "-o"], help="File to write; Parquet needs one.")] = None,
    snapshot: Annotated[int | None, Parameter(help="Number of an earlier snapshot.")] = None,
    seconds: Annotated[float | None, Parameter(help="Stop a query that takes longer.")] = None,
    as_json: AsJson = False,
) -> None:
    """Run SQL on the dataset in DuckDB, read-only; without SQL, list tables, views and macros."""
    chosen: Format = "json" if as_json else form
    if chosen == "parquet" and output is None:
        raise UsageError("Parquet is no text to print: add --output rows.parquet")
    hear_interrupts()
    if sql == "-":
        sql = sys.stdin.read()
    with engine.connect(dataset, number=snapshot, seconds=seconds) as connection:
        if sql is None:
            _list(engine.listing(connection), as_json=chosen == "json")
        else:
            _write(engine.run(connection, sql), chosen, output)


def _list(entries: list[engine.Entry], *, as_json: bool) -> None:
    if as_json:
        put_json(entries)
    else:
        put_table(["name", "kind", "rows", "what it holds"], [(e.name, e.kind, e.rows, e.comment) for e in entries])


def _write(result: engine.Result, form: Format, output: Path | None) -> None:
    if output is None:
        WRITERS[form](result, sys.stdout)
        return
    if form == "parquet":
        say(f"{write_parquet(result, output):,} rows in {output}")
        return
    with output.open("w", encoding="utf-8", newline="") as file:
        WRITERS[form](result, file)
    say(f"written: {output}")
