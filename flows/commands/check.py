"""`newsevents check`: hold a dataset against everything that its schemas promise."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter

from flows import check as engine
from flows.commands.console import put, put_json, put_table, working
from flows.commands.options import DATASET, AsJson, Dataset, FailedError

app = App(name="check", help_epilogue="Example: newsevents check --dataset data/dataset")


@app.default
def check(
    *,
    dataset: Dataset = DATASET,
    snapshot: Annotated[int | None, Parameter(help="Number of an earlier snapshot.")] = None,
    as_json: AsJson = False,
) -> None:
    """Validate a dataset: schemas, keys between tables, spans against texts, the books."""
    with working(f"Checking {dataset} …"):
        checked = engine.check(dataset, number=snapshot)
    if as_json:
        put_json(checked)
    elif checked.findings:
        columns = ["check", "table", "count", "what is wrong", "for example"]
        put_table(columns, [(f.check, f.table, f.count, f.message, ", ".join(f.examples)) for f in checked.findings])
    else:
        checks, rows = sum(checked.checks.values()), sum(checked.rows.values())
        put(f"Snapshot {checked.snapshot} of {dataset} is sound: {checks:,} checks, {rows:,} rows.")
    if checked.findings:
        raise FailedError(f"snapshot {checked.snapshot} of {dataset} breaks {len(checked.findings)} promises")
